#include "multiversion.h"
#include "vector_kernels.h"

#include <math.h>
#include <string.h>

enum { LANES = 16 };
typedef uint32_t lanes __attribute__((vector_size(64), aligned(4)));

// Each lane is a chain of multiplications of its own; one chain for the row would wait for every
// single product.
MULTIVERSIONED
uint64_t vk_digest(const float *values, size_t count) {
  lanes chains = {0};
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    chains = (chains ^ *(const lanes *)(values + i)) * 0x9E3779B1u;
    chains ^= chains >> 15;
  }
  uint64_t digest = 0xCBF29CE484222325u;
  for (int l = 0; l < LANES; l++) {
    uint32_t rest = 0;
    if (i + (size_t)l < count) memcpy(&rest, values + i + l, sizeof rest);
    digest = (digest ^ chains[l] ^ (uint64_t)rest << 32) * 0x9E3779B97F4A7C15u;
    digest ^= digest >> 32;
  }
  return digest;
}

MULTIVERSIONED
float vk_least_magnitude(const float *values, size_t count, bool *has_negative) {
  // As unsigned integers, magnitudes are in the order of the floats; one less puts zero last.
  uint32_t least = UINT32_MAX, signs = 0;
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, values + i, sizeof bits);
    const uint32_t before = (bits & 0x7FFFFFFFu) - 1;
    least = before < least ? before : least;
    // The sign of a zero counts for nothing.
    signs |= bits & ~before;
  }
  *has_negative = signs >> 31;
  if (least == UINT32_MAX) return INFINITY;
  least++;
  float magnitude;
  memcpy(&magnitude, &least, sizeof magnitude);
  return magnitude;
}
