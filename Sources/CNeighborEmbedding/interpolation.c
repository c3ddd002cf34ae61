#include "neighbor_embedding.h"
#include "multiversion.h"

enum { STENCIL = 4 };

// Values at t in [0, 1] of the cubic B-splines centred on the nodes -1, 0, 1, 2.
static inline void spline_weights(float t, float *weight) {
  const float rest = 1.0f - t;
  weight[0] = rest * rest * rest * (1.0f / 6.0f);
  weight[1] = (t * t * (t - 2.0f)) * 0.5f + (2.0f / 3.0f);
  weight[2] = (rest * rest * (rest - 2.0f)) * 0.5f + (2.0f / 3.0f);
  weight[3] = t * t * t * (1.0f / 6.0f);
}

// The first node of the stencil around u, kept inside the grid, and the weights of its nodes.
static inline size_t stencil(float u, size_t nodes, float *weight) {
  size_t cell = u > 1.0f ? (size_t)u : 1;
  if (cell + 3 > nodes) cell = nodes - 3;
  spline_weights(u - (float)cell, weight);
  return cell - 1;
}

MULTIVERSIONED
void ne_spread(ne_grid grid, const float *map, size_t first, size_t last, float *charges) {
  for (size_t i = first; i < last; i++) {
    float across[STENCIL], along[STENCIL];
    const size_t column =
        stencil((map[2 * i] - grid.origin_x) * grid.inverse_spacing, grid.nodes, across);
    const size_t row =
        stencil((map[2 * i + 1] - grid.origin_y) * grid.inverse_spacing, grid.nodes, along);
    for (int r = 0; r < STENCIL; r++) {
      float *target = charges + (row + r) * grid.nodes + column;
      for (int c = 0; c < STENCIL; c++) target[c] += along[r] * across[c];
    }
  }
}

MULTIVERSIONED
void ne_gather(ne_grid grid, const float *map, size_t first, size_t last, const float *field,
               float *forces) {
  for (size_t i = first; i < last; i++) {
    float across[STENCIL], along[STENCIL];
    const size_t column =
        stencil((map[2 * i] - grid.origin_x) * grid.inverse_spacing, grid.nodes, across);
    const size_t row =
        stencil((map[2 * i + 1] - grid.origin_y) * grid.inverse_spacing, grid.nodes, along);
    float lane[2 * STENCIL] = {0};
    for (int r = 0; r < STENCIL; r++) {
      const float *source = field + 2 * ((row + r) * grid.nodes + column);
      for (int l = 0; l < 2 * STENCIL; l++) lane[l] += along[r] * source[l];
    }
    float x = 0, y = 0;
    for (int c = 0; c < STENCIL; c++) {
      x += across[c] * lane[2 * c];
      y += across[c] * lane[2 * c + 1];
    }
    forces[2 * i] = x;
    forces[2 * i + 1] = y;
  }
}
