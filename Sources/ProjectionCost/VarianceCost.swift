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
    self.init(
      of: map, image: product(covariance, map.b), totalVariance: covariance.trace)
  }

  /// The cost of `map` from the image ΣB, so that several maps read Σ once.
  init?(of map: LowRankMap, image: Matrix<Double>, totalVariance total: Double) {
    guard total > 0 else { return nil }
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

extension Matrix where Scalar == Double {
  /// The sum of the diagonal.
  var trace: Double {
    (0..<Swift.min(rowCount, columnCount)).reduce(0) { $0 + self[$1, $1] }
  }
}
