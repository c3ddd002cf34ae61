/// Why features and tasks cannot be made into a table.
public enum InformationError: Error, Equatable, Sendable {
  /// The modalities describe different numbers of items.
  case itemCountMismatch(first: Int, second: Int)
  /// The task does not have one entry for each item.
  case taskCountMismatch(entries: Int, items: Int)
  /// No item has a value of the task.
  case empty
  /// A row holds NaN or infinity.
  case nonFinite(modality: Int, row: Int)
}

extension InformationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .itemCountMismatch(let first, let second):
      "the first modality has \(first) items and the second \(second); "
        + "both need one row per item, in the same order"
    case .taskCountMismatch(let entries, let items):
      "the task has \(entries) entries for \(items) items; one per item is needed, "
        + "in the same order"
    case .empty:
      "no item has a value of the task; at least one is needed"
    case .nonFinite(let modality, let row):
      "row \(row) of the \(modality == 0 ? "first" : "second") modality holds NaN or infinity; "
        + "remove or repair that item"
    }
  }
}
