#include "neighbor_embedding.h"

#include <algorithm>
#include <cstring>

namespace {

float distance(uint64_t candidate) {
  const uint32_t bits = static_cast<uint32_t>(candidate >> 32);
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

}  // namespace

size_t ne_narrow(uint64_t *candidates, size_t count, size_t keep, float margin, float *limit) {
  if (count < keep) return count;
  std::nth_element(candidates, candidates + (keep - 1), candidates + count);
  const float bound = distance(candidates[keep - 1]) + margin;
  *limit = bound;
  uint64_t *end = std::partition(candidates + keep, candidates + count,
                                 [bound](uint64_t c) { return distance(c) <= bound; });
  return static_cast<size_t>(end - candidates);
}
