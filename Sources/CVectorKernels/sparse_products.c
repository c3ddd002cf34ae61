#include "multiversion.h"
#include "vector_kernels.h"

// Eight doubles in as many registers as the processor needs for them.
typedef double lanes __attribute__((vector_size(64), aligned(8)));
enum { LANES = 8, PARTS = VK_STRIP / LANES };

// The entries of a column of x are listed once and meet one panel after another: a panel stays in
// the first-level cache (32 KB) while all columns pass by. Every sum runs over ascending rows.
MULTIVERSIONED
void vk_sparse_products(
    const float *x, size_t stride, size_t rows, size_t columns, const double *panels,
    size_t panel_count, double *sums) {
  double values[VK_PRODUCT_COLUMNS][VK_PRODUCT_ROWS];
  uint8_t places[VK_PRODUCT_COLUMNS][VK_PRODUCT_ROWS];
  size_t counts[VK_PRODUCT_COLUMNS] = {0};
  for (size_t row = 0; row < rows; row++) {
    for (size_t column = 0; column < columns; column++) {
      // Written in any case; the next entry replaces a zero.
      const float value = x[row * stride + column];
      const size_t next = counts[column];
      values[column][next] = value;
      places[column][next] = (uint8_t)row;
      counts[column] = next + (value != 0);
    }
  }
  for (size_t panel = 0; panel < panel_count; panel++) {
    const double *strip = panels + panel * VK_PRODUCT_ROWS * VK_STRIP;
    for (size_t column = 0; column < columns; column++) {
      double *target = sums + (panel * VK_PRODUCT_COLUMNS + column) * VK_STRIP;
      lanes sum[PARTS];
      for (int p = 0; p < PARTS; p++) sum[p] = *(const lanes *)(target + p * LANES);
      for (size_t e = 0; e < counts[column]; e++) {
        const double value = values[column][e];
        const double *source = strip + (size_t)places[column][e] * VK_STRIP;
        for (int p = 0; p < PARTS; p++) sum[p] += value * *(const lanes *)(source + p * LANES);
      }
      for (int p = 0; p < PARTS; p++) *(lanes *)(target + p * LANES) = sum[p];
    }
  }
}

MULTIVERSIONED
size_t vk_count_nonzero(const float *values, size_t count) {
  size_t result = 0;
  for (size_t i = 0; i < count; i++) result += values[i] != 0;
  return result;
}
