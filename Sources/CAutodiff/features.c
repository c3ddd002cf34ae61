#include "autodiff_kernels.h"
#include "lanes.h"
#include "multiversion.h"

// The sums stay in registers while a row's entries pass; the rows of x that they name are in the
// nearest cache.
#define ADD_ROWS(PARTS)                                                                \
  for (size_t r = begin; r < end; r++) {                                               \
    const size_t row = rows ? (size_t)rows[r] : r;                                     \
    const uint32_t first = block->starts[row], last = block->starts[row + 1];          \
    if (first == last) continue;                                                       \
    float *target = y + r * stride;                                                    \
    lanes sums[PARTS];                                                                 \
    for (int part = 0; part < PARTS; part++)                                           \
      sums[part] = *(const lanes *)(target + part * LANES);                            \
    for (uint32_t entry = first; entry < last; entry++) {                              \
      const float value = block->values[entry];                                        \
      const float *from = x + (size_t)block->places[entry] * (PARTS * LANES);          \
      for (int part = 0; part < PARTS; part++)                                         \
        sums[part] += value * *(const lanes *)(from + part * LANES);                   \
    }                                                                                  \
    for (int part = 0; part < PARTS; part++)                                           \
      *(lanes *)(target + part * LANES) = sums[part];                                  \
  }

MULTIVERSIONED
void ad_add_block_rows(
    const ad_feature_block *block, const int32_t *rows, size_t begin, size_t end, const float *x,
    size_t width, float *y, size_t stride) {
  if (width == 8 * LANES) {
    ADD_ROWS(8)
  } else {
    ADD_ROWS(4)
  }
}

enum { SIDE = 16 };

MULTIVERSIONED
void ad_transpose(
    const float *x, size_t stride, size_t rows, size_t columns, float *y, size_t y_stride,
    int accumulates) {
  for (size_t row = 0; row < rows; row += SIDE) {
    const size_t row_end = row + SIDE < rows ? row + SIDE : rows;
    for (size_t column = 0; column < columns; column += SIDE) {
      const size_t column_end = column + SIDE < columns ? column + SIDE : columns;
      for (size_t c = column; c < column_end; c++)
        for (size_t r = row; r < row_end; r++) {
          float *target = y + c * y_stride + r;
          *target = accumulates ? *target + x[r * stride + c] : x[r * stride + c];
        }
    }
  }
}
