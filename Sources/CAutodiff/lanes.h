#ifndef LANES_H
#define LANES_H

#include <stdint.h>
#include <string.h>

// Sixteen floats in as many registers as the processor needs for them. What works on them is a
// macro, because a function would pass vectors wider than the registers of the default instruction
// set.
typedef float lanes __attribute__((vector_size(64), aligned(4)));
enum { LANES = 16 };
typedef int32_t lane_bits __attribute__((vector_size(64), aligned(4)));

// Sixteen floats of `count`, from place i on; zeros beyond the end.
#define LOAD_LANES(from, i, count, result)                                             \
  do {                                                                                 \
    if ((i) + LANES <= (count)) {                                                      \
      result = *(const lanes *)((from) + (i));                                         \
    } else {                                                                           \
      float rest[LANES] = {0};                                                         \
      memcpy(rest, (from) + (i), ((count) - (i)) * sizeof *rest);                      \
      result = *(const lanes *)rest;                                                   \
    }                                                                                  \
  } while (0)

// Asks for the beginning of a row that is needed ROWS_AHEAD rows later, from its column `begin` on;
// the rest of a longer one the processor finds by itself.
enum { ROWS_AHEAD = 8, FLOATS_AHEAD = 64 };
#define PREFETCH(row, begin, end, writes)                                              \
  do {                                                                                 \
    for (size_t at = (begin); at < (end) && at < (begin) + FLOATS_AHEAD; at += LANES)  \
      __builtin_prefetch((row) + at, writes);                                          \
  } while (0)

// Sums sixteen partial sums in a fixed tree: halves onto each other until one is left.
typedef float eight __attribute__((vector_size(32)));
typedef float four __attribute__((vector_size(16)));
#define JOIN(sum, result)                                                              \
  do {                                                                                 \
    const eight e = __builtin_shufflevector(sum, sum, 0, 1, 2, 3, 4, 5, 6, 7)          \
        + __builtin_shufflevector(sum, sum, 8, 9, 10, 11, 12, 13, 14, 15);             \
    const four f = __builtin_shufflevector(e, e, 0, 1, 2, 3)                           \
        + __builtin_shufflevector(e, e, 4, 5, 6, 7);                                   \
    result = (f[0] + f[2]) + (f[1] + f[3]);                                            \
  } while (0)

// Whether a bit of the sixteen numbers is set.
#define ANY(bits) (__builtin_reduce_or(bits) != 0)

// e^x for x up to 88, with an error of two units in the last place; 0 below -87 and for -infinity.
//
// x = n ln 2 + r with |r| <= ln 2 / 2; e^r by the polynomial of the Cephes library.
#define EXPONENTIAL(x, result)                                                         \
  do {                                                                                 \
    const lanes given = (x);                                                           \
    const lane_bits under = given < -87.0f;                                            \
    const lanes safe = (lanes)((lane_bits)given & ~under);                             \
    const lanes n = __builtin_elementwise_floor(safe * 1.44269504f + 0.5f);            \
    const lanes r = safe - n * 0.693359375f + n * 2.12194440e-4f;                      \
    lanes p = r * 1.9875691500e-4f + 1.3981999507e-3f;                                 \
    p = p * r + 8.3334519073e-3f;                                                      \
    p = p * r + 4.1665795894e-2f;                                                      \
    p = p * r + 1.6666665459e-1f;                                                      \
    p = p * r + 5.0000001201e-1f;                                                      \
    p = p * r * r + r + 1.0f;                                                          \
    const lane_bits power = (__builtin_convertvector(n, lane_bits) + 127) << 23;       \
    p *= (lanes)power;                                                                 \
    result = (lanes)((lane_bits)p & ~under);                                           \
  } while (0)

#endif
