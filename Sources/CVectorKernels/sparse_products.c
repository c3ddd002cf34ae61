#include "multiversion.h"
#include "vector_kernels.h"

#include <string.h>

// Eight doubles in as many registers as the processor needs for them.
typedef double lanes __attribute__((vector_size(64), aligned(8)));
enum { LANES = 8, PARTS = VK_STRIP / LANES };

typedef float run __attribute__((ext_vector_type(16), aligned(4)));
typedef _Bool marks __attribute__((ext_vector_type(16)));

// Bit i is set where values[i] is not zero, for `count` values, at most 64.
__attribute__((always_inline)) static inline uint64_t nonzero(const float *values, size_t count) {
  uint64_t mask = 0;
  size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    const marks found = __builtin_convertvector(*(const run *)(values + i) != 0, marks);
    uint16_t bits;
    memcpy(&bits, &found, sizeof bits);
    mask |= (uint64_t)bits << i;
  }
  for (; i < count; i++) mask |= (uint64_t)(values[i] != 0) << i;
  return mask;
}

MULTIVERSIONED
void vk_product_panels(
    const float *restrict y, size_t stride, size_t rows, size_t columns,
    const double *restrict shift, double *restrict panels) {
  for (size_t row = 0; row < rows; row++) {
    const float *from = y + row * stride;
    for (size_t start = 0; start < columns; start += VK_STRIP) {
      double *to = panels + start * VK_PRODUCT_ROWS + row * VK_STRIP;
      const size_t left = columns - start;
      const size_t count = left < VK_STRIP ? left : VK_STRIP;
      for (size_t c = 0; c < count; c++) to[c] = (double)from[start + c] - shift[start + c];
    }
  }
}

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
    const float *from = x + row * stride;
    for (size_t start = 0; start < columns; start += 64) {
      // The next block has the row below these, in a place that the processor does not foresee;
      // asking for what lies behind the matrix does nothing.
      for (size_t c = start; c < start + 64; c += 16) {
        __builtin_prefetch(from + rows * stride + c, 0, 2);
      }
      const size_t left = columns - start;
      for (uint64_t mask = nonzero(from + start, left < 64 ? left : 64); mask; mask &= mask - 1) {
        const size_t column = start + (size_t)__builtin_ctzll(mask);
        const size_t next = counts[column]++;
        values[column][next] = from[column];
        places[column][next] = (uint8_t)row;
      }
    }
  }
  // Columns with as many entries follow each other, so that the processor foresees where their
  // sums end.
  size_t starts[VK_PRODUCT_ROWS + 2] = {0};
  uint8_t order[VK_PRODUCT_COLUMNS + 1];
  for (size_t column = 0; column < columns; column++) starts[counts[column] + 1]++;
  for (size_t count = 0; count < VK_PRODUCT_ROWS; count++) starts[count + 1] += starts[count];
  for (size_t column = 0; column < columns; column++) {
    order[starts[counts[column]]++] = (uint8_t)column;
  }
  order[columns] = 0;
  for (size_t panel = 0; panel < panel_count; panel++) {
    const double *strip = panels + panel * VK_PRODUCT_ROWS * VK_STRIP;
    for (size_t next = 0; next < columns; next++) {
      const size_t column = order[next];
      double *target = sums + (panel * VK_PRODUCT_COLUMNS + column) * VK_STRIP;
      const double *ahead = sums + (panel * VK_PRODUCT_COLUMNS + order[next + 1]) * VK_STRIP;
      for (int p = 0; p < PARTS; p++) __builtin_prefetch(ahead + p * LANES, 1, 3);
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
