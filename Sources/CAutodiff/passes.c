#include "autodiff_kernels.h"
#include "lanes.h"
#include "multiversion.h"

MULTIVERSIONED
void ad_write(const float *x, float scale, size_t count, int accumulates, float *y) {
  if (accumulates)
    for (size_t i = 0; i < count; i++) y[i] += scale * x[i];
  else
    for (size_t i = 0; i < count; i++) y[i] = scale * x[i];
}

MULTIVERSIONED
void ad_rectify(float *y, size_t count, float slope) {
  for (size_t i = 0; i < count; i++) y[i] = y[i] > 0 ? y[i] : slope * y[i];
}

MULTIVERSIONED
void ad_rectify_back(const float *y, size_t count, float slope, float *gradient) {
  for (size_t i = 0; i < count; i++) gradient[i] = y[i] > 0 ? gradient[i] : slope * gradient[i];
}

// Eight doubles, and the floats that become them.
typedef double wide __attribute__((vector_size(64), aligned(8)));
typedef float narrow __attribute__((vector_size(32), aligned(4)));
enum { WIDE = 8, PARTS = 8 };

// The sums of some columns stay in registers while all rows pass.
MULTIVERSIONED
void ad_add_column_sums(const float *x, size_t rows, size_t width, double *sums) {
  size_t column = 0;
  for (; column + PARTS * WIDE <= width; column += PARTS * WIDE) {
    wide sum[PARTS];
    for (int p = 0; p < PARTS; p++) sum[p] = *(const wide *)(sums + column + p * WIDE);
    for (size_t row = 0; row < rows; row++) {
      const float *from = x + row * width + column;
      for (int p = 0; p < PARTS; p++)
        sum[p] += __builtin_convertvector(*(const narrow *)(from + p * WIDE), wide);
    }
    for (int p = 0; p < PARTS; p++) *(wide *)(sums + column + p * WIDE) = sum[p];
  }
  for (; column < width; column++)
    for (size_t row = 0; row < rows; row++) sums[column] += x[row * width + column];
}
