import Foundation

/// The grid of nodes that covers a map, and the size of the Fourier transforms on it.
///
/// Maps grow while they form, and each new spacing or transform size costs the kernels' spectra.
/// So the spacing takes few values and a transform size stays while it fits.
package struct InterpolationGrid: Sendable, Equatable {
  /// Nodes a side.
  let nodes: Int
  /// Distance between nodes in units of the map.
  let spacing: Double
  /// Points of a transform a side; even, a product of 2, 3 and 5.
  package let transformSize: Int

  /// Within this distance the grid's kernels are smoothed and ``NearField`` completes them; 0 for
  /// whole kernels.
  let reach: Double

  /// What the nodes hold.
  package enum Kernels: Sendable {
    /// The kernels as they are. Their width is 1, so the grid must be fine.
    case whole
    /// Kernels without their peak. The grid may be coarse.
    case smoothed
  }

  /// Distance between nodes that a large map gets for whole kernels.
  static let wholeSpacing = 0.35
  /// Intervals a side that a small map gets for whole kernels.
  static let fewestIntervals = 48.0
  /// Distance between nodes for smoothed kernels.
  static let smoothedSpacing = 1.25
  /// Nodes within the reach of smoothed kernels.
  static let nodesInReach = 3.2
  /// Intervals a side beyond which the spacing grows instead, to bound memory.
  static let mostIntervals = 1000.0

  package init(span: Double, kernels: Kernels, after previous: InterpolationGrid?) {
    let least = span / InterpolationGrid.mostIntervals
    switch kernels {
    case .smoothed:
      spacing = max(InterpolationGrid.smoothedSpacing, least)
      reach = InterpolationGrid.nodesInReach * spacing
    case .whole:
      // A map without extent still has a scale on which its points coincide.
      let wanted = max(span, 1e-9) / InterpolationGrid.fewestIntervals
      let largest = InterpolationGrid.wholeSpacing
      let steps = min((4 * log2(wanted / largest)).rounded(.down), 0)
      spacing = max(largest * exp2(steps / 4), least)
      reach = 0
    }
    // One node before the first point, two after the last, one for rounding.
    nodes = Int(span / spacing) + 5
    // Twice the nodes keep charges from meeting their own images, and the sharpened kernels fade
    // within a few nodes beyond.
    let needed = 2 * nodes + 16
    if let previous, previous.spacing == spacing, previous.reach == reach,
      (needed...needed + needed / 4).contains(previous.transformSize)
    {
      transformSize = previous.transformSize
    } else {
      transformSize = InterpolationGrid.smoothSize(atLeast: needed + needed / 24)
    }
  }

  /// Whether the kernels' spectra on this grid are those on another.
  func hasSameKernels(as other: InterpolationGrid) -> Bool {
    spacing == other.spacing && reach == other.reach && transformSize == other.transformSize
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
