#include <string.h>

#include "vector_kernels.h"

void vk_copy_rows(
    const vk_sparse *matrix, const int32_t *rows, size_t begin, size_t end, const size_t *starts,
    int32_t *columns, float *values) {
  for (size_t i = begin; i < end; i++) {
    const size_t first = matrix->row_starts[rows[i]], count = starts[i + 1] - starts[i];
    memcpy(columns + starts[i], matrix->columns + first, count * sizeof *columns);
    memcpy(values + starts[i], matrix->values + first, count * sizeof *values);
  }
}

void vk_count_placed(
    const vk_sparse *matrix, size_t begin, size_t end, const int32_t *places, size_t *counts) {
  for (size_t row = begin; row < end; row++) {
    size_t count = 0;
    for (size_t entry = matrix->row_starts[row]; entry < matrix->row_starts[row + 1]; entry++)
      count += places[matrix->columns[entry]] >= 0;
    counts[row] = count;
  }
}

void vk_copy_placed(
    const vk_sparse *matrix, size_t begin, size_t end, const int32_t *places, const size_t *starts,
    int32_t *columns, float *values) {
  size_t next = starts[begin];
  const size_t limit = starts[end];
  // Which entries have a place is not to be foreseen: all are written, and those without one are
  // overwritten, up to the end, where the memory is another thread's.
  for (size_t entry = matrix->row_starts[begin]; next < limit; entry++) {
    const int32_t place = places[matrix->columns[entry]];
    columns[next] = place;
    values[next] = matrix->values[entry];
    next += place >= 0;
  }
}
