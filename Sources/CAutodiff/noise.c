#include "autodiff_kernels.h"
#include "multiversion.h"

// A number in [0, 1) that depends on seed and place alone (SplitMix64).
static inline double draw(uint64_t seed, size_t place) {
  uint64_t z = seed + ((uint64_t)place + 1) * 0x9E3779B97F4A7C15u;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
  return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

MULTIVERSIONED
void ad_draws(uint64_t seed, size_t first, size_t count, double *draws) {
  for (size_t i = 0; i < count; i++) draws[i] = draw(seed, first + i);
}

MULTIVERSIONED
void ad_dropout_mask(
    uint64_t seed, size_t first, size_t count, double rate, float kept, float *mask) {
  for (size_t i = 0; i < count; i++) mask[i] = draw(seed, first + i) < rate ? 0 : kept;
}

MULTIVERSIONED
void ad_perturb_rows(
    const float *x, size_t rows, size_t width, double radius, uint64_t seed, size_t first,
    double *draws, float *y) {
  enum { SUMS = 8 };
  for (size_t row = 0; row < rows; row++, x += width, y += width, first += width) {
    for (size_t i = 0; i < width; i++) draws[i] = draw(seed, first + i);
    double sums[SUMS] = {0};
    size_t i = 0;
    for (; i + SUMS <= width; i += SUMS)
      for (size_t s = 0; s < SUMS; s++) sums[s] += draws[i + s] * draws[i + s];
    for (; i < width; i++) sums[0] += draws[i] * draws[i];
    const double square =
        ((sums[0] + sums[4]) + (sums[2] + sums[6])) + ((sums[1] + sums[5]) + (sums[3] + sums[7]));
    const double length = __builtin_elementwise_sqrt(square);
    const double scale = radius / (length > 1e-12 ? length : 1e-12);
    for (i = 0; i < width; i++) {
      const float shift = (float)(scale * draws[i]);
      y[i] = x[i] + (x[i] > 0 ? shift : x[i] < 0 ? -shift : 0);
    }
  }
}
