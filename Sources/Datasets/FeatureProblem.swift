/// Why well-formed features cannot be diagnosed. Rows and columns count from 0.
public enum FeatureProblem: Error, Equatable, Sendable {
  /// Two modalities describe different numbers of items.
  case rowsDiffer(first: String, firstRows: Int, second: String, secondRows: Int)
  /// Fewer items than any diagnostic needs.
  case tooFewItems(Int)
  /// Values that are NaN, infinite or beyond single precision.
  case nonFinite(modality: String, count: Int, row: Int, column: Int)
  /// Rows without a direction.
  case zeroRows(modality: String, count: Int, first: Int)
  /// Columns that say nothing.
  case constantColumns(modality: String, count: Int, first: Int)
  /// No column is left.
  case allConstant(modality: String)
  /// Items cannot be taken out of neighbour lists, as too little of item `row`'s would be left.
  case listsTooShort(modality: String, items: Int, row: Int, left: Int)
  /// Items without features, in rows of zeros or NaN.
  case missing(modality: String, count: Int, first: Int)
  /// No item has features to fill the others with.
  case nothingToAverage(modality: String)
}

extension FeatureProblem: CustomStringConvertible {
  public var description: String {
    switch self {
    case .rowsDiffer(let first, let firstRows, let second, let secondRows):
      "\(first) has \(firstRows) rows and \(second) \(secondRows); "
        + "both need one row per item, in the same order"
    case .tooFewItems(let count):
      "there are \(count) items; a diagnostic needs 3 or more, give files with more rows"
    case .nonFinite(let modality, let count, let row, let column):
      "\(modality) has \(count) \(count == 1 ? "value that is" : "values that are") NaN, infinite "
        + "or beyond single precision, the first in row \(row), column \(column); "
        + "--drop-nonfinite goes on without those items"
    case .zeroRows(let modality, let count, let first):
      "\(modality) has \(count) \(count == 1 ? "row" : "rows") of zeros, the first is row "
        + "\(first); a zero row has no cosine, --drop-zero-rows goes on without those items"
    case .constantColumns(let modality, let count, let first):
      "\(modality) has \(count) constant \(count == 1 ? "column" : "columns"), the first is column "
        + "\(first); --drop-constant goes on without such columns"
    case .allConstant(let modality):
      "\(modality) has the same values in every row, so nothing is left to compare; "
        + "check how the features were extracted"
    case .listsTooShort(let modality, let items, let row, let left):
      "\(items) \(items == 1 ? "item" : "items") would have to be taken out, but \(modality) "
        + "comes as neighbour lists, and that of item \(row) would keep \(left) "
        + "\(left == 1 ? "entry" : "entries"); compute the lists again without those items"
    case .missing(let modality, let count, let first):
      "\(modality) has no features for \(count) \(count == 1 ? "item" : "items") (rows of zeros "
        + "or NaN), the first is row \(first); --missing drop goes on without those items, "
        + "--missing mean gives them the mean of the others"
    case .nothingToAverage(let modality):
      "\(modality) has no row without NaN, infinity or zeros throughout, so there is no mean to "
        + "give to the items without features; check how the features were extracted"
    }
  }
}

/// The checks that features pass before any diagnostic sees them.
public enum FeatureGate {
  /// Throws unless every diagnostic can use these modalities.
  ///
  /// Items are counted first, then each modality is asked for values that are not finite, rows of
  /// zeros and constant columns.
  ///
  /// - Parameter inspections: One for each of `modalities`, in that order.
  /// - Throws: ``DatasetError/features(_:)``.
  public static func requireUsable(
    _ modalities: [FeatureMatrix], _ inspections: [ModalityInspection]
  ) throws(DatasetError) {
    precondition(
      modalities.count == inspections.count,
      "\(modalities.count) modalities and \(inspections.count) inspections")
    for (other, inspection) in zip(modalities, inspections) {
      guard inspection.items == inspections[0].items else {
        throw .features(
          .rowsDiffer(
            first: modalities[0].source, firstRows: inspections[0].items, second: other.source,
            secondRows: inspection.items))
      }
    }
    if let items = inspections.first?.items, items < 3 { throw .features(.tooFewItems(items)) }
    for (features, found) in zip(modalities, inspections) {
      if let first = found.firstNonFinite {
        throw .features(
          .nonFinite(
            modality: features.source, count: found.nonFinite, row: first.row,
            column: first.column))
      }
      if let first = found.firstZeroRow {
        throw .features(
          .zeroRows(modality: features.source, count: found.zeroRows, first: first))
      }
      if let first = found.firstConstantColumn {
        throw .features(
          .constantColumns(modality: features.source, count: found.constantColumns, first: first))
      }
    }
  }

  /// Inspects the modalities of a data set and throws unless they are usable.
  ///
  /// - Returns: The inspections, one for each modality that comes as features.
  /// - Throws: ``DatasetError/features(_:)``.
  public static func requireUsable(
    _ dataset: FeatureDataset
  ) throws(DatasetError) -> [ModalityInspection] {
    guard dataset.itemCount >= 3 else { throw .features(.tooFewItems(dataset.itemCount)) }
    let inspections = dataset.featureMatrices.map { FeatureInspection.inspect($0) }
    try requireUsable(dataset.featureMatrices, inspections)
    return inspections
  }
}
