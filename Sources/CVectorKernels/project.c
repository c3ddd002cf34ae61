#include "multiversion.h"
#include "vector_kernels.h"

#include <string.h>

// Eight doubles in as many registers as the processor needs for them.
typedef double lanes __attribute__((vector_size(64), aligned(8)));
typedef float narrow __attribute__((ext_vector_type(8), aligned(4)));
typedef float run __attribute__((ext_vector_type(16), aligned(4)));
enum { LANES = 8, PARTS = VK_DIRECTIONS / LANES, ROWS = 4, CHUNK = 64, BLOCK = 16 };

// Four rows at a time are widened, a chunk of columns after another, and meet the first `parts`
// lanes of directions, as many as registers can sum up. A row's sums run over ascending columns
// wherever it stands.
__attribute__((always_inline)) static inline void project_rows(
    const float *rows, size_t here, size_t width, const double *directions, int parts,
    float (*out)[VK_DIRECTIONS]) {
  double wide[ROWS][CHUNK];
  lanes sums[ROWS][PARTS] = {{{0}}};
  for (size_t start = 0; start < width; start += CHUNK) {
    const size_t columns = width - start < CHUNK ? width - start : CHUNK;
    for (size_t r = 0; r < ROWS; r++) {
      // The last rows are repeated where there are no four.
      const float *row = rows + (r < here ? r : 0) * width + start;
      // Asking for what lies behind the last row does nothing.
      for (size_t c = 0; c < columns; c += 16) __builtin_prefetch(row + BLOCK * width + c);
      for (size_t c = 0; c < columns; c++) wide[r][c] = row[c];
    }
    const double *entry = directions + start * VK_DIRECTIONS;
    for (size_t c = 0; c < columns; c++, entry += VK_DIRECTIONS) {
      for (int p = 0; p < parts; p++) {
        const lanes direction = *(const lanes *)(entry + p * LANES);
        for (int r = 0; r < ROWS; r++) sums[r][p] += wide[r][c] * direction;
      }
    }
  }
  for (int r = 0; r < ROWS; r++) {
    for (int p = 0; p < parts; p++) {
      *(narrow *)(out[r] + p * LANES) = __builtin_convertvector(sums[r][p], narrow);
    }
  }
}

// Four perfect shuffles of sixteen rows of sixteen turn them.
__attribute__((always_inline)) static inline void turn(run *rows) {
  for (int round = 0; round < 4; round++) {
    run next[BLOCK];
    for (int i = 0; i < BLOCK / 2; i++) {
      next[2 * i] = __builtin_shufflevector(
          rows[i], rows[i + 8], 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      next[2 * i + 1] = __builtin_shufflevector(
          rows[i], rows[i + 8], 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
    }
    memcpy(rows, next, sizeof next);
  }
}

// Sixteen rows are projected and turned before they are written, a line of memory at a time.
MULTIVERSIONED
void vk_project(
    const float *rows, size_t count, size_t width, const double *directions, size_t used,
    float *out, size_t stride) {
  float projected[BLOCK][VK_DIRECTIONS] = {{0}};
  for (size_t first = 0; first < count; first += BLOCK) {
    const size_t here = count - first < BLOCK ? count - first : BLOCK;
    for (size_t r = 0; r < here; r += ROWS) {
      const float *from = rows + (first + r) * width;
      if (used > LANES) {
        project_rows(from, here - r, width, directions, PARTS, projected + r);
      } else {
        project_rows(from, here - r, width, directions, 1, projected + r);
      }
    }
    for (size_t start = 0; start < used; start += BLOCK) {
      run turned[BLOCK];
      for (int r = 0; r < BLOCK; r++) turned[r] = *(const run *)(projected[r] + start);
      turn(turned);
      for (size_t d = 0; d < BLOCK && start + d < used; d++) {
        float *target = out + (start + d) * stride + first;
        if (here == BLOCK) {
          *(run *)target = turned[d];
        } else {
          memcpy(target, &turned[d], here * sizeof *out);
        }
      }
    }
  }
}
