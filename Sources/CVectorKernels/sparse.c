#include "multiversion.h"
#include "vector_kernels.h"

// Sixteen floats in as many registers as the processor needs for them.
typedef float lanes __attribute__((vector_size(64), aligned(4)));
enum { LANES = 16, CHUNK = 64, AHEAD = 8 };

MULTIVERSIONED
void vk_sparse_rows(
    const vk_sparse *matrix, size_t row_begin, size_t row_end, const float *x, size_t width,
    const float *addend, float scale, float *product, float *total) {
  const size_t last = matrix->row_starts[row_end];
  for (size_t row = row_begin; row < row_end; row++) {
    const size_t begin = matrix->row_starts[row], end = matrix->row_starts[row + 1];
    size_t column = 0;
    for (; column + CHUNK <= width; column += CHUNK) {
      lanes s0 = {0}, s1 = {0}, s2 = {0}, s3 = {0};
      for (size_t entry = begin; entry < end; entry++) {
        // Rows of x come in no order that hardware could foresee; most rows of a graph are short,
        // so that one looks beyond their ends.
        if (entry + AHEAD < last) {
          const float *ahead = x + (size_t)matrix->columns[entry + AHEAD] * width + column;
          __builtin_prefetch(ahead);
          __builtin_prefetch(ahead + 16);
          __builtin_prefetch(ahead + 32);
          __builtin_prefetch(ahead + 48);
        }
        const float weight = matrix->values[entry];
        const float *source = x + (size_t)matrix->columns[entry] * width + column;
        s0 += weight * *(const lanes *)source;
        s1 += weight * *(const lanes *)(source + LANES);
        s2 += weight * *(const lanes *)(source + 2 * LANES);
        s3 += weight * *(const lanes *)(source + 3 * LANES);
      }
      const size_t at = row * width + column;
      const lanes sums[4] = {s0, s1, s2, s3};
      for (int part = 0; part < 4; part++) {
        const size_t place = at + part * LANES;
        if (product) *(lanes *)(product + place) = sums[part];
        if (total)
          *(lanes *)(total + place) =
              scale * (addend ? *(const lanes *)(addend + place) + sums[part] : sums[part]);
      }
    }
    for (; column < width; column++) {
      float sum = 0;
      for (size_t entry = begin; entry < end; entry++)
        sum += matrix->values[entry] * x[(size_t)matrix->columns[entry] * width + column];
      const size_t at = row * width + column;
      if (product) product[at] = sum;
      if (total) total[at] = scale * (addend ? addend[at] + sum : sum);
    }
  }
}
