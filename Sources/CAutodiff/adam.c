#include "autodiff_kernels.h"
#include "lanes.h"
#include "multiversion.h"

// Four registers of lanes: the row of a table, whose steps are few, then goes through them once.
typedef float wide __attribute__((vector_size(4 * LANES * sizeof(float)), aligned(4)));
enum { WIDE = 4 * LANES };

// Moves the values p, numbers or lanes of them, once the moments m and v are those of the step.
#define MOVE(a, p, m, v)                                                               \
  p = (a).kept * p                                                                     \
      - (a).step_size * m / (__builtin_elementwise_sqrt(v) * (a).inverse_root + (a).epsilon)

// One step with gradient g.
#define STEP(a, p, g, m, v)                                                            \
  do {                                                                                 \
    if ((a).weight_decay != 0) g += (a).weight_decay * p;                              \
    m = (a).first_decay * m + (1 - (a).first_decay) * g;                               \
    v = (a).second_decay * v + (1 - (a).second_decay) * (g * g);                       \
    MOVE(a, p, m, v);                                                                  \
  } while (0)

// One step without a gradient: that of zeros.
#define COAST(type, a, p, m, v)                                                        \
  do {                                                                                 \
    if ((a).weight_decay != 0) {                                                       \
      type g = {0};                                                                    \
      STEP(a, p, g, m, v);                                                             \
    } else {                                                                           \
      m *= (a).first_decay;                                                            \
      v *= (a).second_decay;                                                           \
      MOVE(a, p, m, v);                                                                \
    }                                                                                  \
  } while (0)

// All steps of the numbers or lanes at place i.
#define STEPS(type)                                                                    \
  do {                                                                                 \
    type p = *(type *)(values + i), m = *(type *)(first + i), v = *(type *)(second + i); \
    for (size_t step = 0; step < coasting; step++) COAST(type, steps[step], p, m, v);  \
    if (gradient) {                                                                    \
      type g = *(const type *)(gradient + i);                                          \
      STEP(steps[coasting], p, g, m, v);                                               \
    }                                                                                  \
    *(type *)(values + i) = p;                                                         \
    *(type *)(first + i) = m;                                                          \
    *(type *)(second + i) = v;                                                         \
  } while (0)

MULTIVERSIONED
void ad_adam_steps(
    const ad_adam *steps, size_t step_count, float *values, const float *gradient, float *first,
    float *second, size_t count) {
  const size_t coasting = gradient ? step_count - 1 : step_count;
  size_t i = 0;
  for (; i + WIDE <= count; i += WIDE) STEPS(wide);
  for (; i + LANES <= count; i += LANES) STEPS(lanes);
  for (; i < count; i++) STEPS(float);
}

void ad_adam_rows(
    const ad_adam *steps, size_t step_count, int32_t *steps_done, const int32_t *rows, size_t begin,
    size_t end, size_t width, float *values, const float *gradient, float *first, float *second,
    float *copy) {
  for (size_t place = begin; place < end; place++) {
    const size_t row = rows ? (size_t)rows[place] : place;
    const size_t at = row * width;
    if (rows && place + ROWS_AHEAD < end) {
      const size_t ahead = (size_t)rows[place + ROWS_AHEAD] * width;
      PREFETCH(values + ahead, 0, width, 1);
      PREFETCH(first + ahead, 0, width, 1);
      PREFETCH(second + ahead, 0, width, 1);
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
