// Vector loops whose order of summation is fixed, so that they give the same bits on every
// processor and for every thread count. Only LinearAlgebra imports this module.
#ifndef VECTOR_KERNELS_H
#define VECTOR_KERNELS_H

#include <stddef.h>

/// Sum of a[i] * b[i] in double precision, sixteen partial sums joined in a fixed tree.
double vk_dot(const float *a, const float *b, size_t count);

/// Sum of (a[i] - b[i])^2 in double precision, summed like vk_dot.
double vk_squared_distance(const float *a, const float *b, size_t count);

#endif
