#include "neighbor_embedding.h"
#include "multiversion.h"

#include <kissfft/kiss_fft.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

typedef kiss_fft_cpx complex_t;

struct ne_fourier {
  size_t size;
  kiss_fft_cfg forward, inverse;
};

ne_fourier *ne_fourier_create(size_t size) {
  ne_fourier *plan = malloc(sizeof *plan);
  if (!plan) return NULL;
  plan->size = size;
  plan->forward = kiss_fft_alloc((int)size, 0, NULL, NULL);
  plan->inverse = kiss_fft_alloc((int)size, 1, NULL, NULL);
  if (plan->forward && plan->inverse) return plan;
  ne_fourier_destroy(plan);
  return NULL;
}

void ne_fourier_destroy(ne_fourier *plan) {
  if (!plan) return;
  kiss_fft_free(plan->forward);
  kiss_fft_free(plan->inverse);
  free(plan);
}

size_t ne_fourier_scratch(size_t size) { return 2 * size * (NE_ROWS + 2); }

static inline size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

// What the kernel's spectrum must gain so that spreading and gathering by cubic B-splines, whose
// transform is w = sinc^4(theta / 2), give it back with the least mean square error: w^2 / D^2 with
// D the sum of w^2 over all aliases of theta, itself a B-spline of degree 7 at the nodes.
static float sharpening(size_t frequency, size_t size) {
  const double theta = 6.283185307179586 * (double)frequency / (double)size;
  const double sinc = frequency == 0 ? 1 : sin(theta / 2) / (theta / 2);
  const double w = sinc * sinc * sinc * sinc;
  const double d =
      (2416 + 2382 * cos(theta) + 240 * cos(2 * theta) + 2 * cos(3 * theta)) / 5040;
  return (float)(w * w / (d * d));
}

// The kernels have parities, so one complex transform carries three: of
// (even + odd) + i * even, the real part is the first, and the odd and even parts of the imaginary
// part are the second and third.

void ne_kernel_rows(const ne_fourier *plan, float spacing, size_t first, size_t last,
                    float *spectrum, float *scratch) {
  const size_t size = plan->size, half = size / 2;
  complex_t *in = (complex_t *)scratch, *out = in + size;
  for (size_t row = first; row < last; row++) {
    const float y = spacing * (float)row;
    for (size_t column = 0; column <= half; column++) {
      const float x = spacing * (float)column;
      const float potential = 1.0f / (1.0f + (x * x + y * y));
      const float square = potential * potential;
      // An odd kernel vanishes at half the period, which no pair of nodes reaches.
      const float force_x = column < half ? x * square : 0.0f;
      const float force_y = row < half ? y * square : 0.0f;
      in[column] = (complex_t){potential + force_x, force_y};
      if (column > 0) in[size - column] = (complex_t){potential - force_x, force_y};
    }
    kiss_fft(plan->forward, in, out);
    for (size_t k = 0; k <= half; k++) {
      const float here = out[k].i, mirrored = out[(size - k) % size].i;
      float *entry = spectrum + 3 * (k * (half + 1) + row);
      entry[0] = out[k].r;
      entry[1] = (here - mirrored) * 0.5f;
      entry[2] = (here + mirrored) * 0.5f;
    }
  }
}

void ne_kernel_columns(const ne_fourier *plan, const float *spectrum, size_t first, size_t last,
                       float *kernels, float *scratch) {
  const size_t size = plan->size, half = size / 2;
  const double scale = 1.0 / ((double)size * (double)size);
  complex_t *in = (complex_t *)scratch, *out = in + size;
  for (size_t k = first; k < last; k++) {
    const float *column = spectrum + 3 * k * (half + 1);
    for (size_t row = 0; row <= half; row++) {
      const float potential = column[3 * row], force_x = column[3 * row + 1];
      const float force_y = column[3 * row + 2];
      in[row] = (complex_t){potential + force_y, force_x};
      if (row > 0) in[size - row] = (complex_t){potential - force_y, force_x};
    }
    kiss_fft(plan->forward, in, out);
    float *potential = kernels + 3 * k * size;
    float *force_x = potential + size, *force_y = force_x + size;
    const float across = (float)(sharpening(k, size) * scale);
    for (size_t r = 0; r < size; r++) {
      const float factor = across * sharpening(smaller(r, size - r), size);
      const float here = out[r].i, mirrored = out[(size - r) % size].i;
      potential[r] = out[r].r * factor;
      force_x[r] = (here + mirrored) * 0.5f * factor;
      force_y[r] = (here - mirrored) * 0.5f * factor;
    }
  }
}

// Two real rows travel as the real and imaginary part of one complex row.
static void load_pair(const float *charges, size_t layers, size_t nodes, size_t row, int paired,
                      complex_t *in) {
  const size_t layer_size = nodes * nodes;
  for (size_t column = 0; column < nodes; column++) in[column] = (complex_t){0, 0};
  for (size_t layer = 0; layer < layers; layer++) {
    const float *source = charges + layer * layer_size + row * nodes;
    for (size_t column = 0; column < nodes; column++) in[column].r += source[column];
    if (!paired) continue;
    for (size_t column = 0; column < nodes; column++) in[column].i += source[nodes + column];
  }
}

void ne_charge_rows(const ne_fourier *plan, const float *charges, size_t layers, size_t nodes,
                    size_t first, size_t last, float *spectrum, float *scratch) {
  const size_t size = plan->size, half = size / 2;
  complex_t *in = (complex_t *)scratch, *out = in + size;
  memset(in, 0, size * sizeof *in);
  for (size_t start = first; start < last; start += NE_ROWS) {
    const size_t rows = smaller(NE_ROWS, last - start);
    for (size_t row = 0; row < rows; row += 2) {
      load_pair(charges, layers, nodes, start + row, row + 1 < rows, in);
      kiss_fft(plan->forward, in, out + row / 2 * size);
    }
    // A cache line of each column at a time.
    for (size_t k = 0; k <= half; k++) {
      complex_t *target = (complex_t *)spectrum + k * nodes + start;
      const size_t mirrored = (size - k) % size;
      for (size_t row = 0; row < rows; row += 2) {
        const complex_t z = out[row / 2 * size + k], m = out[row / 2 * size + mirrored];
        target[row] = (complex_t){(z.r + m.r) * 0.5f, (z.i - m.i) * 0.5f};
        if (row + 1 < rows)
          target[row + 1] = (complex_t){(z.i + m.i) * 0.5f, (m.r - z.r) * 0.5f};
      }
    }
  }
}

// Writes i * kernel * charge for both forces and returns sum of potential * |charge|^2.
MULTIVERSIONED
static double multiply(const complex_t *charge, const float *kernels, size_t size,
                       complex_t *force_x, complex_t *force_y) {
  const float *potential = kernels, *kernel_x = kernels + size, *kernel_y = kernel_x + size;
  enum { LANES = 8 };
  double energy[LANES] = {0};
  size_t r = 0;
  for (; r + LANES <= size; r += LANES)
    for (int l = 0; l < LANES; l++) {
      const complex_t q = charge[r + l];
      energy[l] += (double)(potential[r + l] * (q.r * q.r + q.i * q.i));
      force_x[r + l] = (complex_t){-kernel_x[r + l] * q.i, kernel_x[r + l] * q.r};
      force_y[r + l] = (complex_t){-kernel_y[r + l] * q.i, kernel_y[r + l] * q.r};
    }
  for (int l = 0; r < size; r++, l++) {
    const complex_t q = charge[r];
    energy[l] += (double)(potential[r] * (q.r * q.r + q.i * q.i));
    force_x[r] = (complex_t){-kernel_x[r] * q.i, kernel_x[r] * q.r};
    force_y[r] = (complex_t){-kernel_y[r] * q.i, kernel_y[r] * q.r};
  }
  double sum = 0;
  for (int l = 0; l < LANES; l++) sum += energy[l];
  return sum;
}

double ne_convolve_columns(const ne_fourier *plan, const float *kernels, size_t nodes, size_t first,
                           size_t last, const float *spectrum, float *force_x, float *force_y,
                           float *scratch) {
  const size_t size = plan->size, half = size / 2;
  complex_t *in = (complex_t *)scratch, *out = in + size;
  complex_t *across = out + size, *along = across + size;
  double energy = 0;
  for (size_t k = first; k < last; k++) {
    memcpy(in, spectrum + 2 * k * nodes, nodes * sizeof *in);
    memset(in + nodes, 0, (size - nodes) * sizeof *in);
    kiss_fft(plan->forward, in, out);
    const double share = multiply(out, kernels + 3 * k * size, size, across, along);
    // The columns between the first and the middle stand for their mirror images too.
    energy += k == 0 || k == half ? share : 2 * share;
    kiss_fft(plan->inverse, across, out);
    memcpy(force_x + 2 * k * nodes, out, nodes * sizeof *out);
    kiss_fft(plan->inverse, along, out);
    memcpy(force_y + 2 * k * nodes, out, nodes * sizeof *out);
  }
  return energy;
}

void ne_field_rows(const ne_fourier *plan, const float *force_x, const float *force_y, size_t nodes,
                   size_t first, size_t last, float *field, float *scratch) {
  const size_t size = plan->size, half = size / 2;
  complex_t *rows_in = (complex_t *)scratch, *out = rows_in + NE_ROWS * size;
  for (size_t start = first; start < last; start += NE_ROWS) {
    const size_t rows = smaller(NE_ROWS, last - start);
    for (size_t k = 0; k <= half; k++) {
      const complex_t *x = (const complex_t *)force_x + k * nodes + start;
      const complex_t *y = (const complex_t *)force_y + k * nodes + start;
      for (size_t row = 0; row < rows; row++) {
        complex_t *in = rows_in + row * size;
        in[k] = (complex_t){x[row].r - y[row].i, x[row].i + y[row].r};
        if (k > 0 && k < half)
          in[size - k] = (complex_t){x[row].r + y[row].i, y[row].r - x[row].i};
      }
    }
    for (size_t row = 0; row < rows; row++) {
      kiss_fft(plan->inverse, rows_in + row * size, out);
      memcpy(field + 2 * (start + row) * nodes, out, nodes * sizeof *out);
    }
  }
}
