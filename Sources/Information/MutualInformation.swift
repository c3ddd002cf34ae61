import Foundation

/// The mutual information of two discrete variables in bits.
///
///     I(A;B) = Σ p(a, b) log₂(p(a, b) / p(a)p(b))
///
/// - Parameters:
///   - weights: Joint weights, one row for each value of A, not negative; scaled to sum to 1.
///   - columnCount: Number of values of B.
/// - Returns: 0 to min(H(A), H(B)), rounding aside; 0 when all weights are zero.
/// - Complexity: O(cells).
package func mutualInformation(_ weights: [Double], columnCount: Int) -> Double {
  precondition(
    columnCount > 0 && weights.count % columnCount == 0,
    "\(weights.count) weights have no rows of \(columnCount)")
  var rows = [Double](repeating: 0, count: weights.count / columnCount)
  var columns = [Double](repeating: 0, count: columnCount)
  for (index, weight) in weights.enumerated() {
    rows[index / columnCount] += weight
    columns[index % columnCount] += weight
  }
  let total = rows.reduce(0, +)
  guard total > 0 else { return 0 }
  var sum = 0.0
  for (index, weight) in weights.enumerated() where weight > 0 {
    sum +=
      weight / total
      * log2(weight * total / (rows[index / columnCount] * columns[index % columnCount]))
  }
  return sum
}

/// The entropy −Σ p log₂ p of weights scaled to sum to 1, in bits; 0 when all are zero.
package func entropy(_ weights: [Double]) -> Double {
  let total = weights.reduce(0, +)
  guard total > 0 else { return 0 }
  return weights.reduce(0) { $1 > 0 ? $0 - $1 / total * log2($1 / total) : $0 }
}
