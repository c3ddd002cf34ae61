import LinearAlgebra
import Statistics

/// The directions that two modalities share: the singular value decomposition of their
/// cross-covariance, C = U·diag(σ)·Wᵀ.
///
/// - Reference: [CLEAR26], Equation 5.
public struct SharedSubspace: Sendable, Equatable {
  /// The covariance that was decomposed.
  public let covariance: CrossCovariance
  /// U, p × r with r = min(p, q): shared directions of the first modality, strongest first.
  public let first: Matrix<Double>
  /// Singular values σ₁ ≥ … ≥ σ_r ≥ 0.
  public let singularValues: [Double]
  /// W, q × r: shared directions of the second modality.
  public let second: Matrix<Double>

  /// Decomposes `covariance`.
  ///
  /// - Throws: ``LinearAlgebraError`` when C is not finite.
  /// - Complexity: O(p·q·min(p, q)).
  public init(_ covariance: CrossCovariance) throws {
    let decomposition = try singularValueDecomposition(covariance.matrix)
    self.covariance = covariance
    first = decomposition.u
    singularValues = decomposition.singularValues
    second = decomposition.v
  }

  /// Fits the shared subspace of two modalities held in memory, n × p and n × q.
  ///
  /// - Throws: ``RedundancyError/itemCountMismatch(first:second:)``,
  ///   ``RedundancyError/tooFewItems(count:needed:)``.
  /// - Complexity: O(n·p·q + p·q·min(p, q)).
  public init(between first: Matrix<Float>, and second: Matrix<Float>) throws {
    try requireComparable(first, second)
    try self.init(crossCovariance(first, second))
  }
}
