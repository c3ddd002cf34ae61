import LinearAlgebra
import Statistics

/// The distance between the centres of two modalities on the unit sphere.
///
///     gap = ‖mean(x/‖x‖) − mean(y/‖y‖)‖
///
/// It compares coordinates, so both modalities must live in one space: features of equal width
/// from a joint encoder, or both expressed in shared coordinates. It does not look at which rows
/// belong together.
///
/// - Range: 0 (the clouds share a centre) to 2.
/// - Reference: [LZKYZ22].
public struct ModalityGap: Codable, Sendable, Equatable {
  /// Shuffling the rows of one modality changes nothing.
  public let pairing: Pairing
  /// The distance, `nil` when the widths differ, a modality has no rows or one is not finite.
  public let distance: Double?
  /// In which coordinates it was measured, or why it was not.
  public let note: String

  public static let card = MeasureCard(
    name: "modality-gap", title: "Modality gap", direction: .fallsWithLikeness,
    lowerBound: 0, upperBound: 2, isSymmetric: true,
    invariances: [.itemOrder, .brokenPairing, .uniformScaling, .itemScaling, .commonRotation],
    source: "[LZKYZ22]")

  /// The gap between features as they are.
  ///
  /// Numbers of rows may differ. Zero rows stay at the origin and count in the mean.
  ///
  /// - Parameters:
  ///   - first: n × d.
  ///   - second: m × d.
  ///   - coordinates: What the columns are, for the note.
  /// - Complexity: O((n + m)·d).
  public init(
    between first: Matrix<Float>, and second: Matrix<Float>,
    coordinates: String = "the features as they are"
  ) {
    pairing = .marginal
    guard first.columnCount == second.columnCount else {
      distance = nil
      note =
        "the widths \(first.columnCount) and \(second.columnCount) differ, "
        + "so the centres have no distance"
      return
    }
    guard first.rowCount > 0, second.rowCount > 0 else {
      distance = nil
      note = "a modality has no rows, so it has no centre"
      return
    }
    let norms = (first: rowNorms(first), second: rowNorms(second))
    guard norms.first.allSatisfy(\.isFinite), norms.second.allSatisfy(\.isFinite) else {
      distance = nil
      note = "a row holds NaN or infinity, so its modality has no centre"
      return
    }
    let a = unitMean(first, norms: norms.first)
    let b = unitMean(second, norms: norms.second)
    distance = zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    note = "row-normalised, in \(coordinates)"
  }
}
