#include "vector_kernels.h"

#include <string.h>

enum { DIGIT_BITS = 11, DIGITS = 3, BUCKETS = 1 << DIGIT_BITS };

// Integers in the order of the floats they encode: flip all bits of negatives, the top bit of the
// others.
static inline uint32_t encoded(uint32_t bits) {
  return bits ^ ((uint32_t)((int32_t)bits >> 31) | 0x80000000u);
}

static inline uint32_t decoded(uint32_t key) {
  return key & 0x80000000u ? key ^ 0x80000000u : ~key;
}

static inline uint32_t load(const float *values, size_t i) {
  uint32_t bits;
  memcpy(&bits, values + i, sizeof bits);
  return bits;
}

static inline void store(float *values, size_t i, uint32_t bits) {
  memcpy(values + i, &bits, sizeof bits);
}

void vk_sort_floats(float *values, float *scratch, size_t count) {
  uint32_t starts[DIGITS][BUCKETS] = {{0}};
  for (size_t i = 0; i < count; i++) {
    uint32_t key = encoded(load(values, i));
    store(values, i, key);
    for (int d = 0; d < DIGITS; d++) starts[d][(key >> d * DIGIT_BITS) & (BUCKETS - 1)]++;
  }
  for (int d = 0; d < DIGITS; d++) {
    uint32_t total = 0;
    for (int b = 0; b < BUCKETS; b++) {
      uint32_t size = starts[d][b];
      starts[d][b] = total;
      total += size;
    }
  }
  float *from = values, *to = scratch;
  for (int d = 0; d < DIGITS; d++) {
    for (size_t i = 0; i < count; i++) {
      uint32_t key = load(from, i);
      uint32_t position = starts[d][(key >> d * DIGIT_BITS) & (BUCKETS - 1)]++;
      store(to, position, d == DIGITS - 1 ? decoded(key) : key);
    }
    float *swap = from;
    from = to;
    to = swap;
  }
  // Three passes end in the scratch.
  memcpy(values, scratch, count * sizeof *values);
}
