#include "multiversion.h"
#include "vector_kernels.h"

#include <stdbool.h>
#include <string.h>

enum { WIDTH = 16, GROUP = 64 };
typedef float scores_t __attribute__((ext_vector_type(WIDTH), aligned(4)));
typedef bool flags_t __attribute__((ext_vector_type(WIDTH)));

// One bit per lane of a comparison. A macro, because a function would pass vectors wider than the
// registers of the default instruction set.
#define LANE_BITS(comparison) \
  __builtin_bit_cast(uint16_t, __builtin_convertvector(comparison, flags_t))

uint64_t vk_candidate_key(float score, uint32_t index) {
  uint32_t bits;
  memcpy(&bits, &score, sizeof bits);
  // Negative floats order backwards as integers; positive ones only lack the top bit.
  bits ^= (uint32_t)((int32_t)bits >> 31) | 0x80000000u;
  return ((uint64_t)bits << 32) | (uint32_t)~index;
}

float vk_candidate_score(uint64_t key) {
  uint32_t bits = (uint32_t)(key >> 32);
  bits = bits & 0x80000000u ? bits ^ 0x80000000u : ~bits;
  float score;
  memcpy(&score, &bits, sizeof score);
  return score;
}

uint32_t vk_candidate_index(uint64_t key) { return ~(uint32_t)key; }

static inline uint64_t median(uint64_t a, uint64_t b, uint64_t c) {
  uint64_t low = a < b ? a : b, high = a < b ? b : a;
  return c < low ? low : c > high ? high : c;
}

// Keys are distinct, so every partition shrinks the range.
void vk_keep_largest(uint64_t *keys, size_t count, size_t kept) {
  size_t left = 0, right = count - 1, target = kept - 1;
  while (left < right) {
    uint64_t pivot = median(keys[left], keys[left + (right - left) / 2], keys[right]);
    size_t i = left, j = right;
    for (;;) {
      while (keys[i] > pivot) i++;
      while (keys[j] < pivot) j--;
      if (i >= j) break;
      uint64_t swap = keys[i];
      keys[i++] = keys[j];
      keys[j--] = swap;
    }
    // keys[left..<i] are above the pivot or it, keys[j+1...right] below or it; where the two scans
    // meet stands the pivot.
    if (i == j) {
      if (target == i) return;
      if (target < i) right = i - 1; else left = i + 1;
    } else if (target <= j) {
      right = j;
    } else {
      left = j + 1;
    }
  }
}

// Reduces the buffer of `row`, which is full, to its `kept` best.
static void trim(const vk_candidates *all, size_t row) {
  size_t kept = all->kept;
  uint64_t *keys = all->keys + row * all->capacity;
  vk_keep_largest(keys, all->counts[row], kept);
  all->counts[row] = (uint32_t)kept;
  all->floors[row] = keys[kept - 1];
  all->thresholds[row] = vk_candidate_score(keys[kept - 1]);
}

static inline void append(const vk_candidates *all, size_t row, float score, uint32_t index) {
  uint64_t key = vk_candidate_key(score, index);
  if (key <= all->floors[row]) return;
  all->keys[row * all->capacity + all->counts[row]++] = key;
  if (all->counts[row] == all->capacity) trim(all, row);
}

MULTIVERSIONED
void vk_collect(
    const vk_candidates *all, const float *products, size_t rows, size_t columns, size_t row_start,
    size_t column_start, const float *row_scales, const float *column_scales, bool is_symmetric) {
  for (size_t r = 0; r < rows; r++, products += columns) {
    size_t row = row_start + r;
    float row_scale = row_scales[r];
    if (row_scale != row_scale) continue;
    for (size_t c = 0; c < columns; c += GROUP) {
      const size_t count = columns - c < GROUP ? columns - c : GROUP;
      // The newcomers of a whole group are visited in one loop, whose end the processor foresees
      // no better than that of a shorter one.
      float lane[GROUP];
      uint64_t for_row = 0, for_column = 0;
      for (size_t l = 0; l < count; l += WIDTH) {
        // The scales are multiplied first, so that a pair has the same bits from either side;
        // adding zero makes -0 the +0 that it ties with.
        scores_t scores = *(const scores_t *)(products + c + l)
                              * (row_scale * *(const scores_t *)(column_scales + c + l)) + 0.0f;
        for_row |= (uint64_t)LANE_BITS(scores >= (scores_t)all->thresholds[row]) << l;
        if (is_symmetric)
          for_column |= (uint64_t)LANE_BITS(
              scores >= *(const scores_t *)(all->thresholds + column_start + c + l)) << l;
        memcpy(lane + l, &scores, sizeof scores);
      }
      for (; for_row; for_row &= for_row - 1) {
        int l = __builtin_ctzll(for_row);
        append(all, row, lane[l], (uint32_t)(column_start + c + l));
      }
      for (; for_column; for_column &= for_column - 1) {
        int l = __builtin_ctzll(for_column);
        append(all, column_start + c + l, lane[l], (uint32_t)row);
      }
    }
  }
}
