/// Why a neighbour search has no result for this data.
public enum NeighborError: Error, Equatable, Sendable {
  /// Fewer or more neighbours were asked for than there are other items.
  case countOutOfRange(count: Int, items: Int)
  /// An item whose neighbours were asked for does not exist.
  case anchorOutOfRange(anchor: Int, items: Int)
  /// A row of the features holds NaN or infinity.
  case nonFinite(row: Int)
}

extension NeighborError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .countOutOfRange(let count, let items):
      "\(count) neighbours were asked for among \(items) items; "
        + "choose a number between 1 and \(max(items - 1, 1)), one less than the items"
    case .anchorOutOfRange(let anchor, let items):
      "neighbours of item \(anchor) were asked for, but items are numbered 0 to \(items - 1); "
        + "choose anchors in that range"
    case .nonFinite(let row):
      "row \(row) holds NaN or infinity, for which no cosine exists; remove or repair that item"
    }
  }
}
