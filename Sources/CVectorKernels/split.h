// Floats split into 16-bit parts, in tiles of 16 x 32, for processors that multiply such tiles.
#ifndef SPLIT_H
#define SPLIT_H

#if defined(__x86_64__) && defined(__linux__)
#define HAS_TILES 1

#include "vector_kernels.h"

#include <immintrin.h>

#define USES_TILES __attribute__((target("arch=x86-64-v4,avx512bf16,amx-tile,amx-bf16")))
#define INLINED USES_TILES __attribute__((always_inline)) static inline

// A panel has 32 lines (rows of the left factor, columns of the right one), which is two tiles, for
// each step of 32 along the inner dimension.
enum { PANEL = 32, HALF = PANEL / 2, STEP = 32, TILE = HALF * STEP };

INLINED __m512 widen(__m256i halves) {
  return (__m512)_mm512_slli_epi32(_mm512_cvtepu16_epi32(halves), 16);
}

// Part p of two registers: what the parts before it leave, rounded to nearest.
INLINED void split(__m512 first, __m512 second, int parts, __m512i part[]) {
  for (int p = 0; p < parts; p++) {
    part[p] = (__m512i)_mm512_cvtne2ps_pbh(second, first);
    if (p + 1 == parts) return;
    first = _mm512_sub_ps(first, widen(_mm512_castsi512_si256(part[p])));
    second = _mm512_sub_ps(second, widen(_mm512_extracti64x4_epi64(part[p], 1)));
  }
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

// The tiles of all parts of at most 16 lines at `depth` places, from the lines' first place on,
// zeros beyond both. Those of one part lie two tiles behind those of the part before: between them
// is the panel's other half.
INLINED void split_tile(
    vk_factor lines, size_t count, size_t depth, int parts, bool is_right, uint16_t *tiles) {
  // A row of a left tile has one line's places, one of a right tile pairs of places for all lines.
  __m512i part[3][HALF];
  for (size_t r = 0; r < HALF; r++) {
    __m512 first = _mm512_setzero_ps(), second = first;
    if (!lines.is_turned) {
      const float *line = lines.base + r * lines.stride;
      if (r < count) {
        first = _mm512_maskz_loadu_ps(first_lanes(depth), line);
        if (depth > 16) second = _mm512_maskz_loadu_ps(first_lanes(depth - 16), line + 16);
      }
    } else {
      const float *place = lines.base + 2 * r * lines.stride;
      if (2 * r < depth) first = _mm512_maskz_loadu_ps(first_lanes(count), place);
      if (2 * r + 1 < depth)
        second = _mm512_maskz_loadu_ps(first_lanes(count), place + lines.stride);
    }
    __m512i both[3];
    split(first, second, parts, both);
    for (int p = 0; p < parts; p++) part[p][r] = both[p];
  }
  const __m512i pairs = _mm512_set_epi16(
      31, 15, 30, 14, 29, 13, 28, 12, 27, 11, 26, 10, 25, 9, 24, 8, 23, 7, 22, 6, 21, 5, 20, 4, 19,
      3, 18, 2, 17, 1, 16, 0);
  for (int p = 0; p < parts; p++) {
    if (lines.is_turned)
      for (int r = 0; r < HALF; r++) part[p][r] = _mm512_permutexvar_epi16(pairs, part[p][r]);
    if (lines.is_turned != is_right) transpose(part[p]);
    for (int r = 0; r < HALF; r++)
      _mm512_store_si512(tiles + p * 2 * TILE + r * STEP, part[p][r]);
  }
}

// The tiles of `count` lines of a panel at `depth` places, a step after the other.
INLINED void split_panel(
    vk_factor lines, size_t count, size_t depth, int parts, bool is_right, uint16_t *tiles) {
  const size_t line = lines.is_turned ? 1 : lines.stride;
  const size_t place = lines.is_turned ? lines.stride : 1;
  for (size_t k = 0; k < depth; k += STEP, tiles += parts * 2 * TILE)
    for (size_t first = 0; first < PANEL; first += HALF) {
      vk_factor half = lines;
      const size_t left = count > first ? count - first : 0;
      if (left > 0) half.base += first * line + k * place;
      split_tile(half, left, depth - k, parts, is_right, tiles + first / HALF * TILE);
    }
}

// Sets the shapes of all eight tile registers: 16 rows of 64 bytes.
INLINED void begin_tiles(void) {
  struct {
    uint8_t palette, start, reserved[14];
    uint16_t row_bytes[16];
    uint8_t rows[16];
  } shapes = {.palette = 1};
  for (int tile = 0; tile < 8; tile++) {
    shapes.row_bytes[tile] = STEP * sizeof(uint16_t);
    shapes.rows[tile] = HALF;
  }
  _tile_loadconfig(&shapes);
}

#define LOAD_LEFT(PART) \
  _tile_loadd(4, left + (PART) * 2 * TILE, 64); \
  _tile_loadd(5, left + ((PART) * 2 + 1) * TILE, 64)
#define LOAD_RIGHT(PART) \
  _tile_loadd(6, right + (PART) * 2 * TILE, 64); \
  _tile_loadd(7, right + ((PART) * 2 + 1) * TILE, 64)
#define MULTIPLY_TILES \
  _tile_dpbf16ps(0, 4, 6); \
  _tile_dpbf16ps(1, 4, 7); \
  _tile_dpbf16ps(2, 5, 6); \
  _tile_dpbf16ps(3, 5, 7)

#endif
#endif
