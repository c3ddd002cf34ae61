#include "autodiff_kernels.h"
#include "lanes.h"
#include "multiversion.h"

#define DOT(a, b, width, result)                                                       \
  do {                                                                                 \
    lanes sum = {0};                                                                   \
    size_t at = 0;                                                                     \
    for (; at + LANES <= width; at += LANES)                                           \
      sum += *(const lanes *)(a + at) * *(const lanes *)(b + at);                      \
    JOIN(sum, result);                                                                 \
    for (; at < width; at++) result += a[at] * b[at];                                  \
  } while (0)

MULTIVERSIONED
void ad_scale_by_cosine(
    const float *x, const float *origin, size_t rows, size_t width, float floor, float *y,
    ad_cosine *cosines) {
  for (size_t row = 0; row < rows; row++, x += width, origin += width, y += width) {
    float along, square, origin_square;
    DOT(x, origin, width, along);
    DOT(x, x, width, square);
    DOT(origin, origin, width, origin_square);
    const float norm = __builtin_elementwise_sqrt(square);
    const float origin_norm = __builtin_elementwise_sqrt(origin_square);
    const float inverse = 1 / (norm > floor ? norm : floor);
    const float origin_inverse = 1 / (origin_norm > floor ? origin_norm : floor);
    const float cosine = along * inverse * origin_inverse;
    cosines[row] = (ad_cosine){cosine, inverse, origin_inverse};
    for (size_t i = 0; i < width; i++) y[i] = cosine * x[i];
  }
}

MULTIVERSIONED
void ad_scale_by_cosine_back(
    const float *x, const float *origin, const ad_cosine *cosines, const float *upstream,
    size_t rows, size_t width, float floor, float *x_gradient, float *origin_gradient) {
  for (size_t row = 0; row < rows; row++, x += width, origin += width, upstream += width) {
    const ad_cosine c = cosines[row];
    float slope;
    DOT(upstream, x, width, slope);
    const float cross = slope * c.inverse * c.origin_inverse;
    // A row at the floor is divided by a constant.
    const float own = c.inverse * floor >= 1 ? 0 : slope * c.cosine * c.inverse * c.inverse;
    const float origin_own = c.origin_inverse * floor >= 1
        ? 0 : slope * c.cosine * c.origin_inverse * c.origin_inverse;
    if (x_gradient) {
      for (size_t i = 0; i < width; i++)
        x_gradient[i] += c.cosine * upstream[i] + cross * origin[i] - own * x[i];
      x_gradient += width;
    }
    if (origin_gradient) {
      for (size_t i = 0; i < width; i++)
        origin_gradient[i] += cross * x[i] - origin_own * origin[i];
      origin_gradient += width;
    }
  }
}
