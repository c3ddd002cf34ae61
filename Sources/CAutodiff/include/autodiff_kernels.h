// Loops of a training step that pay for wide registers. Only Autodiff imports this module.
#ifndef AUTODIFF_KERNELS_H
#define AUTODIFF_KERNELS_H

#include <stddef.h>
#include <stdint.h>

/// The constants of one Adam step.
typedef struct {
  float first_decay;     ///< beta_1
  float second_decay;    ///< beta_2
  float step_size;       ///< learning rate / (1 - beta_1^t)
  float inverse_root;    ///< 1 / sqrt(1 - beta_2^t)
  float epsilon;
  float weight_decay;   ///< share of a value that is added to its gradient
  float kept;           ///< share of a value that is left before the step moves it
} ad_adam;

/// `step_count` steps of Adam on `count` values. Only the last of them has a gradient; a null one
/// stands for zeros.
void ad_adam_steps(
    const ad_adam *steps, size_t step_count, float *values, const float *gradient, float *first,
    float *second, size_t count);

/// The steps that some rows of a table lack, of `step_count` steps: row r has had steps_done[r].
///
/// The rows are those from place begin to place end of `rows`, which are distinct, or of the table
/// where that is null. The last step has the row of `gradient` at the same place unless that is
/// null; `copy` unless null takes the row's values afterwards, at the same place.
void ad_adam_rows(
    const ad_adam *steps, size_t step_count, int32_t *steps_done, const int32_t *rows, size_t begin,
    size_t end, size_t width, float *values, const float *gradient, float *first, float *second,
    float *copy);

/// The entries of a sparse matrix in one block of its columns: row r has those from starts[r] to
/// starts[r + 1].
typedef struct {
  const uint32_t *starts;
  const uint8_t *places;   ///< column of each entry within the block
  const float *values;
} ad_feature_block;

/// Adds to rows begin ..< end of y, which are `stride` apart, the product of a block's rows with x:
/// of its rows `rows`, or of those with the same numbers where that is null.
///
/// x has one row for every column of the block, one after another; they are 64 or 128 wide.
void ad_add_block_rows(
    const ad_feature_block *block, const int32_t *rows, size_t begin, size_t end, const float *x,
    size_t width, float *y, size_t stride);

/// Columns of a strip of ad_multiply_strip.
enum { AD_PRODUCT_STRIP = 64 };

/// Whether this processor has the registers that make ad_multiply_strip fast.
int ad_multiplies_strips(void);

/// AD_PRODUCT_STRIP columns of x * B, added to those of y or to `bias`, unless that is null, and
/// written there; what is not positive is multiplied by `slope`.
///
/// Rows of x are `x_stride` apart and its columns `x_step`, `inner` of them; `strip` has the
/// columns of B, whose rows are `strip_stride` apart.
void ad_multiply_strip(
    const float *x, size_t x_stride, size_t x_step, size_t rows, size_t inner, const float *strip,
    size_t strip_stride, const float *bias, float slope, int accumulates, float *y,
    size_t y_stride);

/// a^T * b, written to y or added to it, for a of rows x columns and b of rows x width, a multiple
/// of AD_PRODUCT_STRIP.
void ad_multiply_transposed(
    const float *a, size_t columns, const float *b, size_t width, size_t rows, int accumulates,
    float *y);

/// The transpose of x, whose rows are `stride` apart, into y or added to it.
void ad_transpose(
    const float *x, size_t stride, size_t rows, size_t columns, float *y, size_t y_stride,
    int accumulates);

/// The score margin <u, p> - <u, n> of each triple, rows being `width` wide.
void ad_margins(
    const float *users, const float *items, const int32_t *user, const int32_t *positive,
    const int32_t *negative, size_t count, size_t width, float *margins);

/// Adds slopes[b] times the derivatives of the margins to the columns begin ..< end of the gradients
/// of users and items; either may be null.
void ad_add_margin_gradients(
    const float *users, const float *items, const int32_t *user, const int32_t *positive,
    const int32_t *negative, const float *slopes, size_t count, size_t width, size_t begin,
    size_t end, float *user_gradient, float *item_gradient);

/// scale * x, added to y or written there.
void ad_write(const float *x, float scale, size_t count, int accumulates, float *y);

/// Multiplies what is not positive by `slope`.
void ad_rectify(float *y, size_t count, float slope);

/// Multiplies the gradient by `slope` where `y` is not positive.
void ad_rectify_back(const float *y, size_t count, float slope, float *gradient);

/// Adds the columns of x to `sums`, one after another.
void ad_add_column_sums(const float *x, size_t rows, size_t width, double *sums);

/// The rows of x that are listed, added to those of y or written there.
void ad_add_gathered_rows(
    const float *x, const int32_t *rows, size_t count, size_t width, int accumulates, float *y);

/// Adds scale * x_r to row rows[r] of y; no row is listed twice.
void ad_add_to_rows(
    const float *x, float scale, const int32_t *rows, size_t count, size_t width, float *y);

/// Rows scales[r] * x_r, added to those of y or written there; where they are added, a scale of
/// zero leaves a row alone. Scales that are null are ones. Strides are from one row, or its scale,
/// to the next.
void ad_scale_rows(
    const float *x, size_t x_stride, const float *scales, size_t scale_stride, size_t rows,
    size_t width, int accumulates, float *y, size_t y_stride);

/// Its pullback: rows scales[r] * upstream_r, added to those of `gradient` or written there, and
/// <x_r, upstream_r> added to scale_gradients[r]; either may be null. Rows of x and of `gradient`
/// follow each other.
void ad_scale_rows_back(
    const float *x, const float *upstream, size_t upstream_stride, const float *scales,
    size_t scale_stride, size_t rows, size_t width, int accumulates, float *gradient,
    float *scale_gradients);

/// Divides rows by max(norm, floor); keeps 1 / that in `inverse`.
void ad_normalize_rows(
    const float *x, size_t rows, size_t width, float floor, float *y, float *inverse);

/// The gradient of ad_normalize_rows at the result `y`, added to `gradient` or written there.
void ad_normalize_rows_back(
    const float *y, const float *inverse, const float *upstream, size_t rows, size_t width,
    float floor, int accumulates, float *gradient);

/// x - strength * (x . b) b for every row x and all `rank` rows b of `basis`, which are orthonormal
/// and, like x, `width` wide; added to `y` or written there. `y` is not `x`.
void ad_damp_rows(
    const float *x, size_t rows, size_t width, const float *basis, size_t rank, float strength,
    int accumulates, float *y);

/// The same for every column x of a matrix whose rows are `stride` apart; basis is rank x rows.
void ad_damp_columns(
    const float *x, size_t stride, size_t rows, size_t columns, const float *basis, size_t rank,
    float strength, int accumulates, float *y);

/// The inner product of each row of a with the same row of b.
void ad_row_dots(const float *a, const float *b, size_t rows, size_t width, float *dots);

/// For every entry of a sparse pattern in the rows from row_begin to row_end, the inner product of
/// its row of a and its column's row of b.
void ad_entry_dots(
    const size_t *row_starts, const int32_t *columns, size_t row_begin, size_t row_end,
    const float *a, const float *b, size_t width, float *dots);

/// e^(scale * s - peak) of every score s, and the sum of them over each row, the peak being the
/// row's largest scale * s; zeros for a row of nothing but -infinity. `result` may be `scores`.
void ad_exponentials(
    const float *scores, size_t rows, size_t columns, float scale, float *result, float *peaks,
    float *sums);

/// The cosine of two rows, and 1 / max(norm, floor) of each.
typedef struct {
  float cosine;
  float inverse;
  float origin_inverse;
} ad_cosine;

/// Each row of x times its cosine with the same row of `origin`.
void ad_scale_by_cosine(
    const float *x, const float *origin, size_t rows, size_t width, float floor, float *y,
    ad_cosine *cosines);

/// Adds the gradients of ad_scale_by_cosine; either of them may be null.
void ad_scale_by_cosine_back(
    const float *x, const float *origin, const ad_cosine *cosines, const float *upstream,
    size_t rows, size_t width, float floor, float *x_gradient, float *origin_gradient);

/// The sum of -(y - m)^2 / (2 e^l) - l / 2 over the values y, means m and logarithms l.
double ad_gaussian_log_likelihood(
    const float *values, const float *means, const float *log_variances, size_t count);

/// Adds scale times the derivatives of that sum to the gradients; each of them may be null.
void ad_add_gaussian_gradients(
    const float *values, const float *means, const float *log_variances, size_t count, float scale,
    float *to_values, float *to_means, float *to_log_variances);

/// Columns that a kernel of batch normalisation takes at once, at most.
enum { AD_STRIP = 64 };

/// The columns u = (x - mean) / sqrt(variance + epsilon) in `unit`, and scale * u + shift in `y`
/// unless that is null. All matrices have `stride` elements from row to row; `inverse` is what the
/// columns are multiplied by, the variance is the biased one.
void ad_standardize_columns(
    const float *x, size_t rows, size_t stride, size_t width, double epsilon, const float *scale,
    const float *shift, float *unit, float *y, float *inverse, double *mean, double *variance);

/// The column means of the gradient g and of g * u, and with them the gradient of x,
/// scale * inverse * (g - mean - along * u), added to `result` or written there unless it is null.
void ad_standardize_columns_back(
    const float *gradient, const float *unit, size_t rows, size_t stride, size_t width,
    const float *scale, const float *inverse, int accumulates, float *result, double *mean,
    double *along);

/// For the gradient w of what ad_standardize_columns_back wrote for the gradient e, `upstream`,
/// the column means of w * e less the product of their means in `rest`; and added to `result`
/// unless that is null the gradient of x. `mean` and `along` are those of w.
void ad_standardize_columns_twice_back(
    const float *gradient, const float *upstream, const float *unit, size_t rows, size_t stride,
    size_t width, const float *scale, const float *inverse, const double *mean,
    const double *along, const double *upstream_mean, const double *upstream_along,
    float *result, double *rest);

/// `count` numbers in [0, 1), each of which depends on the seed and its place, from `first` on,
/// alone.
void ad_draws(uint64_t seed, size_t first, size_t count, double *draws);

/// 0 where the draw of a place is below the rate, `kept` elsewhere.
void ad_dropout_mask(
    uint64_t seed, size_t first, size_t count, double rate, float kept, float *mask);

/// x + radius * sign(x) * r / max(norm, 1e-12) for every row x and the draws r of its places, of
/// which `first` is the first one's; `draws` has room for a row of them.
void ad_perturb_rows(
    const float *x, size_t rows, size_t width, double radius, uint64_t seed, size_t first,
    double *draws, float *y);

/// The hyperbolic tangents of `count` values, with an error of a few units in the last place.
void ad_tanh(const float *x, size_t count, float *result);

#endif
