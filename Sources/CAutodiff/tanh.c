#include "autodiff_kernels.h"
#include "lanes.h"
#include "multiversion.h"

// Near zero the polynomial of the Cephes library, elsewhere (1 - e) / (1 + e) with e = e^(-2|x|).
MULTIVERSIONED
void ad_tanh(const float *x, size_t count, float *result) {
  for (size_t i = 0; i < count; i += LANES) {
    lanes given, e;
    LOAD_LANES(x, i, count, given);
    const lane_bits sign = (lane_bits)given & INT32_MIN;
    const lanes size = (lanes)((lane_bits)given ^ sign);
    EXPONENTIAL(-2.0f * size, e);
    const lane_bits far = (lane_bits)((1.0f - e) / (1.0f + e)) | sign;
    const lanes square = given * given;
    lanes p = square * -5.70498872745e-3f + 2.06390887954e-2f;
    p = p * square - 5.37397155531e-2f;
    p = p * square + 1.33314422036e-1f;
    p = p * square - 3.33332819422e-1f;
    p = p * square * given + given;
    const lane_bits is_near = size < 0.625f;
    const lanes y = (lanes)(((lane_bits)p & is_near) | (far & ~is_near));
    if (i + LANES <= count) {
      *(lanes *)(result + i) = y;
    } else {
      memcpy(result + i, &y, (count - i) * sizeof *result);
    }
  }
}
