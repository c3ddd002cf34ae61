#include "autodiff_kernels.h"
#include "multiversion.h"

#include <math.h>

// A strip of columns stays in cache while it is read several times.
enum { STRIP = AD_STRIP };

MULTIVERSIONED
void ad_standardize_columns(
    const float *x, size_t rows, size_t stride, size_t width, double epsilon, const float *scale,
    const float *shift, float *unit, float *y, float *inverse, double *mean, double *variance) {
  double sums[STRIP] = {0}, squares[STRIP] = {0};
  float centre[STRIP];
  for (size_t row = 0; row < rows; row++)
    for (size_t c = 0; c < width; c++) sums[c] += x[row * stride + c];
  for (size_t c = 0; c < width; c++) sums[c] /= (double)rows;
  for (size_t row = 0; row < rows; row++)
    for (size_t c = 0; c < width; c++) {
      const double part = x[row * stride + c] - sums[c];
      squares[c] += part * part;
    }
  for (size_t c = 0; c < width; c++) {
    mean[c] = sums[c];
    centre[c] = (float)sums[c];
    variance[c] = squares[c] / (double)rows;
    inverse[c] = (float)(1 / sqrt(variance[c] + epsilon));
  }
  for (size_t row = 0; row < rows; row++)
    for (size_t c = 0; c < width; c++)
      unit[row * stride + c] = (x[row * stride + c] - centre[c]) * inverse[c];
  if (!y) return;
  for (size_t row = 0; row < rows; row++)
    for (size_t c = 0; c < width; c++)
      y[row * stride + c] = scale[c] * unit[row * stride + c] + shift[c];
}

MULTIVERSIONED
void ad_standardize_columns_back(
    const float *gradient, const float *unit, size_t rows, size_t stride, size_t width,
    const float *scale, const float *inverse, int accumulates, float *result, double *mean,
    double *along) {
  double sums[STRIP] = {0}, products[STRIP] = {0};
  for (size_t row = 0; row < rows; row++)
    for (size_t c = 0; c < width; c++) {
      const double g = gradient[row * stride + c];
      sums[c] += g;
      products[c] += g * unit[row * stride + c];
    }
  float centre[STRIP], slope[STRIP], factor[STRIP];
  for (size_t c = 0; c < width; c++) {
    mean[c] = sums[c] / (double)rows;
    along[c] = products[c] / (double)rows;
    centre[c] = (float)mean[c];
    slope[c] = (float)along[c];
    factor[c] = scale[c] * inverse[c];
  }
  if (!result) return;
  for (size_t row = 0; row < rows; row++)
    for (size_t c = 0; c < width; c++) {
      const size_t at = row * stride + c;
      const float part = factor[c] * (gradient[at] - centre[c] - unit[at] * slope[c]);
      result[at] = accumulates ? result[at] + part : part;
    }
}

MULTIVERSIONED
void ad_standardize_columns_twice_back(
    const float *gradient, const float *upstream, const float *unit, size_t rows, size_t stride,
    size_t width, const float *scale, const float *inverse, const double *mean,
    const double *along, const double *upstream_mean, const double *upstream_along,
    float *result, double *rest) {
  double products[STRIP] = {0};
  for (size_t row = 0; row < rows; row++)
    for (size_t c = 0; c < width; c++)
      products[c] += (double)gradient[row * stride + c] * upstream[row * stride + c];
  float centre[STRIP], upstream_centre[STRIP];
  float of_gradient[STRIP], of_upstream[STRIP], of_unit[STRIP];
  for (size_t c = 0; c < width; c++) {
    const double factor = (double)scale[c] * inverse[c] * inverse[c];
    rest[c] = products[c] / (double)rows - mean[c] * upstream_mean[c];
    of_gradient[c] = (float)(factor * upstream_along[c]);
    of_upstream[c] = (float)(factor * along[c]);
    of_unit[c] = (float)(factor * (rest[c] - 3 * along[c] * upstream_along[c]));
    centre[c] = (float)mean[c];
    upstream_centre[c] = (float)upstream_mean[c];
  }
  if (!result) return;
  for (size_t row = 0; row < rows; row++)
    for (size_t c = 0; c < width; c++) {
      const size_t at = row * stride + c;
      result[at] -= of_gradient[c] * (gradient[at] - centre[c])
          + of_upstream[c] * (upstream[at] - upstream_centre[c]) + of_unit[c] * unit[at];
    }
}
