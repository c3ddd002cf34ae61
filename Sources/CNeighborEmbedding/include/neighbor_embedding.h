// Inner loops of the neighbour embedding. Every function works on one block of a grid that the
// caller cuts, on the calling thread, in an order that neither the processor nor the number of
// threads changes. Only NeighborEmbedding imports this module.
#ifndef NEIGHBOR_EMBEDDING_H
#define NEIGHBOR_EMBEDDING_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Attraction. Rows of the sparse matrix are padded to whole groups of NE_LANES entries whose
// weight is 0.
enum { NE_LANES = 16 };

/// forces[i] = sum over row i of weight * (y_i - y_j) / (1 + |y_i - y_j|^2), for rows first..<last.
/// `map` and `forces` hold x and y of one point after another.
void ne_attraction(const int64_t *row_start, const int32_t *columns, const float *weights,
                   const float *map, size_t first, size_t last, float *forces);

// Interpolation. A point at u in grid units touches the 4 x 4 nodes around it.

/// Where the points of the map lie on the grid: u = (y - origin) * inverse_spacing.
typedef struct {
  float origin_x, origin_y, inverse_spacing;
  size_t nodes;
} ne_grid;

/// Adds the interpolation weights of points first..<last to the nodes x nodes charges.
void ne_spread(ne_grid grid, const float *map, size_t first, size_t last, float *charges);

/// Interpolates the field, x and y component at each node, at points first..<last.
void ne_gather(ne_grid grid, const float *map, size_t first, size_t last, const float *field,
               float *forces);

// Convolution of charges on an n x n grid with three kernels at once, by Fourier transforms of
// `size` >= 2n - 1 points a side. Half spectra are stored column after column: entry (k, r) at
// k * rows + r, two floats each.

typedef struct ne_fourier ne_fourier;

/// The tables for one transform size, or NULL without memory.
ne_fourier *ne_fourier_create(size_t size);
void ne_fourier_destroy(ne_fourier *plan);

/// Rows transformed together; a block of rows begins at a multiple of it.
enum { NE_ROWS = 8 };

/// Floats of scratch memory that a call needs.
size_t ne_fourier_scratch(size_t size);

/// Spectra of the kernels 1/(1+r^2) and (x, y)/(1+r^2)^2 along x, for row offsets first..<last
/// out of 0...size/2. `spectrum` holds size/2+1 columns of size/2+1 rows of three floats.
void ne_kernel_rows(const ne_fourier *plan, float spacing, size_t first, size_t last,
                    float *spectrum, float *scratch);

/// Completes the kernels along y for columns first..<last. Their spectra are real (potential) and
/// imaginary (forces): three runs of `size` numbers a column, divided by size^2.
void ne_kernel_columns(const ne_fourier *plan, const float *spectrum, size_t first, size_t last,
                       float *kernels, float *scratch);

/// Sums `layers` grids of charges in order and transforms rows first..<last along x.
void ne_charge_rows(const ne_fourier *plan, const float *charges, size_t layers, size_t nodes,
                    size_t first, size_t last, float *spectrum, float *scratch);

/// Transforms columns first..<last along y, multiplies by the kernels and transforms back.
/// Returns the columns' share of the sum of the potential over all charges.
double ne_convolve_columns(const ne_fourier *plan, const float *kernels, size_t nodes, size_t first,
                           size_t last, const float *spectrum, float *force_x, float *force_y,
                           float *scratch);

/// Transforms rows first..<last of both force spectra back along x; `field` holds both components
/// of each node.
void ne_field_rows(const ne_fourier *plan, const float *force_x, const float *force_y, size_t nodes,
                   size_t first, size_t last, float *field, float *scratch);

// Scans over tiles of distances.

/// Appends the candidates (distance bits << 32 | base + j) whose products[j] + norms[j] is at most
/// `threshold`, and returns the new count. Distances below 0 count as 0.
size_t ne_select(const float *products, const float *norms, float norm, size_t count,
                 float threshold, uint32_t base, uint64_t *candidates, size_t held);

/// Moves the candidates whose distance is at most the `keep`-th smallest plus `margin` to the
/// front, writes that limit and returns how many they are.
size_t ne_narrow(uint64_t *candidates, size_t count, size_t keep, float margin, float *limit);

/// How many products[j] + norms[j] are at most `limit`.
size_t ne_count(const float *products, const float *norms, size_t count, float limit);

/// Writes each j with products[j] + norms[j] above `low` and at most `high`; returns how many.
size_t ne_between(const float *products, const float *norms, size_t count, float low, float high,
                  uint32_t *found);

#ifdef __cplusplus
}
#endif

#endif
