import LinearAlgebra
import Redundancy

/// What turns a cross-covariance of principal coordinates into canonical values.
///
/// Principal coordinates are uncorrelated, so whitening divides each by its own scale:
///
///     ridged: 1/√(λᵢ + r·tr(Σ)/d)      as ``CanonicalCorrelation``
///     plain:  1/√λᵢ                    for the directions that hold 99 % of the variance
///
/// Only the first ``limit`` coordinates of either side take part.
struct PairWhitening: Sendable {
  /// Coordinates that take part. Decomposing 64 × 64 for each relabeling is cheap; directions
  /// beyond them seldom carry a canonical value above chance.
  static let limit = 64

  let ridged: (first: [Double], second: [Double])
  let plain: (first: [Double], second: [Double])
  /// Largest value of the leading ridged correlation.
  let leadingMaximum: Double
  /// Largest mean of the squared ridged correlations.
  let squaredMaximum: Double
  /// V·diag(√λ) of the first modality's plain directions: covariances of features with whitened
  /// coordinates, d × k.
  let firstLoadings: Matrix<Double>

  init(_ first: PrincipalFactors, _ second: PrincipalFactors) {
    func ridge(_ factors: PrincipalFactors) -> [Double] {
      guard factors.totalVariance > 0 else { return [] }
      let ridge =
        CanonicalCorrelation.defaultRegularization * factors.totalVariance / Double(factors.width)
      return factors.variances.prefix(Self.limit).map { 1 / ($0 + ridge).squareRoot() }
    }
    func exact(_ factors: PrincipalFactors) -> [Double] {
      let count = SVCCA.directionCount(factors.variances, total: factors.totalVariance)
      return factors.variances.prefix(min(count, Self.limit)).map { 1 / $0.squareRoot() }
    }
    let scales = (first: ridge(first), second: ridge(second))
    ridged = scales
    plain = (exact(first), exact(second))
    // Σ = Σx^½·R·Σy^½ with ‖R‖ ≤ 1, so each whitened side contributes λ/(λ + ridge) at most.
    func shares(_ factors: PrincipalFactors, _ scales: [Double]) -> [Double] {
      zip(factors.variances, scales).map { variance, scale in variance * scale * scale }
    }
    let attainable = zip(shares(first, scales.first), shares(second, scales.second)).map {
      $0.0 * $0.1
    }
    leadingMaximum = attainable.first?.squareRoot() ?? 0
    squaredMaximum =
      attainable.isEmpty ? 0 : attainable.reduce(0, +) / Double(attainable.count)
    firstLoadings = first.basis.leadingColumns(plain.first.count)
      .scalingColumns(by: plain.first.map { 1 / $0 })
  }
}
