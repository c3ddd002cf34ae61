#include "multiversion.h"
#include "vector_kernels.h"

#include <string.h>

// Eight doubles in as many registers as the processor needs for them.
typedef double lanes __attribute__((vector_size(64), aligned(8)));
enum { LANES = 8, PARTS = 2, PANEL = PARTS * LANES, PANELS = VK_DIRECTIONS / PANEL };
enum { ROWS = 4, CHUNK = 256 };

// Four rows at a time are widened, a chunk of columns after another, and meet the directions, as
// many as registers can sum up. A row's sums run over ascending columns wherever it stands.
MULTIVERSIONED
void vk_project(
    const float *rows, size_t count, size_t width, const double *directions, size_t used,
    float *out, size_t stride) {
  double wide[ROWS][CHUNK];
  for (size_t first = 0; first < count; first += ROWS) {
    const size_t here = count - first < ROWS ? count - first : ROWS;
    lanes totals[PANELS][ROWS][PARTS] = {{{{0}}}};
    for (size_t start = 0; start < width; start += CHUNK) {
      const size_t columns = width - start < CHUNK ? width - start : CHUNK;
      for (size_t r = 0; r < ROWS; r++) {
        // The last rows are repeated where there are no four.
        const float *row = rows + (first + (r < here ? r : 0)) * width + start;
        for (size_t c = 0; c < columns; c++) wide[r][c] = row[c];
      }
      for (size_t panel = 0; panel * PANEL < used; panel++) {
        lanes sums[ROWS][PARTS];
        memcpy(sums, totals[panel], sizeof sums);
        const double *place = directions + start * VK_DIRECTIONS + panel * PANEL;
        for (size_t c = 0; c < columns; c++, place += VK_DIRECTIONS) {
          for (int p = 0; p < PARTS; p++) {
            const lanes direction = *(const lanes *)(place + p * LANES);
            for (int r = 0; r < ROWS; r++) sums[r][p] += wide[r][c] * direction;
          }
        }
        memcpy(totals[panel], sums, sizeof sums);
      }
    }
    for (size_t d = 0; d < used; d++)
      for (size_t r = 0; r < here; r++)
        out[d * stride + first + r] =
            (float)totals[d / PANEL][r][d % PANEL / LANES][d % LANES];
  }
}
