internal import CAutodiff
import LinearAlgebra

/// Products of many rows with a small matrix, a strip of its columns at a time.
///
/// Sums stay in registers and neither factor is copied first, which costs a library a quarter of
/// its time where the inner dimension is a layer's width.
package enum StripProducts {
  /// Columns of a strip.
  package static let width = Int(AD_PRODUCT_STRIP)

  /// Whether strips are faster than ``DenseKernels`` here: not where these multiply tiles of 16-bit
  /// floats.
  @TaskLocal package static var arePreferred = !SplitTiles.areAvailable

  /// Whether a result with this many columns is best made in strips.
  package static func suits(_ columnCount: Int) -> Bool {
    arePreferred && columnCount > 0 && columnCount % width == 0 && ad_multiplies_strips() != 0
  }

  /// y = x·B, or y + x·B, or `bias` + x·B, and what is not positive of it times `slope`.
  ///
  /// - Shapes: x is n × `inner`, y is n × m; `strips` has the strips of B one after another, each
  ///   `inner` × ``width``.
  package static func multiply(
    _ x: UnsafePointer<Float>, rows n: Int, inner: Int, strips: UnsafePointer<Float>,
    bias: UnsafePointer<Float>? = nil, slope: Float = 1,
    into y: UnsafeMutablePointer<Float>, columns m: Int, accumulates: Bool = false
  ) {
    for first in stride(from: 0, to: m, by: width) {
      ad_multiply_strip(
        x, inner, 1, n, inner, strips + first * inner, width, bias.map { $0 + first }, slope,
        accumulates ? 1 : 0, y + first, m)
    }
  }

  /// y = aᵀ·b, or y + aᵀ·b, for a of n × m and b of n × d.
  package static func multiply(
    transposed a: UnsafePointer<Float>, columns m: Int, _ b: UnsafePointer<Float>, columns d: Int,
    rows n: Int, into y: UnsafeMutablePointer<Float>, accumulates: Bool = false
  ) {
    ad_multiply_transposed(a, m, b, d, n, accumulates ? 1 : 0, y)
  }
}
