#include "split.h"
#include "vector_kernels.h"

#if HAS_TILES

#include <pthread.h>
#include <stdlib.h>

// The right factor's tiles of a chunk stay in the second-level cache (768 KB), those of a panel of
// the left factor nearly in the first-level one.
enum { CHUNK = 256, SPAN = 512, PARTS = 3, STEP_SIZE = PARTS * 2 * TILE };

static pthread_key_t scratch_key;
static pthread_once_t scratch_once = PTHREAD_ONCE_INIT;

static void make_scratch_key(void) {
  if (pthread_key_create(&scratch_key, free) != 0) abort();
}

// This thread's memory for a panel of the left factor and a span of the right one.
static uint16_t *scratch(void) {
  pthread_once(&scratch_once, make_scratch_key);
  uint16_t *memory = pthread_getspecific(scratch_key);
  if (memory) return memory;
  memory = aligned_alloc(64, (PANEL + SPAN) / PANEL * (CHUNK / STEP) * STEP_SIZE * sizeof *memory);
  if (!memory) abort();
  pthread_setspecific(scratch_key, memory);
  return memory;
}

// Each of the four kinds of panels has a loop of its own.
USES_TILES static void split_lines(
    vk_factor lines, size_t count, size_t depth, bool is_right, uint16_t *tiles) {
  if (lines.is_turned && is_right) split_panel(lines, count, depth, PARTS, true, tiles);
  else if (lines.is_turned) split_panel(lines, count, depth, PARTS, false, tiles);
  else if (is_right) split_panel(lines, count, depth, PARTS, true, tiles);
  else split_panel(lines, count, depth, PARTS, false, tiles);
}

// The products of two panels over `steps`, 32 x 32. The small products come first, so that only
// those of two leading parts round like single precision.
INLINED void multiply_panels(
    const uint16_t *left, const uint16_t *right, size_t steps, float *sums) {
  const uint16_t *const left_end = left + steps * STEP_SIZE;
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  for (; left < left_end; left += STEP_SIZE, right += STEP_SIZE) {
    LOAD_LEFT(0);
    LOAD_RIGHT(2);
    MULTIPLY_TILES;
    LOAD_RIGHT(1);
    MULTIPLY_TILES;
    LOAD_LEFT(1);
    MULTIPLY_TILES;
    LOAD_RIGHT(0);
    MULTIPLY_TILES;
    LOAD_LEFT(2);
    MULTIPLY_TILES;
  }
  left -= steps * STEP_SIZE;
  right -= steps * STEP_SIZE;
  for (; left < left_end; left += STEP_SIZE, right += STEP_SIZE) {
    LOAD_LEFT(0);
    LOAD_RIGHT(0);
    MULTIPLY_TILES;
  }
  const size_t bytes = PANEL * sizeof *sums;
  _tile_stored(0, sums, bytes);
  _tile_stored(1, sums + HALF, bytes);
  _tile_stored(2, sums + HALF * PANEL, bytes);
  _tile_stored(3, sums + HALF * PANEL + HALF, bytes);
}

// Adds the sums of two panels to a result, or writes them there.
INLINED void put(
    const float *sums, size_t rows, size_t columns, bool adds, float *result, size_t stride) {
  const __mmask16 low = first_lanes(columns), high = first_lanes(columns > 16 ? columns - 16 : 0);
  for (size_t r = 0; r < rows; r++, sums += PANEL, result += stride) {
    __m512 first = _mm512_load_ps(sums), second = _mm512_load_ps(sums + HALF);
    if (adds) {
      first = _mm512_add_ps(first, _mm512_maskz_loadu_ps(low, result));
      if (high) second = _mm512_add_ps(second, _mm512_maskz_loadu_ps(high, result + HALF));
    }
    _mm512_mask_storeu_ps(result, low, first);
    if (high) _mm512_mask_storeu_ps(result + HALF, high, second);
  }
}

INLINED const float *at(vk_factor factor, size_t line, size_t place) {
  return factor.base + (factor.is_turned ? place * factor.stride + line
                                         : line * factor.stride + place);
}

USES_TILES
void vk_split_gemm(
    vk_factor a, vk_factor b, size_t rows, size_t columns, size_t inner, bool accumulates,
    float *result, size_t stride) {
  uint16_t *left = scratch(), *right = left + CHUNK / STEP * STEP_SIZE;
  begin_tiles();
  for (size_t k = 0; k < inner; k += CHUNK) {
    const size_t depth = inner - k < CHUNK ? inner - k : CHUNK;
    const size_t steps = (depth + STEP - 1) / STEP, size = steps * STEP_SIZE;
    for (size_t span = 0; span < columns; span += SPAN) {
      const size_t end = columns - span < SPAN ? columns : span + SPAN;
      for (size_t c = span; c < end; c += PANEL)
        split_lines(
            (vk_factor){at(b, c, k), b.stride, b.is_turned}, end - c, depth, true,
            right + (c - span) / PANEL * size);
      for (size_t r = 0; r < rows; r += PANEL) {
        split_lines(
            (vk_factor){at(a, r, k), a.stride, a.is_turned}, rows - r, depth, false, left);
        for (size_t c = span; c < end; c += PANEL) {
          _Alignas(64) float sums[PANEL * PANEL];
          multiply_panels(left, right + (c - span) / PANEL * size, steps, sums);
          put(
              sums, rows - r < PANEL ? rows - r : PANEL, end - c, accumulates || k > 0,
              result + r * stride + c, stride);
        }
      }
    }
  }
  _tile_release();
}

#else

void vk_split_gemm(
    vk_factor a, vk_factor b, size_t rows, size_t columns, size_t inner, bool accumulates,
    float *result, size_t stride) {
  __builtin_trap();
}

#endif
