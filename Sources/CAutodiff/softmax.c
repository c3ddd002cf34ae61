#include "autodiff_kernels.h"
#include "lanes.h"
#include "multiversion.h"

#include <math.h>
#include <string.h>

// The last lanes of a row, those beyond its end holding what has no share in a softmax.
static void load_rest(const float *from, size_t count, float *rest) {
  for (size_t l = 0; l < LANES; l++) rest[l] = l < count ? from[l] : -INFINITY;
}

MULTIVERSIONED
void ad_add_exponentials(
    const float *scores, size_t rows, size_t columns, float scale, float *peaks, float *sums) {
  for (size_t row = 0; row < rows; row++, scores += columns) {
    const size_t whole = columns - columns % LANES;
    float rest[LANES];
    load_rest(scores + whole, columns - whole, rest);
    lanes high = *(const lanes *)rest;
    for (size_t i = 0; i < whole; i += LANES)
      high = __builtin_elementwise_max(high, *(const lanes *)(scores + i));
    float peak = peaks[row];
    for (size_t l = 0; l < LANES; l++)
      if (scale * high[l] > peak) peak = scale * high[l];
    if (peak == -INFINITY) continue;
    lanes sum, part;
    EXPONENTIAL(scale * *(const lanes *)rest - peak, sum);
    for (size_t i = 0; i < whole; i += LANES) {
      EXPONENTIAL(scale * *(const lanes *)(scores + i) - peak, part);
      sum += part;
    }
    float joined;
    JOIN(sum, joined);
    sums[row] = (float)(sums[row] * exp((double)peaks[row] - peak) + joined);
    peaks[row] = peak;
  }
}

MULTIVERSIONED
void ad_shares(
    float *scores, size_t rows, size_t columns, float scale, const float *log_sums,
    const float *weights) {
  for (size_t row = 0; row < rows; row++, scores += columns) {
    const float shift = log_sums[row], weight = weights[row];
    const size_t whole = columns - columns % LANES;
    lanes part;
    for (size_t i = 0; i < whole; i += LANES) {
      EXPONENTIAL(scale * *(const lanes *)(scores + i) - shift, part);
      *(lanes *)(scores + i) = weight * part;
    }
    float rest[LANES];
    load_rest(scores + whole, columns - whole, rest);
    EXPONENTIAL(scale * *(const lanes *)rest - shift, part);
    part *= weight;
    memcpy(scores + whole, &part, (columns - whole) * sizeof *scores);
  }
}
