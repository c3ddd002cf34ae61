#include "multiversion.h"
#include "vector_kernels.h"

// The lane count is fixed by the code, not by the register width, so every body adds in the same
// order. Products of two floats are exact in double, so a fused multiply-add gives the same bits as
// a separate one.
enum { LANES = 16 };

static inline double join(const double *lane) {
  double sum[LANES];
  for (int i = 0; i < LANES; i++) sum[i] = lane[i];
  for (int width = LANES / 2; width > 0; width /= 2)
    for (int i = 0; i < width; i++) sum[i] += sum[i + width];
  return sum[0];
}

MULTIVERSIONED
double vk_dot(const float *a, const float *b, size_t count) {
  double lane[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= count; i += LANES)
    for (int l = 0; l < LANES; l++) lane[l] += (double)a[i + l] * (double)b[i + l];
  for (int l = 0; i < count; i++, l++) lane[l] += (double)a[i] * (double)b[i];
  return join(lane);
}

// The difference of two floats is not always exact in double, and neither is its square, so this
// loop must not be contracted: a fused and a separate rounding would differ.
MULTIVERSIONED
double vk_squared_distance(const float *a, const float *b, size_t count) {
#pragma clang fp contract(off)
  double lane[LANES] = {0};
  size_t i = 0;
  for (; i + LANES <= count; i += LANES)
    for (int l = 0; l < LANES; l++) {
      double difference = (double)a[i + l] - (double)b[i + l];
      lane[l] += difference * difference;
    }
  for (int l = 0; i < count; i++, l++) {
    double difference = (double)a[i] - (double)b[i];
    lane[l] += difference * difference;
  }
  return join(lane);
}
