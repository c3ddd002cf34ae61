#include "autodiff_kernels.h"
#include "multiversion.h"

typedef float lanes __attribute__((vector_size(64), aligned(4)));
enum { LANES = 16 };

MULTIVERSIONED
void ad_adam_step(
    const ad_adam *adam, float *values, const float *gradient, float *first, float *second,
    size_t count) {
  const ad_adam a = *adam;
  const float first_rest = 1 - a.first_decay, second_rest = 1 - a.second_decay;
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    lanes p = *(lanes *)(values + i);
    lanes g = {0};
    if (gradient) g = *(const lanes *)(gradient + i);
    if (a.weight_decay != 0) g += a.weight_decay * p;
    const lanes m = a.first_decay * *(lanes *)(first + i) + first_rest * g;
    const lanes v = a.second_decay * *(lanes *)(second + i) + second_rest * (g * g);
    *(lanes *)(first + i) = m;
    *(lanes *)(second + i) = v;
    p = a.kept * p - a.step_size * m / (__builtin_elementwise_sqrt(v) * a.inverse_root + a.epsilon);
    *(lanes *)(values + i) = p;
  }
  for (; i < count; i++) {
    float g = gradient ? gradient[i] : 0;
    if (a.weight_decay != 0) g += a.weight_decay * values[i];
    first[i] = a.first_decay * first[i] + first_rest * g;
    second[i] = a.second_decay * second[i] + second_rest * (g * g);
    values[i] = a.kept * values[i] - a.step_size * first[i]
        / (__builtin_elementwise_sqrt(second[i]) * a.inverse_root + a.epsilon);
  }
}
