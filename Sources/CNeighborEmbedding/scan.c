#include "neighbor_embedding.h"
#include "multiversion.h"

#include <string.h>

enum { GROUP = 32 };

MULTIVERSIONED
size_t ne_select(const float *products, const float *norms, float norm, size_t count,
                 float threshold, uint32_t base, uint64_t *candidates, size_t held) {
  for (size_t start = 0; start < count; start += GROUP) {
    const size_t size = count - start < GROUP ? count - start : GROUP;
    // Most groups hold no candidate: look at them with whole registers first.
    if (size == GROUP) {
      int any = 0;
      for (int l = 0; l < GROUP; l++)
        any |= products[start + l] + norms[start + l] + norm <= threshold;
      if (!any) continue;
    }
    for (size_t j = start; j < start + size; j++) {
      float distance = products[j] + norms[j] + norm;
      if (!(distance <= threshold)) continue;
      distance = distance > 0.0f ? distance : 0.0f;
      uint32_t bits;
      memcpy(&bits, &distance, sizeof bits);
      candidates[held++] = (uint64_t)bits << 32 | (base + (uint32_t)j);
    }
  }
  return held;
}

MULTIVERSIONED
size_t ne_count(const float *products, const float *norms, size_t count, float limit) {
  uint32_t below = 0;
  for (size_t j = 0; j < count; j++) below += products[j] + norms[j] <= limit;
  return below;
}

size_t ne_between(const float *products, const float *norms, size_t count, float low, float high,
                  uint32_t *found) {
  size_t held = 0;
  for (size_t j = 0; j < count; j++) {
    const float distance = products[j] + norms[j];
    if (distance > low && distance <= high) found[held++] = (uint32_t)j;
  }
  return held;
}
