#include "autodiff_kernels.h"
#include "lanes.h"
#include "multiversion.h"

#define ADD(part, to, i, count)                                                        \
  do {                                                                                 \
    if ((i) + LANES <= (count)) {                                                      \
      *(lanes *)((to) + (i)) += part;                                                  \
    } else {                                                                           \
      for (size_t l = 0; (i) + l < (count); l++) (to)[(i) + l] += (part)[l];           \
    }                                                                                  \
  } while (0)

MULTIVERSIONED
double ad_gaussian_log_likelihood(
    const float *values, const float *means, const float *log_variances, size_t count) {
  double total = 0;
  // Sums of 256 terms are single, those of more double.
  for (size_t first = 0; first < count; first += 16 * LANES) {
    lanes sum = {0};
    for (size_t i = first; i < count && i < first + 16 * LANES; i += LANES) {
      lanes y, m, l, precision;
      LOAD_LANES(values, i, count, y);
      LOAD_LANES(means, i, count, m);
      LOAD_LANES(log_variances, i, count, l);
      EXPONENTIAL(-l, precision);
      sum -= 0.5f * ((y - m) * (y - m) * precision + l);
    }
    float joined;
    JOIN(sum, joined);
    total += joined;
  }
  return total;
}

MULTIVERSIONED
void ad_add_gaussian_gradients(
    const float *values, const float *means, const float *log_variances, size_t count, float scale,
    float *to_values, float *to_means, float *to_log_variances) {
  for (size_t i = 0; i < count; i += LANES) {
    lanes y, m, l, precision;
    LOAD_LANES(values, i, count, y);
    LOAD_LANES(means, i, count, m);
    LOAD_LANES(log_variances, i, count, l);
    EXPONENTIAL(-l, precision);
    const lanes pull = scale * (y - m) * precision;
    const lanes widen = 0.5f * (pull * (y - m) - scale);
    if (to_values) ADD(-pull, to_values, i, count);
    if (to_means) ADD(pull, to_means, i, count);
    if (to_log_variances) ADD(widen, to_log_variances, i, count);
  }
}
