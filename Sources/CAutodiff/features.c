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

MULTIVERSIONED
void ad_transpose(
    const float *x, size_t stride, size_t rows, size_t columns, float *y, size_t y_stride,
    int accumulates) {
  for (size_t row = 0; row < rows; row += LANES) {
    const size_t height = row + LANES < rows ? LANES : rows - row;
    for (size_t column = 0; column < columns; column += LANES) {
      const size_t width = column + LANES < columns ? LANES : columns - column;
      // Rows are often a power of two apart and then share a place in the cache, so that each is
      // read and written in one go.
      float tile[LANES][LANES] = {{0}};
      for (size_t r = 0; r < height; r++)
        memcpy(tile[r], x + (row + r) * stride + column, width * sizeof **tile);
      for (size_t c = 0; c < width; c++) {
        float *target = y + (column + c) * y_stride + row;
        float line[LANES];
        for (size_t r = 0; r < LANES; r++) line[r] = tile[r][c];
        if (accumulates)
          for (size_t r = 0; r < height; r++) target[r] += line[r];
        else
          memcpy(target, line, height * sizeof *line);
      }
    }
  }
}
