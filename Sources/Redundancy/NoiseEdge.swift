import LinearAlgebra
import Statistics

/// How large the first singular value of a cross-covariance gets when nothing is shared.
///
/// For independent modalities, given X, the expected spectral norm of C = X̄ᵀȲ/n is at most
///
///     (√λ(Σ̂x) · √tr(Σy) + √tr(Σ̂x) · √λ(Σy)) / √n
///
/// with λ the largest eigenvalue, Σ̂ the covariance of the sample and Σ that of the population; for
/// wide samples of unit-variance white noise this is close to (√p + √q)/√n. The other modality may
/// be held fixed instead; the smaller of the two bounds is reported. √λ(Σ) is not observed: it is
/// estimated as √λ(Σ̂) − √(tr(Σ̂)/n), which removes what sampling adds to white noise.
///
/// For white noise σ₁ lands 3 to 14 % below the edge. For strongly coloured features the edge is
/// conservative, up to about twice σ₁: directions above it are shared, directions below it may be.
///
/// - Reference: [Che78]; [Ver18], sections 7.3 and 4.4.
public struct NoiseEdge: Codable, Sendable, Equatable {
  /// The edge, in the units of the singular values.
  public let value: Double
  /// Largest eigenvalue of the sample covariance of the first modality.
  public let firstPrincipalVariance: Double
  /// Largest eigenvalue of the sample covariance of the second modality.
  public let secondPrincipalVariance: Double
  /// Trace of the sample covariance of the first modality.
  public let firstTotalVariance: Double
  /// Trace of the sample covariance of the second modality.
  public let secondTotalVariance: Double

  /// The edge for two modalities of the same items, n × p and n × q.
  ///
  /// - Throws: ``RedundancyError`` when the items do not line up, ``LinearAlgebraError`` when
  ///   features are not finite.
  /// - Complexity: at most 14 passes over the features.
  public init(between first: Matrix<Float>, and second: Matrix<Float>) throws {
    try requireComparable(first, second)
    // Twelve leave less than 1 % of λ on white noise, the slowest case, and far less elsewhere.
    let passes = 12
    self.init(
      itemCount: first.rowCount,
      firstPrincipalVariance: try principalVariance(first, passes: passes).value,
      firstTotalVariance: totalVariance(first), firstWidth: first.columnCount,
      secondPrincipalVariance: try principalVariance(second, passes: passes).value,
      secondTotalVariance: totalVariance(second), secondWidth: second.columnCount)
  }

  /// The edge from moments that are already known.
  public init(
    itemCount: Int,
    firstPrincipalVariance: Double, firstTotalVariance: Double, firstWidth: Int,
    secondPrincipalVariance: Double, secondTotalVariance: Double, secondWidth: Int
  ) {
    self.firstPrincipalVariance = firstPrincipalVariance
    self.secondPrincipalVariance = secondPrincipalVariance
    self.firstTotalVariance = firstTotalVariance
    self.secondTotalVariance = secondTotalVariance
    let root = Double(itemCount).squareRoot()
    let firstSpread = firstTotalVariance.squareRoot()
    let secondSpread = secondTotalVariance.squareRoot()
    let firstNorm = firstPrincipalVariance.squareRoot()
    let secondNorm = secondPrincipalVariance.squareRoot()
    // The largest eigenvalue of a population is never below the mean of its eigenvalues.
    func populationNorm(_ norm: Double, _ spread: Double, width: Int) -> Double {
      max(norm - spread / root, spread / Double(max(width, 1)).squareRoot())
    }
    let givenFirst =
      firstNorm * secondSpread
      + firstSpread * populationNorm(secondNorm, secondSpread, width: secondWidth)
    let givenSecond =
      secondNorm * firstSpread
      + secondSpread * populationNorm(firstNorm, firstSpread, width: firstWidth)
    value = min(givenFirst, givenSecond) / root
  }
}
