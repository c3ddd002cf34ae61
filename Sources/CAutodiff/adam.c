#include "autodiff_kernels.h"
#include "lanes.h"
#include "multiversion.h"

// One step on the values p with gradient g and moments m and v: numbers or lanes of them.
#define STEP(a, p, g, m, v)                                                            \
  do {                                                                                 \
    if ((a).weight_decay != 0) g += (a).weight_decay * p;                              \
    m = (a).first_decay * m + (1 - (a).first_decay) * g;                               \
    v = (a).second_decay * v + (1 - (a).second_decay) * (g * g);                       \
    p = (a).kept * p                                                                   \
        - (a).step_size * m / (__builtin_elementwise_sqrt(v) * (a).inverse_root + (a).epsilon); \
  } while (0)

MULTIVERSIONED
void ad_adam_steps(
    const ad_adam *steps, size_t step_count, float *values, const float *gradient, float *first,
    float *second, size_t count) {
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    lanes p = *(lanes *)(values + i), m = *(lanes *)(first + i), v = *(lanes *)(second + i);
    for (size_t step = 0; step < step_count; step++) {
      lanes g = {0};
      if (gradient && step + 1 == step_count) g = *(const lanes *)(gradient + i);
      STEP(steps[step], p, g, m, v);
    }
    *(lanes *)(values + i) = p;
    *(lanes *)(first + i) = m;
    *(lanes *)(second + i) = v;
  }
  for (; i < count; i++) {
    float p = values[i], m = first[i], v = second[i];
    for (size_t step = 0; step < step_count; step++) {
      float g = gradient && step + 1 == step_count ? gradient[i] : 0;
      STEP(steps[step], p, g, m, v);
    }
    values[i] = p;
    first[i] = m;
    second[i] = v;
  }
}

// Rows that are asked for ahead of their turn, and how much of each; the processor finds the rest
// of a longer one by itself.
enum { ROWS_AHEAD = 8, FLOATS_AHEAD = 64 };

void ad_adam_rows(
    const ad_adam *steps, size_t step_count, int32_t *steps_done, const int32_t *rows, size_t begin,
    size_t end, size_t width, float *values, const float *gradient, float *first, float *second,
    float *copy) {
  for (size_t place = begin; place < end; place++) {
    const size_t row = rows ? (size_t)rows[place] : place;
    const size_t at = row * width;
    if (rows && place + ROWS_AHEAD < end) {
      const size_t ahead = (size_t)rows[place + ROWS_AHEAD] * width;
      for (size_t i = 0; i < width && i < FLOATS_AHEAD; i += LANES) {
        __builtin_prefetch(values + ahead + i, 1);
        __builtin_prefetch(first + ahead + i, 1);
        __builtin_prefetch(second + ahead + i, 1);
      }
    }
    const size_t done = (size_t)steps_done[row];
    if (done < step_count) {
      ad_adam_steps(
          steps + done, step_count - done, values + at, gradient ? gradient + place * width : NULL,
          first + at, second + at, width);
      steps_done[row] = (int32_t)step_count;
    }
    if (copy) memcpy(copy + place * width, values + at, width * sizeof *copy);
  }
}
