// Vector loops whose order of summation is fixed, so that they give the same bits on every
// processor and for every thread count. Only LinearAlgebra imports this module.
#ifndef VECTOR_KERNELS_H
#define VECTOR_KERNELS_H

#include <malloc.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Tells the processor that a loop only waits.
static inline void vk_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// Sum of a[i] * b[i] in double precision, sixteen partial sums joined in a fixed tree.
double vk_dot(const float *a, const float *b, size_t count);

/// Sum of (a[i] - b[i])^2 in double precision, summed like vk_dot.
double vk_squared_distance(const float *a, const float *b, size_t count);

/// out[i] = row[i] - center[i], subtracted in double precision and rounded once.
void vk_center(const float *row, const double *center, float *out, size_t count);

/// out[i] = row[i] - center[i] in double precision.
void vk_center_wide(const float *row, const double *center, double *out, size_t count);

/// sums[i] += weight * row[i] in double precision.
void vk_add_scaled(const float *row, double weight, double *sums, size_t count);

/// Directions that vk_project takes at most.
enum { VK_DIRECTIONS = 32 };

/// out[d * stride + i] = row i times direction d, in double precision and rounded once, for `count`
/// rows and the first `used` directions. The directions are `width` x VK_DIRECTIONS.
void vk_project(
    const float *rows, size_t count, size_t width, const double *directions, size_t used,
    float *out, size_t stride);

/// The least and the greatest of `count` values, at least one; none is NaN.
void vk_range(const float *values, size_t count, float *least, float *greatest);

/// Value i lies at (factor * values[i] - least) * scale on a line of at most 2^16 buckets, each
/// 2^bits long: its bucket goes to buckets[i], and counts[bucket] and the sum of the offsets in the
/// bucket grow. All positions are in 0..<2^52.
void vk_fill_buckets(
    const float *values, size_t count, double factor, double least, double scale, unsigned bits,
    uint16_t *buckets, uint32_t *counts, uint64_t *offsets);

/// The values whose buckets lie in one of some ranges (first and last bucket each), in their order;
/// returns how many. `out` has room for all.
size_t vk_gather_buckets(
    const float *values, const uint16_t *buckets, size_t count, const uint16_t *ranges,
    size_t range_count, float *out);

/// Sorts `values` ascending, -0 before +0, by three passes over 11-bit digits. `scratch` holds as
/// many; there are fewer than 2^32, none of them NaN.
void vk_sort_floats(float *values, float *scratch, size_t count);

/// The best-scored candidates of many rows, each row an unordered buffer of packed keys.
typedef struct {
  uint64_t *keys;     ///< `capacity` for each row
  uint32_t *counts;   ///< keys in each row's buffer
  uint64_t *floors;   ///< a new key must exceed this
  float *thresholds;  ///< the floor's score, or -infinity
  size_t kept;        ///< candidates that survive a trim
  size_t capacity;    ///< more than `kept`
} vk_candidates;

/// A key that orders by score, and among equal scores by lower index; larger is better.
uint64_t vk_candidate_key(float score, uint32_t index);
float vk_candidate_score(uint64_t key);
uint32_t vk_candidate_index(uint64_t key);

/// Moves the `kept` largest of `count` distinct keys to the front, the smallest of them to position
/// kept - 1. 0 < kept <= count.
void vk_keep_largest(uint64_t *keys, size_t count, size_t kept);

/// Offers every score of a tile, products[r][c] * (row_scales[r] * column_scales[c]), to row
/// row_start + r under the index column_start + c and, if `is_symmetric`, the other way round.
/// A scale of NaN withdraws its row or column. `columns` is a multiple of 16.
void vk_collect(
    const vk_candidates *all, const float *products, size_t rows, size_t columns, size_t row_start,
    size_t column_start, const float *row_scales, const float *column_scales, bool is_symmetric);

/// A sparse matrix by rows: entries row_starts[r] ..< row_starts[r + 1] are row r's.
typedef struct {
  const size_t *row_starts;
  const int32_t *columns;
  const float *values;
} vk_sparse;

/// Rows row_begin ..< row_end of S*x, x being `width` wide, into `product` if there is one, and of
/// scale * (addend + S*x) into `total` if there is one. `addend` may be null or `total` itself.
void vk_sparse_rows(
    const vk_sparse *matrix, size_t row_begin, size_t row_end, const float *x, size_t width,
    const float *addend, float scale, float *product, float *total);

/// Features that are multiplied while the transposed chunk is in the cache, and rows that share it.
enum { VK_CHUNK = 128, VK_STRIP = 64 };

/// Copies the entries of the rows listed in rows[begin ..< end] to the places from starts[i] on.
void vk_copy_rows(
    const vk_sparse *matrix, const int32_t *rows, size_t begin, size_t end, const size_t *starts,
    int32_t *columns, float *values);

/// How many entries of each of the rows begin ..< end are in a column that has a place: one whose
/// places[column] is not negative.
void vk_count_placed(
    const vk_sparse *matrix, size_t begin, size_t end, const int32_t *places, size_t *counts);

/// Copies those entries to the places from starts[row] on, with the places of their columns;
/// `starts` goes up to `end`.
void vk_copy_placed(
    const vk_sparse *matrix, size_t begin, size_t end, const int32_t *places, const size_t *starts,
    int32_t *columns, float *values);

/// The entries that are not zero of a block of rows, by chunks of VK_CHUNK columns: entries
/// starts[c * block + r] ..< starts[c * block + r + 1] are those of row r in chunk c, ascending.
typedef struct {
  const uint32_t *starts;
  const float *values;
  const uint8_t *places;  ///< the column within its chunk
} vk_chunks;

/// products[r][c] = row r of `rows` times row first + c of `columns`, for `block` rows and
/// VK_STRIP columns. Both have `block` rows and `chunks` chunks; `products` is best aligned to 64
/// bytes.
void vk_sparse_strip(
    const vk_chunks *rows, const vk_chunks *columns, size_t block, size_t chunks, size_t first,
    float *products);

/// Whether the processor multiplies tiles of 16-bit floats (AMX) and lets this process do so. The
/// three functions below need it.
bool vk_multiplies_split(void);

/// Splits `count` rows into a leading and a trailing 16-bit float for each feature, rounded to
/// nearest, so that 2^-17 of a feature is lost at most, and lays them out as the left or the right
/// factor of vk_split_products. A block of `block` rows, the last of them zeros, takes
/// 2 * block * (width rounded up to 32) halves, aligned to 64 bytes; `block` is a multiple of
/// VK_STRIP.
void vk_split_rows(
    const float *rows, size_t stride, size_t count, size_t width, size_t block, bool is_right,
    uint16_t *parts);

/// products[c / VK_STRIP][r][c % VK_STRIP] = row r of the left block times row c of the right one,
/// in single precision and without the products of two trailing parts, for blocks of `block` rows.
void vk_split_products(
    const uint16_t *left, const uint16_t *right, size_t block, size_t width, float *products);

/// A factor of a product by its lines, rows of the left one and columns of the right one: place k of
/// line l is base[l * stride + k], or base[k * stride + l] if it is turned.
typedef struct {
  const float *base;
  size_t stride;
  bool is_turned;
} vk_factor;

/// result[r][c] (+)= line r of a times line c of b over `inner` places. Each float is split into
/// three parts, exactly; the products that are left out are some 2^-24 of the whole at most.
void vk_split_gemm(
    vk_factor a, vk_factor b, size_t rows, size_t columns, size_t inner, bool accumulates,
    float *result, size_t stride);

/// A digest of the bits of `count` values.
uint64_t vk_digest(const float *values, size_t count);

/// The smallest magnitude of the values that are not zero, infinity if there is none, and whether
/// one of them is negative.
float vk_least_magnitude(const float *values, size_t count, bool *has_negative);

/// How many values are not zero.
size_t vk_count_nonzero(const float *values, size_t count);

/// Rows and columns of x that one call of vk_sparse_products takes at most.
enum { VK_PRODUCT_ROWS = 64, VK_PRODUCT_COLUMNS = 256 };

/// Writes y - 1 * shift^T, whose rows are `stride` apart, to panels of VK_PRODUCT_ROWS x VK_STRIP,
/// strip after strip; what lies behind the last column is not touched.
void vk_product_panels(
    const float *y, size_t stride, size_t rows, size_t columns, const double *shift,
    double *panels);

/// Adds x^T * y to `sums` at the cost of x's entries that are not zero. y comes in `panel_count`
/// panels of VK_PRODUCT_ROWS x VK_STRIP, the sums in as many of VK_PRODUCT_COLUMNS x VK_STRIP. x
/// has `rows` rows, `stride` apart, and `columns` columns.
void vk_sparse_products(
    const float *x, size_t stride, size_t rows, size_t columns, const double *panels,
    size_t panel_count, double *sums);

/// How many of `count` scores are above `high`; the places of those from `low` to `high` go to
/// `between`, which has room for all. A NaN is neither.
size_t vk_count_above(
    const float *scores, size_t count, float low, float high, uint32_t *between,
    size_t *between_count);

#endif
