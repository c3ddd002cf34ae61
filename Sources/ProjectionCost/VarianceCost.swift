import LinearAlgebra

/// What a map does to the variance of a modality with covariance Σ.
///
///     lost  = (tr Σ − tr PΣPᵀ)/tr Σ = [2λ·tr(BᵀΣA) − λ²·tr(AᵀA·BᵀΣB)] / tr Σ
///     moved = E‖Px − x‖²/tr Σ       = λ²·tr(AᵀA·BᵀΣB) / tr Σ
///
/// For an orthogonal map with λ = 1 the two are the same. The expectation is over centred items.
public struct VarianceCost: Codable, Sendable, Equatable {
  /// Share of the variance that is gone, 0 to 1.
  public let lost: Double
  /// Mean squared change of an item as a share of the variance; an oblique map can exceed 1.
  public let moved: Double

  /// The cost of `map`; nil for a modality without variance.
  ///
  /// - Complexity: 2·d²·k operations.
  public init?(of map: LowRankMap, covariance: Matrix<Double>) {
    let total = (0..<covariance.rowCount).reduce(0) { $0 + covariance[$1, $1] }
    guard total > 0 else { return nil }
    let image = product(covariance, map.b)
    let read = product(map.b, .transposed, image, .none)
    let written = product(map.a, .transposed, map.a, .none)
    func inner(_ x: Matrix<Double>, _ y: Matrix<Double>) -> Double {
      zip(x.elements, y.elements).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let change = map.strength * map.strength * inner(written, read)
    moved = change / total
    // Only rounding leads outside.
    lost = min(1, max(0, (2 * map.strength * inner(image, map.a) - change) / total))
  }
}
