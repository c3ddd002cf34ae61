#include "multiversion.h"
#include "vector_kernels.h"

#include <string.h>

// Sixteen floats in as many registers as the processor needs for them; a row of a strip fits the
// registers of every instruction set.
typedef float lanes __attribute__((vector_size(64), aligned(4)));
enum { LANES = 16, PARTS = VK_STRIP / LANES };

// A chunk of the strip's columns, transposed, stays in the first-level cache (32 KB) while all rows
// of the block pass by. Every sum runs over ascending places in one accumulator, and products with
// zero change none, so that a pair has the same bits whichever of the two is the row.
MULTIVERSIONED
void vk_sparse_strip(
    const vk_chunks *rows, const vk_chunks *columns, size_t block, size_t chunks, size_t first,
    float *products) {
  _Alignas(64) float panel[VK_CHUNK * VK_STRIP];
  memset(products, 0, block * VK_STRIP * sizeof *products);
  for (size_t chunk = 0; chunk < chunks; chunk++) {
    memset(panel, 0, sizeof panel);
    const uint32_t *starts = columns->starts + chunk * block + first;
    for (size_t c = 0; c < VK_STRIP; c++)
      for (uint32_t e = starts[c]; e < starts[c + 1]; e++)
        panel[(size_t)columns->places[e] * VK_STRIP + c] = columns->values[e];
    starts = rows->starts + chunk * block;
    for (size_t r = 0; r < block; r++) {
      float *target = products + r * VK_STRIP;
      lanes sum[PARTS];
      for (int p = 0; p < PARTS; p++) sum[p] = *(const lanes *)(target + p * LANES);
      for (uint32_t e = starts[r]; e < starts[r + 1]; e++) {
        const float value = rows->values[e];
        const float *source = panel + (size_t)rows->places[e] * VK_STRIP;
        for (int p = 0; p < PARTS; p++) sum[p] += value * *(const lanes *)(source + p * LANES);
      }
      for (int p = 0; p < PARTS; p++) *(lanes *)(target + p * LANES) = sum[p];
    }
  }
}
