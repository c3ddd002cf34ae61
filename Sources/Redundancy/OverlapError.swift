/// Why two modalities' neighbourhoods or clouds cannot be compared.
public enum OverlapError: Error, Equatable, Sendable {
  /// The neighbour lists are about different anchors.
  case anchorsDiffer(first: Int, second: Int)
  /// There are no anchors, items or points.
  case empty
  /// None of the list lengths asked for can be compared.
  case noListLength(requested: [Int], available: Int)
  /// The two modalities describe different numbers of items.
  case itemCountMismatch(first: Int, second: Int)
  /// A neighbour is not one of the items.
  case neighborOutOfRange(neighbor: Int, row: Int, items: Int)
  /// The clouds live in spaces of different width.
  case widthMismatch(first: Int, second: Int)
  /// Fewer than one direction to project on.
  case directionCount(Int)
  /// A row holds NaN or infinity.
  case nonFinite(modality: Int, row: Int)
  /// A map that is not two modalities of as many points in the plane.
  case mapShape(rows: Int, columns: Int)
}

extension OverlapError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .anchorsDiffer(let first, let second):
      "the neighbour lists of the first modality belong to \(first) anchors and those of the second"
        + " to \(second), or to others; search both modalities with the same anchors"
    case .empty:
      "there are no items to compare; at least one is needed in each modality"
    case .noListLength(let requested, let available):
      "none of the list lengths \(requested.map(String.init).joined(separator: ", ")) can be "
        + "compared; choose lengths from 1 to \(available), which both modalities have"
    case .itemCountMismatch(let first, let second):
      "the first modality has \(first) items and the second \(second); "
        + "both need one row per item, in the same order"
    case .neighborOutOfRange(let neighbor, let row, let items):
      "list \(row) names item \(neighbor), but items are numbered 0 to \(items - 1); "
        + "check that lists and items belong together"
    case .widthMismatch(let first, let second):
      "the clouds have widths \(first) and \(second); express both in coordinates of one width"
    case .directionCount(let count):
      "\(count) directions to project on; at least 1 is needed"
    case .nonFinite(let modality, let row):
      "row \(row) of the \(modality == 0 ? "first" : "second") modality holds NaN or infinity; "
        + "remove or repair that item"
    case .mapShape(let rows, let columns):
      "a map of \(rows) x \(columns) was given; 2 columns and an even number of rows are needed, "
        + "at least 2 points per modality, the first modality's points before the second's"
    }
  }
}
