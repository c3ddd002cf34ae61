#include "neighbor_embedding.h"
#include "lanes.h"
#include "multiversion.h"

#include <string.h>

// The points in the nine cells around a cell, padded with points out of reach.
static size_t surroundings(const ne_cells *cells, size_t row, size_t column, float *x, float *y) {
  const size_t top = row > 0 ? row - 1 : 0, bottom = row + 1 < cells->side ? row + 1 : row;
  const size_t left = column > 0 ? column - 1 : 0;
  const size_t right = column + 1 < cells->side ? column + 1 : column;
  size_t count = 0;
  for (size_t r = top; r <= bottom; r++) {
    const size_t first = (size_t)cells->starts[r * cells->side + left];
    const size_t size = (size_t)cells->starts[r * cells->side + right + 1] - first;
    memcpy(x + count, cells->x + first, size * sizeof *x);
    memcpy(y + count, cells->y + first, size * sizeof *y);
    count += size;
  }
  for (; count % NE_LANES; count++) x[count] = y[count] = 1e15f;
  return count;
}

// The remainder of the series in ne_kernel_rows: potential q^5/(1+s), and its slope.
MULTIVERSIONED
static float push(float at_x, float at_y, const float *x, const float *y, size_t count, float reach,
                  float *force) {
  const float square = reach * reach, inverse = 1.0f / (1.0f + square);
  float force_x[NE_LANES] = {0}, force_y[NE_LANES] = {0}, potential[NE_LANES] = {0};
  for (size_t start = 0; start < count; start += NE_LANES)
    for (int l = 0; l < NE_LANES; l++) {
      const float dx = at_x - x[start + l], dy = at_y - y[start + l];
      const float s = dx * dx + dy * dy;
      const float within = square - s;
      const float q = (within > 0.0f ? within : 0.0f) * inverse;
      const float w = 1.0f / (1.0f + s);
      const float fourth = (q * q) * (q * q) * w;
      const float slope = fourth * (5.0f * inverse + q * w);
      potential[l] += fourth * q;
      force_x[l] += slope * dx;
      force_y[l] += slope * dy;
    }
  force[0] += join(force_x);
  force[1] += join(force_y);
  return join(potential);
}

double ne_near_field(ne_cells cells, size_t first, size_t last, float *forces, float *scratch) {
  const size_t points = (size_t)cells.starts[cells.side * cells.side];
  float *x = scratch, *y = scratch + points + NE_LANES;
  double potential = 0;
  for (size_t row = first; row < last; row++)
    for (size_t column = 0; column < cells.side; column++) {
      const int32_t *start = cells.starts + row * cells.side + column;
      if (start[0] == start[1]) continue;
      const size_t count = surroundings(&cells, row, column, x, y);
      for (int32_t i = start[0]; i < start[1]; i++)
        potential += push(cells.x[i], cells.y[i], x, y, count, cells.reach,
                          forces + 2 * cells.order[i]);
    }
  return potential;
}
