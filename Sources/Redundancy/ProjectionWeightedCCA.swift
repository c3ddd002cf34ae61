import LinearAlgebra
import Statistics

/// Projection-weighted canonical correlation (PWCCA): canonical correlations averaged by how much
/// of the first modality their directions account for.
///
///     PWCCA(X, Y) = Σ αᵢρᵢ / Σ αᵢ,  αᵢ = Σⱼ |⟨hᵢ, x̄ⱼ⟩|
///
/// with hᵢ the canonical directions of the first modality as unit vectors over the items and x̄ⱼ
/// its centred features. As in ``SVCCA`` both sides are reduced to the principal directions that
/// hold 99 % of the variance. The weights depend on which modality comes first, and on the axes of
/// its features.
///
/// - Range: 0 to 1.
/// - Reference: [MRB18], section 3.
public struct ProjectionWeightedCCA: Codable, Sendable, Equatable {
  /// The weighted mean correlation; nil when a modality has no variance.
  public let value: Double?

  public static let card = MeasureCard(
    name: "pwcca", title: "Projection-weighted canonical correlation",
    direction: .growsWithLikeness, lowerBound: 0, upperBound: 1, isSymmetric: false,
    invariances: [.itemOrder, .translation, .uniformScaling], source: "[MRB18]")

  /// Measures features n × p and n × q; the first gives the weights.
  ///
  /// - Throws: ``RedundancyError`` when the items do not line up, ``LinearAlgebraError`` when
  ///   features are not finite.
  /// - Complexity: as ``SVCCA/init(between:and:)``.
  public init(between first: Matrix<Float>, and second: Matrix<Float>) throws {
    try requireComparable(first, second)
    let (x, y) = (try WhitenedCoordinates(first), try WhitenedCoordinates(second))
    let decomposition = try singularValueDecomposition(
      product(x.scores, .transposed, y.scores, .none))
    value = Self.weightedMean(
      decomposition.singularValues.map { min(1, $0) }, directions: decomposition.u,
      loadings: x.loadings)
  }

  /// The weighted mean of `correlations`; nil for none.
  ///
  /// - Parameters:
  ///   - directions: Canonical directions in whitened coordinates, k × m for m correlations.
  ///   - loadings: Features on whitened coordinates, p × k.
  package static func weightedMean(
    _ correlations: [Double], directions: Matrix<Double>, loadings: Matrix<Double>
  ) -> Double? {
    guard !correlations.isEmpty else { return nil }
    let projections = product(loadings, directions)
    var weights = [Double](repeating: 0, count: correlations.count)
    for row in 0..<projections.rowCount {
      for column in weights.indices {
        weights[column] += abs(projections.elements[row * weights.count + column])
      }
    }
    let total = weights.reduce(0, +)
    guard total > 0 else { return nil }
    return zip(weights, correlations).reduce(0) { $0 + $1.0 * $1.1 } / total
  }
}
