#include "neighbor_embedding.h"
#include "multiversion.h"

#include <string.h>

static inline float join(const float *lane) {
  float sum[NE_LANES];
  for (int i = 0; i < NE_LANES; i++) sum[i] = lane[i];
  for (int width = NE_LANES / 2; width > 0; width /= 2)
    for (int i = 0; i < width; i++) sum[i] += sum[i + width];
  return sum[0];
}

static inline float from_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

MULTIVERSIONED
void ne_attraction(const int64_t *row_start, const int32_t *columns, const float *weights,
                   const float *map, size_t first, size_t last, float *forces) {
  // Both coordinates of a neighbour come with one 64-bit load; gathers are bound by their number.
  const uint64_t *points = (const uint64_t *)map;
  for (size_t i = first; i < last; i++) {
    const float x = map[2 * i], y = map[2 * i + 1];
    float force_x[NE_LANES] = {0}, force_y[NE_LANES] = {0};
    for (int64_t e = row_start[i]; e < row_start[i + 1]; e += NE_LANES)
      for (int l = 0; l < NE_LANES; l++) {
        const uint64_t point = points[columns[e + l]];
        const float dx = x - from_bits((uint32_t)point);
        const float dy = y - from_bits((uint32_t)(point >> 32));
        const float pull = weights[e + l] / (1.0f + (dx * dx + dy * dy));
        force_x[l] += pull * dx;
        force_y[l] += pull * dy;
      }
    forces[2 * i] = join(force_x);
    forces[2 * i + 1] = join(force_y);
  }
}
