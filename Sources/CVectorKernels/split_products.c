// For syscall.
#define _GNU_SOURCE

#include "vector_kernels.h"

#include <string.h>

#if defined(__x86_64__) && defined(__linux__)

#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

// Loads of tiles keep up with the multiplications only if both factors of a chunk stay in the
// second-level cache: 512 KB each for blocks of 512 rows.
enum { CHUNK = 256, STEP = 32, PANEL = 32, HALF = PANEL / 2, TILE = HALF * STEP, PARTS = 2 };

#define HAS_TILES __attribute__((target("arch=x86-64-v4,avx512bf16,amx-tile,amx-bf16")))
#define INLINED HAS_TILES __attribute__((always_inline)) static inline

bool vk_multiplies_split(void) {
  enum { REQUEST_PERMISSION = 0x1023, TILE_DATA = 18 };
  unsigned a, b, c, d;
  if (!__builtin_cpu_supports("avx512f") || !__get_cpuid_count(7, 0, &a, &b, &c, &d)) return false;
  const unsigned tiles = 1u << 24 | 1u << 22;
  if ((d & tiles) != tiles || !__get_cpuid_count(7, 1, &a, &b, &c, &d) || !(a & 1u << 5))
    return false;
  // The kernel keeps the registers' eight kilobytes only for processes that ask.
  return syscall(SYS_arch_prctl, REQUEST_PERMISSION, TILE_DATA) == 0;
}

INLINED __m512 widen(__m256i halves) {
  return (__m512)_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16);
}

// The 16 x 16 transpose of 32-bit lanes: the bits of the row and of the lane are swapped one after
// the other.
INLINED void transpose(__m512i row[HALF]) {
  const __m512i lane = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  for (int bit = HALF / 2; bit > 0; bit /= 2) {
    const __mmask16 is_set = _mm512_test_epi32_mask(lane, _mm512_set1_epi32(bit));
    const __m512i low = _mm512_mask_add_epi32(lane, is_set, lane, _mm512_set1_epi32(16 - bit));
    const __m512i high = _mm512_mask_add_epi32(
        _mm512_add_epi32(lane, _mm512_set1_epi32(bit)), is_set, lane, _mm512_set1_epi32(16));
    for (int i = 0; i < HALF; i++) {
      if (i & bit) continue;
      const __m512i first = row[i], second = row[i + bit];
      row[i] = _mm512_permutex2var_epi32(first, low, second);
      row[i + bit] = _mm512_permutex2var_epi32(first, high, second);
    }
  }
}

INLINED __mmask16 first_lanes(size_t count) {
  return count >= 16 ? 0xffff : (__mmask16)((1u << count) - 1);
}

// The parts of `count` rows at `width` features, a tile of each, those of one part after the other
// part's two tiles of a panel.
INLINED void split_tile(
    const float *rows, size_t stride, size_t count, size_t width, bool is_right, uint16_t *parts) {
  __m512i part[PARTS][HALF];
  const __mmask16 low = first_lanes(width), high = first_lanes(width > 16 ? width - 16 : 0);
  for (size_t r = 0; r < HALF; r++) {
    part[0][r] = part[1][r] = _mm512_setzero_si512();
    if (r >= count) continue;
    const float *row = rows + r * stride;
    __m512 first = _mm512_maskz_loadu_ps(low, row);
    __m512 second = high ? _mm512_maskz_loadu_ps(high, row + 16) : _mm512_setzero_ps();
    const __m512i rounded = (__m512i)_mm512_cvtne2ps_pbh(second, first);
    first = _mm512_sub_ps(first, widen(_mm512_castsi512_si256(rounded)));
    second = _mm512_sub_ps(second, widen(_mm512_extracti64x4_epi64(rounded, 1)));
    part[0][r] = rounded;
    part[1][r] = (__m512i)_mm512_cvtne2ps_pbh(second, first);
  }
  for (int p = 0; p < PARTS; p++) {
    if (is_right) transpose(part[p]);
    for (int r = 0; r < HALF; r++)
      _mm512_store_si512(parts + p * 2 * TILE + r * STEP, part[p][r]);
  }
}

HAS_TILES
void vk_split_rows(
    const float *rows, size_t stride, size_t count, size_t width, size_t block, bool is_right,
    uint16_t *parts) {
  for (size_t chunk = 0; chunk < width; chunk += CHUNK) {
    const size_t end = chunk + CHUNK < width ? chunk + CHUNK : width;
    for (size_t panel = 0; panel < block; panel += PANEL)
      for (size_t k = chunk; k < end; k += STEP, parts += PARTS * 2 * TILE)
        for (size_t half = 0; half < 2; half++) {
          const size_t first = panel + half * HALF;
          const size_t left = first < count ? count - first : 0;
          const float *source = left > 0 ? rows + first * stride + k : rows;
          if (is_right) split_tile(source, stride, left, end - k, true, parts + half * TILE);
          else split_tile(source, stride, left, end - k, false, parts + half * TILE);
        }
  }
}

#define LOAD_LEFT(PART) \
  _tile_loadd(4, left + (PART) * 2 * TILE, 64); \
  _tile_loadd(5, left + ((PART) * 2 + 1) * TILE, 64)
#define LOAD_RIGHT(PART) \
  _tile_loadd(6, right + (PART) * 2 * TILE, 64); \
  _tile_loadd(7, right + ((PART) * 2 + 1) * TILE, 64)
#define MULTIPLY \
  _tile_dpbf16ps(0, 4, 6); \
  _tile_dpbf16ps(1, 4, 7); \
  _tile_dpbf16ps(2, 5, 6); \
  _tile_dpbf16ps(3, 5, 7)

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
    MULTIPLY;
    LOAD_RIGHT(0);
    MULTIPLY;
    LOAD_LEFT(1);
    MULTIPLY;
  }
  _tile_stored(0, sums, bytes);
  _tile_stored(1, sums + HALF, bytes);
  _tile_stored(2, below, bytes);
  _tile_stored(3, below + HALF, bytes);
}

HAS_TILES
void vk_split_products(
    const uint16_t *left, const uint16_t *right, size_t block, size_t width, float *products) {
  struct {
    uint8_t palette, start, reserved[14];
    uint16_t row_bytes[16];
    uint8_t rows[16];
  } shapes = {.palette = 1};
  for (int tile = 0; tile < 8; tile++) {
    shapes.row_bytes[tile] = STEP * sizeof *left;
    shapes.rows[tile] = HALF;
  }
  _tile_loadconfig(&shapes);
  memset(products, 0, block * block * sizeof *products);
  for (size_t chunk = 0; chunk < width; chunk += CHUNK) {
    const size_t features = chunk + CHUNK < width ? CHUNK : width - chunk;
    const size_t steps = (features + STEP - 1) / STEP, panel = steps * PARTS * 2 * TILE;
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
