#include "multiversion.h"
#include "vector_kernels.h"

#include <stdbool.h>

enum { WIDTH = 16 };
typedef float scores_t __attribute__((ext_vector_type(WIDTH), aligned(4)));
typedef bool flags_t __attribute__((ext_vector_type(WIDTH)));

// One bit per lane of a comparison. A macro, because a function would pass vectors wider than the
// registers of the default instruction set.
#define LANE_BITS(comparison) \
  __builtin_bit_cast(uint16_t, __builtin_convertvector(comparison, flags_t))

MULTIVERSIONED
size_t vk_count_above(
    const float *scores, size_t count, float low, float high, uint32_t *between,
    size_t *between_count) {
  size_t above = 0, found = 0, i = 0;
  for (; i + WIDTH <= count; i += WIDTH) {
    const scores_t lane = *(const scores_t *)(scores + i);
    const uint32_t over = LANE_BITS(lane > (scores_t)high);
    uint32_t near = LANE_BITS(lane >= (scores_t)low) & ~over;
    above += (size_t)__builtin_popcount(over);
    for (; near; near &= near - 1) between[found++] = (uint32_t)(i + __builtin_ctz(near));
  }
  for (; i < count; i++) {
    if (scores[i] > high) above++;
    else if (scores[i] >= low) between[found++] = (uint32_t)i;
  }
  *between_count = found;
  return above;
}
