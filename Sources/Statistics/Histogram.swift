import Foundation

/// Bins of equal width over a closed range.
public struct BinGrid: Sendable, Equatable {
  public let lower: Double
  public let upper: Double
  /// Number of bins.
  public let count: Int

  /// - Precondition: `lower` ≤ `upper`, both finite; `count` is positive.
  public init(lower: Double, upper: Double, count: Int) {
    precondition(
      lower <= upper && (upper - lower).isFinite && count > 0,
      "\(count) bins over \(lower)...\(upper)")
    self.lower = lower
    self.upper = upper
    self.count = count
  }

  /// Bins over the joint range of several samples, or nil when there are no values.
  public init?(covering samples: [[Double]], count: Int) {
    guard
      let lower = samples.compactMap({ $0.min() }).min(),
      let upper = samples.compactMap({ $0.max() }).max()
    else { return nil }
    self.init(lower: lower, upper: upper, count: count)
  }

  /// The bin of `value`; values outside the range fall into the nearest bin, the upper end into
  /// the last. A range of width zero puts everything into the first.
  public func bin(of value: Double) -> Int {
    guard upper > lower else { return 0 }
    let position = (value - lower) / (upper - lower) * Double(count)
    return min(max(Int(min(max(position, 0), Double(count))), 0), count - 1)
  }

  /// The share of `values` in each bin; all zero for no values.
  public func shares(of values: some Collection<Double>) -> [Double] {
    var counts = [Int](repeating: 0, count: count)
    for value in values { counts[bin(of: value)] += 1 }
    return counts.map { values.isEmpty ? 0 : Double($0) / Double(values.count) }
  }
}

/// The overlap Σ min(pᵢ, qᵢ) of two distributions over the same bins: 1 when they are equal, 0
/// when they are disjoint.
///
/// - Precondition: as many bins in both.
public func overlapCoefficient(_ p: [Double], _ q: [Double]) -> Double {
  precondition(p.count == q.count, "\(p.count) and \(q.count) bins")
  // Rounded shares can sum to a little over 1.
  return min(zip(p, q).reduce(0) { $0 + min($1.0, $1.1) }, 1)
}

/// A distribution over bins, convolved with a truncated Gaussian and scaled to sum 1 again.
///
/// - Shapes: `shares` are `rowCount` rows of cells, one after another; each row and each column is
///   smoothed. One row is a histogram over an axis.
/// - Parameters:
///   - deviation: Standard deviation of the Gaussian, in cells.
///   - radius: Cells on either side beyond which the Gaussian is cut off.
/// - Complexity: O(cells·radius).
public func gaussianSmoothed(
  _ shares: [Double], rowCount: Int = 1, deviation: Double = 1.5, radius: Int = 4
) -> [Double] {
  precondition(
    rowCount > 0 && shares.count % rowCount == 0, "\(shares.count) cells in \(rowCount) rows")
  let columnCount = shares.count / rowCount
  let kernel = (-radius...radius).map { offset in
    exp(-Double(offset * offset) / (2 * deviation * deviation))
  }
  func convolved(_ cells: [Double], lineCount: Int, length: Int, step: Int, lineStep: Int)
    -> [Double]
  {
    var result = [Double](repeating: 0, count: cells.count)
    for line in 0..<lineCount {
      for position in 0..<length {
        var sum = 0.0
        for other in max(0, position - radius)...min(length - 1, position + radius) {
          sum += kernel[other - position + radius] * cells[line * lineStep + other * step]
        }
        result[line * lineStep + position * step] = sum
      }
    }
    return result
  }
  var cells = convolved(
    shares, lineCount: rowCount, length: columnCount, step: 1, lineStep: columnCount)
  if rowCount > 1 {
    cells = convolved(
      cells, lineCount: columnCount, length: rowCount, step: columnCount, lineStep: 1)
  }
  let total = cells.reduce(0, +)
  return total > 0 ? cells.map { $0 / total } : cells
}
