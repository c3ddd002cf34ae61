import LinearAlgebra

/// A vector that stands for many items at once.
public struct SharedVector: Codable, Sendable, Equatable {
  /// What it seems to be.
  public enum Kind: String, Codable, Sendable {
    /// The mean of the other items, or in its direction: imputed.
    case mean
    /// Another vector: a placeholder, or many copies of one item.
    case placeholder
  }

  /// Nil where only neighbour lists tell of the vector.
  public let kind: Kind?
  /// The items that have it.
  public let items: Occurrences
}

/// How many items one vector must have to count as shared: five or a thousandth of all, whichever
/// is more. Fewer are ordinary duplicates.
func sharedVectorSize(items: Int) -> Int { max(5, (items + 999) / 1000) }

/// Whether a modality is a choice of few vectors rather than a vector for each item: more than
/// half of the items have one of two or more shared vectors.
func isDiscrete(shared: [[Int]], items: Int) -> Bool {
  shared.count >= 2 && 2 * shared.reduce(0) { $0 + $1.count } > items
}

/// What a vector with the given rows seems to be.
///
/// It is held against the mean of the rows that do not have it: within 10⁻³ of the root mean
/// square length, or of a cosine above 1 − 10⁻⁶, as a mean that was normalised afterwards has.
func sharedVectorKind(
  _ matrix: Matrix<Float>, rows: [Int], _ scan: FeatureScan
) -> SharedVector.Kind {
  let total = Double(scan.usableCount)
  let others = total - Double(rows.count)
  guard others > 0, matrix.columnCount >= 2 else { return .placeholder }
  var distance = 0.0
  var product = 0.0
  var squares = 0.0
  for (value, mean) in zip(matrix.row(rows[0]), scan.means) {
    let own = Double(value)
    let rest = (total * mean - Double(rows.count) * own) / others
    distance += (own - rest) * (own - rest)
    product += own * rest
    squares += rest * rest
  }
  let typical = scan.norms.reduce(0) { $0 + $1 * $1 } / total
  let scale = scan.norms[rows[0]] * squares.squareRoot()
  let isParallel = scale > 0 && product / scale > 1 - 1e-6
  return distance <= 1e-6 * typical || isParallel ? .mean : .placeholder
}
