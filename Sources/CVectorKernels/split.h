// Floats split into 16-bit parts, in tiles of 16 x 32, for processors that multiply such tiles.
#ifndef SPLIT_H
#define SPLIT_H

#if defined(__x86_64__) && defined(__linux__)
#define HAS_TILES 1

#include "vector_kernels.h"

#include <immintrin.h>

#define USES_TILES __attribute__((target("arch=x86-64-v4,amx-tile,amx-bf16")))
#define INLINED USES_TILES __attribute__((always_inline)) static inline

// A panel has 32 lines (rows of the left factor, columns of the right one), which is two tiles, for
// each step of 32 along the inner dimension.
enum { PANEL = 32, HALF = PANEL / 2, STEP = 32, TILE = HALF * STEP };

// The 16 x 16 transpose of 32-bit lanes: the bits of the row and of the lane are swapped one after
// the other.
INLINED void transpose(__m512 row[HALF]) {
  const __m512i lane = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  for (int bit = HALF / 2; bit > 0; bit /= 2) {
    const __mmask16 is_set = _mm512_test_epi32_mask(lane, _mm512_set1_epi32(bit));
    const __m512i low = _mm512_mask_add_epi32(lane, is_set, lane, _mm512_set1_epi32(16 - bit));
    const __m512i high = _mm512_mask_add_epi32(
        _mm512_add_epi32(lane, _mm512_set1_epi32(bit)), is_set, lane, _mm512_set1_epi32(16));
    for (int i = 0; i < HALF; i++) {
      if (i & bit) continue;
      const __m512 first = row[i], second = row[i + bit];
      row[i] = _mm512_permutex2var_ps(first, low, second);
      row[i + bit] = _mm512_permutex2var_ps(first, high, second);
    }
  }
}

INLINED __mmask16 first_lanes(size_t count) {
  return count >= 16 ? 0xffff : (__mmask16)((1u << count) - 1);
}

// The nearest float with eight significant bits; ties go away from zero.
INLINED __m512 round_to_part(__m512 x) {
  const __m512i carried = _mm512_add_epi32((__m512i)x, _mm512_set1_epi32(0x8000));
  return (__m512)_mm512_and_si512(carried, _mm512_set1_epi32((int)0xFFFF0000));
}

// One row of a tile of each part, from the first and the second halves of its pairs. Those of one
// part lie two tiles behind those of the part before: between them is the panel's other half.
//
// A pair of places that is multiplied together is one place and the sixteenth behind it, which puts
// the halves of registers together without moving any.
INLINED void split_row(__m512 first, __m512 second, int parts, uint16_t *tiles) {
  for (int p = 0; p < parts; p++) {
    // Of three parts the last is exact; as it is not rounded, it keeps what is not a number.
    const bool is_rest = p == 2;
    const __m512 low = is_rest ? first : round_to_part(first);
    const __m512 high = is_rest ? second : round_to_part(second);
    const __m512i pair = _mm512_mask_blend_epi16(
        0xAAAAAAAA, _mm512_srli_epi32((__m512i)low, 16), (__m512i)high);
    _mm512_store_si512(tiles + p * 2 * TILE, pair);
    first = _mm512_sub_ps(first, low);
    second = _mm512_sub_ps(second, high);
  }
}

// The tiles of all parts of at most 16 lines at `depth` places, from the lines' first place on,
// zeros beyond both.
INLINED void split_tile(
    vk_factor lines, size_t count, size_t depth, int parts, bool is_right, uint16_t *tiles) {
  // A row of a left tile has one line's places, one of a right tile the lines at a pair of places.
  const bool moves = lines.is_turned != is_right;
  const size_t line_or_place = lines.is_turned ? depth : count;
  const size_t other = lines.is_turned ? count : depth;
  const size_t behind = lines.is_turned ? HALF * lines.stride : HALF;
  const bool has_second = depth > HALF;
  // Each panel's places are in lines of memory of their own, too few in a row for the processor to
  // see where the next ones come from. Asking for what lies beyond the end does nothing.
  const size_t next_panel = lines.is_turned ? PANEL : PANEL * lines.stride;
  const __mmask16 low = first_lanes(other);
  const __mmask16 high = lines.is_turned ? low : first_lanes(has_second ? depth - HALF : 0);
  __m512 first[HALF], second[HALF];
  for (size_t r = 0; r < HALF; r++) {
    const float *source = lines.base + r * lines.stride;
    _mm_prefetch(source + next_panel, _MM_HINT_T1);
    _mm_prefetch(source + next_panel + behind, _MM_HINT_T1);
    __m512 a = _mm512_setzero_ps(), b = a;
    if (r < line_or_place) a = _mm512_maskz_loadu_ps(low, source);
    if (has_second && r < (lines.is_turned ? depth - HALF : count))
      b = _mm512_maskz_loadu_ps(high, source + behind);
    if (moves) {
      first[r] = a;
      second[r] = b;
    } else {
      split_row(a, b, parts, tiles + r * STEP);
    }
  }
  if (!moves) return;
  transpose(first);
  transpose(second);
  for (size_t r = 0; r < HALF; r++) split_row(first[r], second[r], parts, tiles + r * STEP);
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
