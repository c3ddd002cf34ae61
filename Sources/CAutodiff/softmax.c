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
void ad_exponentials(
    const float *scores, size_t rows, size_t columns, float scale, float *result, float *peaks,
    float *sums) {
  for (size_t row = 0; row < rows; row++, scores += columns, result += columns) {
    const size_t whole = columns - columns % LANES;
    float rest[LANES];
    load_rest(scores + whole, columns - whole, rest);
    lanes high = *(const lanes *)rest;
    for (size_t i = 0; i < whole; i += LANES)
      high = __builtin_elementwise_max(high, *(const lanes *)(scores + i));
    float peak = -INFINITY;
    for (size_t l = 0; l < LANES; l++)
      if (scale * high[l] > peak) peak = scale * high[l];
    peaks[row] = peak;
    // A row of nothing but -infinity has no exponentials, whatever it is divided by.
    if (peak == -INFINITY) peak = 0;

    lanes part;
    EXPONENTIAL(scale * *(const lanes *)rest - peak, part);
    memcpy(result + whole, &part, (columns - whole) * sizeof *result);
    float joined;
    JOIN(part, joined);
    double total = joined;
    // Sums of 1024 terms are single, those of more double.
    for (size_t first = 0; first < whole; first += 64 * LANES) {
      lanes sum = {0};
      for (size_t i = first; i < whole && i < first + 64 * LANES; i += LANES) {
        EXPONENTIAL(scale * *(const lanes *)(scores + i) - peak, part);
        *(lanes *)(result + i) = part;
        sum += part;
      }
      JOIN(sum, joined);
      total += joined;
    }
    sums[row] = (float)total;
  }
}
