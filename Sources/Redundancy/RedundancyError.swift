import LinearAlgebra

/// Why a diagnostic has no value for this data.
public enum RedundancyError: Error, Equatable, Sendable {
  /// The two modalities describe different numbers of items.
  case itemCountMismatch(first: Int, second: Int)
  /// There are fewer items than the diagnostic needs.
  case tooFewItems(count: Int, needed: Int)
  /// The redundancy rank k exceeds the number of shared directions.
  case rankOutOfRange(rank: Int, available: Int)
  /// A projection strength outside 0...1.
  case strengthOutOfRange(Double)
  /// The classes do not match the items.
  case labelCountMismatch(labels: Int, items: Int)
  /// Fewer than two classes have enough items.
  case tooFewClasses(count: Int, minimumItems: Int)
}

extension RedundancyError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .itemCountMismatch(let first, let second):
      "the first modality has \(first) items and the second \(second); "
        + "both need one row per item, in the same order"
    case .tooFewItems(let count, let needed):
      "\(count) items are too few; at least \(needed) are needed"
    case .rankOutOfRange(let rank, let available):
      "the redundancy rank \(rank) is outside 1...\(available), the number of shared directions; "
        + "choose a smaller --rank"
    case .strengthOutOfRange(let strength):
      "the projection strength \(strength) is outside 0...1"
    case .labelCountMismatch(let labels, let items):
      "there are \(labels) labels for \(items) items; one per item is needed, in the same order"
    case .tooFewClasses(let count, let minimumItems):
      "Fisher ratios compare two or more classes of at least \(minimumItems) items; "
        + "there are \(count)"
    }
  }
}

/// Throws unless the modalities have the same, sufficient number of rows.
func requireComparable(
  _ first: Matrix<Float>, _ second: Matrix<Float>, minimumItems: Int = 3
) throws(RedundancyError) {
  guard first.rowCount == second.rowCount else {
    throw .itemCountMismatch(first: first.rowCount, second: second.rowCount)
  }
  guard first.rowCount >= minimumItems else {
    throw .tooFewItems(count: first.rowCount, needed: minimumItems)
  }
}
