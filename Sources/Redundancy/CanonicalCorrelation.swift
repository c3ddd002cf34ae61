import LinearAlgebra
import Statistics

/// Regularised canonical correlations between two modalities.
///
///     ρ = singular values of Lx⁻¹·C·Ly⁻ᵀ,  Lx·Lxᵀ = Σx + r·tr(Σx)/p·I
///
/// Each ρ is the correlation of the best remaining pair of linear readings, one of each modality,
/// damped by the ridge. Without a ridge wide modalities reach 1 by chance, and with one chance is
/// still far from 0: compare with ``shuffled``, the leading value after the rows of one modality
/// were shuffled.
///
/// - Range: 0 to 1. Unchanged by rotation, translation and uniform scaling of either modality; by
///   any invertible linear map only as r → 0.
/// - Reference: [Hot36]; ridge [Vin76].
public struct CanonicalCorrelation: Codable, Sendable, Equatable {
  /// The leading correlations, largest first; empty when a modality has no variance.
  public let correlations: [Double]
  /// The leading correlation of shuffled pairs, where it was asked for.
  public let shuffled: Double?
  /// The ridge r, as a share of the mean variance of a modality's features.
  public let regularization: Double

  /// A tenth of the mean variance. At many times more items than features it costs a clear shared
  /// factor less than a hundredth of its correlation; it takes a fifth to two fifths off the
  /// chance level of real features, and directions of next to no variance no longer count.
  public static let defaultRegularization = 0.1

  /// The card of the leading correlation.
  public static let card = MeasureCard(
    name: "regularized-cca", title: "Leading regularised canonical correlation",
    direction: .growsWithLikeness, lowerBound: 0, upperBound: 1, isSymmetric: true,
    invariances: [.itemOrder, .translation, .uniformScaling, .rotation, .commonRotation],
    source: "[Hot36], [Vin76]")

  /// The correlations from covariances at hand.
  ///
  /// - Parameters:
  ///   - joint: The three covariances.
  ///   - regularization: The ridge r, above 0.
  ///   - count: How many correlations are kept.
  ///   - shuffledCross: Makes the cross-covariance of shuffled pairs, p × q, when that of the pairs
  ///     is no longer held.
  /// - Throws: ``LinearAlgebraError`` when features are not finite.
  /// - Complexity: O(p³ + q³ + p·q·(p + q)) time, O(p² + q²) memory.
  public init(
    _ joint: JointCovariance, regularization: Double = defaultRegularization, count: Int = 16,
    shuffledCross: (() -> Matrix<Double>)? = nil
  ) throws(LinearAlgebraError) {
    precondition(regularization > 0, "the ridge must be positive, got \(regularization)")
    precondition(count > 0, "at least one correlation, got \(count)")
    self.regularization = regularization
    guard let first = try ridgedFactor(joint.first, regularization),
      let second = try ridgedFactor(joint.second, regularization)
    else {
      correlations = []
      shuffled = nil
      return
    }
    func whitenedValues(_ cross: consuming Matrix<Double>) throws(LinearAlgebraError) -> [Double] {
      let half = first.solvingLower(cross).transposed()
      let whitened = second.solvingLower(half)
      // Beside the factors of wide modalities the heap had better keep little.
      releaseFreedMemory()
      return try singularValues(whitened)
    }
    correlations = Array(try whitenedValues(joint.cross).prefix(count))
    if let shuffledCross {
      shuffled = try whitenedValues(shuffledCross()).first
    } else {
      shuffled = nil
    }
  }
}

/// The Cholesky factor of a covariance Σ with its ridge, Σ + r·tr(Σ)/d·I, or nil without variance.
///
/// - Throws: ``LinearAlgebraError`` when the covariance is not finite.
package func ridgedFactor(
  _ covariance: Matrix<Double>, _ regularization: Double
) throws(LinearAlgebraError) -> Cholesky? {
  let order = covariance.rowCount
  let trace = (0..<order).reduce(0) { $0 + covariance[$1, $1] }
  // NaN goes on to the factorisation, which names the place.
  guard order > 0, trace != 0 else { return nil }
  return try Cholesky(covariance, ridge: regularization * trace / Double(order))
}
