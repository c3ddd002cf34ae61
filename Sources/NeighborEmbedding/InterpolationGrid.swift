import Foundation

/// The grid of nodes that covers a map, and the size of the Fourier transforms on it.
///
/// Maps grow while they form, and each new spacing or transform size costs the kernels' spectra.
/// So the spacing takes few values and a transform size stays while it fits.
struct InterpolationGrid: Sendable, Equatable {
  /// Nodes a side.
  let nodes: Int
  /// Distance between nodes in units of the map.
  let spacing: Double
  /// Points of a transform a side; even, a product of 2, 3 and 5.
  let transformSize: Int

  /// Distance between nodes that a large map gets. The kernels have unit width.
  static let largestSpacing = 0.35
  /// Intervals a side that a small map gets.
  static let fewestIntervals = 48.0
  /// Intervals a side beyond which the spacing grows instead, to bound memory.
  static let mostIntervals = 2000.0

  init(span: Double, after previous: InterpolationGrid?) {
    var spacing = InterpolationGrid.largestSpacing
    // A map without extent still has a scale on which its points coincide.
    let wanted = max(span, 1e-9) / InterpolationGrid.fewestIntervals
    if wanted < spacing {
      spacing *= exp2((4 * log2(wanted / spacing)).rounded(.down) / 4)
    } else if span / spacing > InterpolationGrid.mostIntervals {
      spacing = span / InterpolationGrid.mostIntervals
    }
    // One node before the first point, two after the last, one for rounding.
    nodes = Int(span / spacing) + 5
    self.spacing = spacing
    // Charges reach across the grid and no further, and the sharpened kernels fade within a few
    // nodes beyond that.
    let needed = 2 * nodes + 16
    if let previous, previous.spacing == spacing, previous.transformSize >= needed,
      previous.transformSize <= needed + needed / 4
    {
      transformSize = previous.transformSize
    } else {
      transformSize = InterpolationGrid.smoothSize(atLeast: needed + needed / 24)
    }
  }

  /// The next even product of 2, 3 and 5.
  static func smoothSize(atLeast minimum: Int) -> Int {
    var size = minimum + minimum % 2
    while true {
      var rest = size
      for prime in [2, 3, 5] {
        while rest % prime == 0 { rest /= prime }
      }
      if rest == 1 { return size }
      size += 2
    }
  }
}
