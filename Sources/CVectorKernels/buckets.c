#include "multiversion.h"
#include "vector_kernels.h"

#include <string.h>

typedef float run __attribute__((ext_vector_type(16), aligned(4)));
typedef uint16_t places __attribute__((ext_vector_type(32), aligned(2)));
typedef _Bool marks __attribute__((ext_vector_type(32)));

MULTIVERSIONED
void vk_range(const float *values, size_t count, float *least, float *greatest) {
  float low = values[0], high = values[0];
  size_t i = 0;
  if (count >= 16) {
    run lows = *(const run *)values, highs = lows;
    for (; i + 16 <= count; i += 16) {
      const run next = *(const run *)(values + i);
      lows = __builtin_elementwise_min(lows, next);
      highs = __builtin_elementwise_max(highs, next);
    }
    low = __builtin_reduce_min(lows);
    high = __builtin_reduce_max(highs);
  }
  for (; i < count; i++) {
    if (values[i] < low) low = values[i];
    if (values[i] > high) high = values[i];
  }
  *least = low;
  *greatest = high;
}

// Adding 2^52 leaves a double's integer part in its low bits, rounded; every processor does that
// with all its lanes.
MULTIVERSIONED
void vk_fill_buckets(
    const float *values, size_t count, double factor, double least, double scale, unsigned bits,
    uint16_t *buckets, uint32_t *counts, uint64_t *offsets) {
#pragma clang fp contract(off)
  enum { CHUNK = 128 };
  uint64_t positions[CHUNK];
  for (size_t start = 0; start < count; start += CHUNK) {
    const size_t here = count - start < CHUNK ? count - start : CHUNK;
    for (size_t i = 0; i < here; i++) {
      const double position = ((double)values[start + i] * factor - least) * scale + 0x1p52;
      uint64_t bits;
      memcpy(&bits, &position, sizeof bits);
      positions[i] = bits & 0xFFFFFFFFFFFFF;
    }
    for (size_t i = 0; i < here; i++) buckets[start + i] = (uint16_t)(positions[i] >> bits);
    for (size_t i = 0; i < here; i++) {
      const uint64_t bucket = positions[i] >> bits;
      counts[bucket]++;
      offsets[bucket] += positions[i] & (((uint64_t)1 << bits) - 1);
    }
  }
}

MULTIVERSIONED
size_t vk_gather_buckets(
    const float *values, const uint16_t *buckets, size_t count, const uint16_t *ranges,
    size_t range_count, float *out) {
  size_t found = 0, i = 0;
  for (; i + 32 <= count; i += 32) {
    const places here = *(const places *)(buckets + i);
    places within = 0;
    for (size_t r = 0; r < range_count; r++) {
      const uint16_t first = ranges[2 * r], last = ranges[2 * r + 1];
      within |= (places)(here - first <= (places)(uint16_t)(last - first));
    }
    const marks found_here = __builtin_convertvector(within != 0, marks);
    uint32_t mask;
    memcpy(&mask, &found_here, sizeof mask);
    for (; mask; mask &= mask - 1) out[found++] = values[i + (size_t)__builtin_ctz(mask)];
  }
  for (; i < count; i++) {
    int within = 0;
    for (size_t r = 0; r < range_count; r++) {
      within |= buckets[i] >= ranges[2 * r] && buckets[i] <= ranges[2 * r + 1];
    }
    if (within) out[found++] = values[i];
  }
  return found;
}
