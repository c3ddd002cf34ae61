#include "autodiff_kernels.h"

#include <string.h>

#include "lanes.h"
#include "multiversion.h"

// Six rows by four registers of sums, which with the strip's four and one broadcast value fill the
// thirty-two that AVX-512 has.
enum { GROUP = 6, REST = 4, PARTS = AD_PRODUCT_STRIP / LANES };
// Rows of a strip that the nearest cache holds: where rows are further apart than a strip is wide,
// they would meet each other in a few of its sets.
enum { TILE = 128 };

int ad_multiplies_strips(void) {
#if defined(__x86_64__) && defined(__linux__)
  return __builtin_cpu_supports("avx512f") != 0;
#else
  return 0;
#endif
}

// HEIGHT rows of y from as many of x.
#define MULTIPLY_ROWS(HEIGHT)                                                          \
  do {                                                                                 \
    lanes sum[HEIGHT][PARTS];                                                          \
    for (int r = 0; r < HEIGHT; r++)                                                   \
      for (int p = 0; p < PARTS; p++)                                                  \
        sum[r][p] = accumulates ? *(const lanes *)(y + r * y_stride + p * LANES)       \
            : bias              ? *(const lanes *)(bias + p * LANES)                   \
                                : zero;                                                \
    for (size_t k = 0; k < inner; k++) {                                               \
      const float *from = strip + k * strip_stride;                                    \
      for (int r = 0; r < HEIGHT; r++) {                                               \
        const float value = x[r * x_stride + k * x_step];                              \
        for (int p = 0; p < PARTS; p++)                                                \
          sum[r][p] += value * *(const lanes *)(from + p * LANES);                     \
      }                                                                                \
    }                                                                                  \
    for (int r = 0; r < HEIGHT; r++) {                                                 \
      for (int p = 0; p < PARTS; p++) {                                                \
        const lanes rest = slope * sum[r][p];                                          \
        const lane_bits above = sum[r][p] > 0;                                         \
        *(lanes *)(y + r * y_stride + p * LANES) =                                     \
            (lanes)(((lane_bits)sum[r][p] & above) | ((lane_bits)rest & ~above));      \
      }                                                                                \
    }                                                                                  \
  } while (0)

MULTIVERSIONED
void ad_multiply_strip(
    const float *x, size_t x_stride, size_t x_step, size_t rows, size_t inner, const float *strip,
    size_t strip_stride, const float *bias, float slope, int accumulates, float *y,
    size_t y_stride) {
  const lanes zero = {0};
  for (; rows >= GROUP; rows -= GROUP, x += GROUP * x_stride, y += GROUP * y_stride)
    MULTIPLY_ROWS(GROUP);
  // One row alone waits for each of its sums.
  if (rows >= REST) {
    MULTIPLY_ROWS(REST);
    rows -= REST, x += REST * x_stride, y += REST * y_stride;
  }
  for (; rows; rows--, x += x_stride, y += y_stride) MULTIPLY_ROWS(1);
}

void ad_multiply_transposed(
    const float *a, size_t columns, const float *b, size_t width, size_t rows, int accumulates,
    float *y) {
  _Alignas(64) float packed[TILE * AD_PRODUCT_STRIP];
  for (size_t row = 0; row < rows; row += TILE) {
    const size_t height = rows - row < TILE ? rows - row : TILE;
    for (size_t first = 0; first < width; first += AD_PRODUCT_STRIP) {
      const float *strip = b + row * width + first;
      if (width > AD_PRODUCT_STRIP)
        for (size_t k = 0; k < height; k++)
          memcpy(packed + k * AD_PRODUCT_STRIP, strip + k * width, sizeof(float[AD_PRODUCT_STRIP]));
      ad_multiply_strip(
          a + row * columns, 1, columns, columns, height,
          width > AD_PRODUCT_STRIP ? packed : strip, AD_PRODUCT_STRIP, 0, 1,
          accumulates || row > 0, y + first, width);
    }
  }
}
