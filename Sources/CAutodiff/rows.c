#include "autodiff_kernels.h"
#include "lanes.h"
#include "multiversion.h"

MULTIVERSIONED
void ad_margins(
    const float *users, const float *items, const int32_t *user, const int32_t *positive,
    const int32_t *negative, size_t count, size_t width, float *margins) {
  for (size_t b = 0; b < count; b++) {
    const float *u = users + (size_t)user[b] * width;
    const float *p = items + (size_t)positive[b] * width;
    const float *n = items + (size_t)negative[b] * width;
    if (b + ROWS_AHEAD < count) {
      PREFETCH(users + (size_t)user[b + ROWS_AHEAD] * width, 0, width, 0);
      PREFETCH(items + (size_t)positive[b + ROWS_AHEAD] * width, 0, width, 0);
      PREFETCH(items + (size_t)negative[b + ROWS_AHEAD] * width, 0, width, 0);
    }
    lanes sum = {0};
    size_t i = 0;
    for (; i + LANES <= width; i += LANES)
      sum += *(const lanes *)(u + i) * (*(const lanes *)(p + i) - *(const lanes *)(n + i));
    float rest = 0;
    for (; i < width; i++) rest += u[i] * (p[i] - n[i]);
    float joined;
    JOIN(sum, joined);
    margins[b] = joined + rest;
  }
}

// What a triple adds to numbers or lanes of its rows, from column i on.
#define ADD_MARGIN_GRADIENTS(type)                                                     \
  do {                                                                                 \
    if (user_gradient)                                                                 \
      *(type *)(user_gradient + u + i) +=                                              \
          slope * (*(const type *)(items + p + i) - *(const type *)(items + n + i));   \
    if (item_gradient) {                                                               \
      const type part = slope * *(const type *)(users + u + i);                        \
      *(type *)(item_gradient + p + i) += part;                                        \
      *(type *)(item_gradient + n + i) -= part;                                        \
    }                                                                                  \
  } while (0)

MULTIVERSIONED
void ad_add_margin_gradients(
    const float *users, const float *items, const int32_t *user, const int32_t *positive,
    const int32_t *negative, const float *slopes, size_t count, size_t width, size_t begin,
    size_t end, float *user_gradient, float *item_gradient) {
  for (size_t b = 0; b < count; b++) {
    const size_t u = (size_t)user[b] * width;
    const size_t p = (size_t)positive[b] * width, n = (size_t)negative[b] * width;
    if (b + ROWS_AHEAD < count) {
      const size_t next_u = (size_t)user[b + ROWS_AHEAD] * width;
      const size_t next_p = (size_t)positive[b + ROWS_AHEAD] * width;
      const size_t next_n = (size_t)negative[b + ROWS_AHEAD] * width;
      PREFETCH(users + next_u, begin, end, 0);
      PREFETCH(items + next_p, begin, end, 0);
      PREFETCH(items + next_n, begin, end, 0);
      if (user_gradient) PREFETCH(user_gradient + next_u, begin, end, 1);
      if (item_gradient) PREFETCH(item_gradient + next_p, begin, end, 1);
      if (item_gradient) PREFETCH(item_gradient + next_n, begin, end, 1);
    }
    const float slope = slopes[b];
    size_t i = begin;
    for (; i + LANES <= end; i += LANES) ADD_MARGIN_GRADIENTS(lanes);
    for (; i < end; i++) ADD_MARGIN_GRADIENTS(float);
  }
}

MULTIVERSIONED
void ad_add_gathered_rows(
    const float *x, const int32_t *rows, size_t count, size_t width, int accumulates, float *y) {
  for (size_t r = 0; r < count; r++, y += width) {
    const float *from = x + (size_t)rows[r] * width;
    if (r + ROWS_AHEAD < count) PREFETCH(x + (size_t)rows[r + ROWS_AHEAD] * width, 0, width, 0);
    for (size_t i = 0; i < width; i++) y[i] = (accumulates ? y[i] : 0) + from[i];
  }
}

MULTIVERSIONED
void ad_add_to_rows(
    const float *x, float scale, const int32_t *rows, size_t count, size_t width, float *y) {
  for (size_t r = 0; r < count; r++, x += width) {
    float *to = y + (size_t)rows[r] * width;
    if (r + ROWS_AHEAD < count) PREFETCH(y + (size_t)rows[r + ROWS_AHEAD] * width, 0, width, 1);
    for (size_t i = 0; i < width; i++) to[i] += scale * x[i];
  }
}

MULTIVERSIONED
void ad_scale_rows(
    const float *x, size_t x_stride, const float *scales, size_t scale_stride, size_t rows,
    size_t width, int accumulates, float *y, size_t y_stride) {
  for (size_t row = 0; row < rows; row++, x += x_stride, y += y_stride) {
    const float scale = scales ? scales[row * scale_stride] : 1;
    if (!accumulates)
      for (size_t i = 0; i < width; i++) y[i] = scale * x[i];
    else if (scale != 0)
      for (size_t i = 0; i < width; i++) y[i] += scale * x[i];
  }
}

MULTIVERSIONED
void ad_scale_rows_back(
    const float *x, const float *upstream, size_t upstream_stride, const float *scales,
    size_t scale_stride, size_t rows, size_t width, int accumulates, float *gradient,
    float *scale_gradients) {
  for (size_t row = 0; row < rows; row++, x += width, upstream += upstream_stride) {
    if (scale_gradients) {
      lanes sum = {0};
      lane_bits found = {0};
      size_t i = 0;
      for (; i + LANES <= width; i += LANES) found |= *(const lane_bits *)(upstream + i);
      float dot = 0;
      // Most rows are not in a batch: theirs need not be read.
      if (ANY(found)) {
        for (i = 0; i + LANES <= width; i += LANES)
          sum += *(const lanes *)(x + i) * *(const lanes *)(upstream + i);
        JOIN(sum, dot);
      }
      for (; i < width; i++) dot += x[i] * upstream[i];
      scale_gradients[row * scale_stride] += dot;
    }
    if (!gradient) continue;
    const float scale = scales ? scales[row * scale_stride] : 1;
    float *to = gradient + row * width;
    if (accumulates)
      for (size_t i = 0; i < width; i++) to[i] += scale * upstream[i];
    else
      for (size_t i = 0; i < width; i++) to[i] = scale * upstream[i];
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
    float square;
    JOIN(sum, square);
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
    float along;
    JOIN(sum, along);
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

MULTIVERSIONED
void ad_damp_rows(
    const float *x, size_t rows, size_t width, const float *basis, size_t rank, float strength,
    int accumulates, float *y) {
  for (size_t row = 0; row < rows; row++, x += width, y += width) {
    size_t i;
    if (accumulates)
      for (i = 0; i < width; i++) y[i] += x[i];
    else
      for (i = 0; i < width; i++) y[i] = x[i];
    const float *direction = basis;
    for (size_t r = 0; r < rank; r++, direction += width) {
      lanes sum = {0};
      for (i = 0; i + LANES <= width; i += LANES)
        sum += *(const lanes *)(x + i) * *(const lanes *)(direction + i);
      float along;
      JOIN(sum, along);
      for (; i < width; i++) along += x[i] * direction[i];
      along *= strength;
      for (i = 0; i < width; i++) y[i] -= along * direction[i];
    }
  }
}

// Columns that are damped at once, whose parts along a direction stay in registers.
enum { DAMPED = 64 };

MULTIVERSIONED
void ad_damp_columns(
    const float *x, size_t stride, size_t rows, size_t columns, const float *basis, size_t rank,
    float strength, int accumulates, float *y) {
  for (size_t start = 0; start < columns; start += DAMPED, x += DAMPED, y += DAMPED) {
    const size_t count = columns - start < DAMPED ? columns - start : DAMPED;
    for (size_t row = 0; row < rows; row++)
      for (size_t c = 0; c < count; c++)
        y[row * stride + c] = (accumulates ? y[row * stride + c] : 0) + x[row * stride + c];
    for (size_t r = 0; r < rank; r++) {
      const float *direction = basis + r * rows;
      float along[DAMPED] = {0};
      for (size_t row = 0; row < rows; row++)
        for (size_t c = 0; c < count; c++) along[c] += direction[row] * x[row * stride + c];
      for (size_t row = 0; row < rows; row++) {
        const float factor = strength * direction[row];
        for (size_t c = 0; c < count; c++) y[row * stride + c] -= factor * along[c];
      }
    }
  }
}

MULTIVERSIONED
void ad_row_dots(const float *a, const float *b, size_t rows, size_t width, float *dots) {
  for (size_t row = 0; row < rows; row++, a += width, b += width) {
    lanes sum = {0};
    size_t i = 0;
    for (; i + LANES <= width; i += LANES)
      sum += *(const lanes *)(a + i) * *(const lanes *)(b + i);
    float dot;
    JOIN(sum, dot);
    for (; i < width; i++) dot += a[i] * b[i];
    dots[row] = dot;
  }
}

MULTIVERSIONED
void ad_entry_dots(
    const size_t *row_starts, const int32_t *columns, size_t row_begin, size_t row_end,
    const float *a, const float *b, size_t width, float *dots) {
  for (size_t row = row_begin; row < row_end; row++) {
    const float *x = a + row * width;
    for (size_t entry = row_starts[row]; entry < row_starts[row + 1]; entry++) {
      const float *y = b + (size_t)columns[entry] * width;
      lanes sum = {0};
      size_t i = 0;
      for (; i + LANES <= width; i += LANES)
        sum += *(const lanes *)(x + i) * *(const lanes *)(y + i);
      float dot;
      JOIN(sum, dot);
      for (; i < width; i++) dot += x[i] * y[i];
      dots[entry] = dot;
    }
  }
}
