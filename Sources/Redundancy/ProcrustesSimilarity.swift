import Foundation
import LinearAlgebra
import Statistics

/// How well one modality becomes the other by a rotation and a rescaling.
///
///     s(X, Y) = ‖X̄ᵀȲ‖_* / (‖X̄‖_F·‖Ȳ‖_F),  θ = arccos s
///
/// For centred modalities of unit norm min ‖X̄ − ȲQ‖²_F over orthogonal Q is 2 − 2s; narrower
/// features are padded with zeros. θ is the angle between the two shapes and a metric. Wide
/// unrelated modalities are far from 0.
///
/// - Range: s from 0 to 1 (equal up to translation, rotation and scale), θ from π/2 to 0 radians.
/// - Reference: [Sch66]; the angle, [WKSL21].
public struct ProcrustesSimilarity: Codable, Sendable, Equatable {
  /// s; nil when a modality has no variance.
  public let similarity: Double?
  /// θ in radians; nil when a modality has no variance.
  public let angle: Double?

  public static let card = MeasureCard(
    name: "procrustes", title: "Procrustes similarity", direction: .growsWithLikeness,
    lowerBound: 0, upperBound: 1, isSymmetric: true,
    invariances: [.itemOrder, .translation, .uniformScaling, .rotation, .commonRotation],
    source: "[Sch66]")

  /// ``angle`` as a measure of its own.
  public static let angleCard = MeasureCard(
    name: "shape-distance", title: "Angular shape distance", direction: .fallsWithLikeness,
    lowerBound: 0, upperBound: Double.pi / 2, isSymmetric: true,
    invariances: [.itemOrder, .translation, .uniformScaling, .rotation, .commonRotation],
    source: "[WKSL21]")

  /// From moments that are already known.
  ///
  /// - Parameters:
  ///   - singularValues: Those of the cross-covariance X̄ᵀȲ/n.
  ///   - firstVariance: tr Σx = ‖X̄‖²_F/n.
  ///   - secondVariance: tr Σy.
  public init(singularValues: [Double], firstVariance: Double, secondVariance: Double) {
    let scale = firstVariance.squareRoot() * secondVariance.squareRoot()
    // Cauchy–Schwarz bounds the quotient; rounding may not.
    similarity = scale > 0 ? min(1, singularValues.reduce(0, +) / scale) : nil
    angle = similarity.map { acos($0) }
  }

  /// Measures features n × p and n × q.
  ///
  /// - Throws: ``RedundancyError`` when the items do not line up, ``LinearAlgebraError`` when
  ///   features are not finite.
  /// - Complexity: 2·n·p·q operations and O(p·q·min(p, q)).
  public init(between first: Matrix<Float>, and second: Matrix<Float>) throws {
    try requireComparable(first, second)
    self.init(
      singularValues: try singularValues(crossCovariance(first, second).matrix),
      firstVariance: totalVariance(first), secondVariance: totalVariance(second))
  }
}
