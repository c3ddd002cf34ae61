// For syscall.
#define _GNU_SOURCE

#include "split.h"
#include "vector_kernels.h"

#include <string.h>

#if HAS_TILES

#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

// Loads of tiles keep up with the multiplications only if both factors of a chunk stay in the
// second-level cache: 512 KB each for blocks of 512 rows.
enum { CHUNK = 256, PARTS = 2 };

bool vk_multiplies_split(void) {
  enum { REQUEST_PERMISSION = 0x1023, TILE_DATA = 18 };
  unsigned a, b, c, d;
  if (!__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512vl")
      || !__get_cpuid_count(7, 0, &a, &b, &c, &d))
    return false;
  const unsigned tiles = 1u << 24 | 1u << 22;
  if ((d & tiles) != tiles) return false;
  // The kernel keeps the registers' eight kilobytes only for processes that ask.
  return syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
}

INLINED void split_block(
    const float *rows, size_t stride, size_t count, size_t width, size_t block, bool is_right,
    uint16_t *parts) {
  for (size_t chunk = 0; chunk < width; chunk += CHUNK) {
    const size_t depth = width - chunk < CHUNK ? width - chunk : CHUNK;
    const size_t size = (depth + STEP - 1) / STEP * PARTS * 2 * TILE;
    for (size_t first = 0; first < block; first += PANEL, parts += size) {
      const size_t left = count > first ? count - first : 0;
      const vk_factor lines = {
          .base = left > 0 ? rows + first * stride + chunk : rows, .stride = stride};
      split_panel(lines, left, depth, PARTS, is_right, parts);
    }
  }
}

USES_TILES
void vk_split_rows(
    const float *rows, size_t stride, size_t count, size_t width, size_t block, bool is_right,
    uint16_t *parts) {
  if (is_right) split_block(rows, stride, count, width, block, true, parts);
  else split_block(rows, stride, count, width, block, false, parts);
}

// Adds the products of two panels over `steps` to 32 x 32 sums of a strip. Rows of a whole block
// would lie so far apart that they share a few sets of the first-level cache.
INLINED void multiply_panels(
    const uint16_t *left, const uint16_t *right, size_t steps, float *sums) {
  const size_t bytes = VK_STRIP * sizeof *sums;
  float *below = sums + HALF * VK_STRIP;
  _tile_loadd(0, sums, bytes);
  _tile_loadd(1, sums + HALF, bytes);
  _tile_loadd(2, below, bytes);
  _tile_loadd(3, below + HALF, bytes);
  for (; steps > 0; steps--, left += PARTS * 2 * TILE, right += PARTS * 2 * TILE) {
    LOAD_LEFT(0);
    LOAD_RIGHT(1);
    MULTIPLY_TILES;
    LOAD_RIGHT(0);
    MULTIPLY_TILES;
    LOAD_LEFT(1);
    MULTIPLY_TILES;
  }
  _tile_stored(0, sums, bytes);
  _tile_stored(1, sums + HALF, bytes);
  _tile_stored(2, below, bytes);
  _tile_stored(3, below + HALF, bytes);
}

USES_TILES
void vk_split_products(
    const uint16_t *left, const uint16_t *right, size_t block, size_t width, float *products) {
  begin_tiles();
  memset(products, 0, block * block * sizeof *products);
  for (size_t chunk = 0; chunk < width; chunk += CHUNK) {
    const size_t depth = width - chunk < CHUNK ? width - chunk : CHUNK;
    const size_t steps = (depth + STEP - 1) / STEP, panel = steps * PARTS * 2 * TILE;
    for (size_t r = 0; r < block; r += PANEL)
      for (size_t c = 0; c < block; c += PANEL)
        multiply_panels(
            left + r / PANEL * panel, right + c / PANEL * panel, steps,
            products + c / VK_STRIP * VK_STRIP * block + r * VK_STRIP + c % VK_STRIP);
    left += block / PANEL * panel;
    right += block / PANEL * panel;
  }
  _tile_release();
}

#else

bool vk_multiplies_split(void) { return false; }

void vk_split_rows(
    const float *rows, size_t stride, size_t count, size_t width, size_t block, bool is_right,
    uint16_t *parts) {
  __builtin_trap();
}

void vk_split_products(
    const uint16_t *left, const uint16_t *right, size_t block, size_t width, float *products) {
  __builtin_trap();
}

#endif
