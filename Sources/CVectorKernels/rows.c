#include "multiversion.h"
#include "vector_kernels.h"

// Element-wise loops: no order of summation to fix. They must not be contracted, because a fused
// and a separate rounding would differ.

MULTIVERSIONED
void vk_center(
    const float *restrict row, const double *restrict center, float *restrict out, size_t count) {
  for (size_t i = 0; i < count; i++) out[i] = (float)((double)row[i] - center[i]);
}

MULTIVERSIONED
void vk_center_wide(
    const float *restrict row, const double *restrict center, double *restrict out, size_t count) {
  for (size_t i = 0; i < count; i++) out[i] = (double)row[i] - center[i];
}

MULTIVERSIONED
void vk_add_scaled(
    const float *restrict row, double weight, double *restrict sums, size_t count) {
#pragma clang fp contract(off)
  for (size_t i = 0; i < count; i++) sums[i] += weight * (double)row[i];
}
