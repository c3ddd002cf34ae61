#include "autodiff_kernels.h"
#include "multiversion.h"

typedef float lanes __attribute__((vector_size(64), aligned(4)));
enum { LANES = 16 };

// Sums sixteen partial sums in a fixed tree.
#define JOINED(sum)                                                      \
  (((((sum)[0] + (sum)[8]) + ((sum)[4] + (sum)[12])) +                   \
    (((sum)[2] + (sum)[10]) + ((sum)[6] + (sum)[14]))) +                 \
   ((((sum)[1] + (sum)[9]) + ((sum)[5] + (sum)[13])) +                   \
    (((sum)[3] + (sum)[11]) + ((sum)[7] + (sum)[15]))))

MULTIVERSIONED
void ad_margins(
    const float *users, const float *items, const int32_t *user, const int32_t *positive,
    const int32_t *negative, size_t count, size_t width, float *margins) {
  for (size_t b = 0; b < count; b++) {
    const float *u = users + (size_t)user[b] * width;
    const float *p = items + (size_t)positive[b] * width;
    const float *n = items + (size_t)negative[b] * width;
    lanes sum = {0};
    size_t i = 0;
    for (; i + LANES <= width; i += LANES)
      sum += *(const lanes *)(u + i) * (*(const lanes *)(p + i) - *(const lanes *)(n + i));
    float rest = 0;
    for (; i < width; i++) rest += u[i] * (p[i] - n[i]);
    margins[b] = JOINED(sum) + rest;
  }
}

MULTIVERSIONED
void ad_add_margin_gradients(
    const float *users, const float *items, const int32_t *user, const int32_t *positive,
    const int32_t *negative, const float *slopes, size_t count, size_t width,
    float *user_gradient, float *item_gradient) {
  for (size_t b = 0; b < count; b++) {
    const size_t at_u = (size_t)user[b] * width;
    const size_t at_p = (size_t)positive[b] * width, at_n = (size_t)negative[b] * width;
    const float slope = slopes[b];
    if (user_gradient)
      for (size_t i = 0; i < width; i++)
        user_gradient[at_u + i] += slope * (items[at_p + i] - items[at_n + i]);
    if (item_gradient)
      for (size_t i = 0; i < width; i++) {
        const float part = slope * users[at_u + i];
        item_gradient[at_p + i] += part;
        item_gradient[at_n + i] -= part;
      }
  }
}

MULTIVERSIONED
void ad_normalize_rows(
    const float *x, size_t rows, size_t width, float floor, float *y, float *inverse) {
  for (size_t row = 0; row < rows; row++, x += width, y += width) {
    lanes sum = {0};
    size_t i = 0;
    for (; i + LANES <= width; i += LANES)
      sum += *(const lanes *)(x + i) * *(const lanes *)(x + i);
    float square = JOINED(sum);
    for (; i < width; i++) square += x[i] * x[i];
    const float norm = __builtin_elementwise_sqrt(square);
    const float scale = 1 / (norm > floor ? norm : floor);
    inverse[row] = scale;
    for (i = 0; i < width; i++) y[i] = scale * x[i];
  }
}

MULTIVERSIONED
void ad_normalize_rows_back(
    const float *y, const float *inverse, const float *upstream, size_t rows, size_t width,
    float floor, int accumulates, float *gradient) {
  for (size_t row = 0; row < rows; row++, y += width, upstream += width, gradient += width) {
    lanes sum = {0};
    size_t i = 0;
    for (; i + LANES <= width; i += LANES)
      sum += *(const lanes *)(y + i) * *(const lanes *)(upstream + i);
    float along = JOINED(sum);
    for (; i < width; i++) along += y[i] * upstream[i];
    const float scale = inverse[row];
    // A row at the floor is divided by a constant.
    if (scale * floor >= 1) along = 0;
    if (accumulates)
      for (i = 0; i < width; i++) gradient[i] += scale * (upstream[i] - along * y[i]);
    else
      for (i = 0; i < width; i++) gradient[i] = scale * (upstream[i] - along * y[i]);
  }
}
