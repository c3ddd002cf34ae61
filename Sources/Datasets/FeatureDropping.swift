import LinearAlgebra

/// Ways on for features that do not pass the gate, each chosen by name and noted in the data set.
extension FeatureDataset {
  /// Without the items that have a NaN or infinite value in any modality.
  ///
  /// The same items leave every modality, the classes and the interactions; the others are
  /// numbered anew.
  ///
  /// - Throws: As ``removing(items:because:)``.
  public func droppingNonFinite() throws(DatasetError) -> FeatureDataset {
    try droppingItems(because: "with NaN or infinite values") { scan in
      scan.nonFinite.indices.filter { scan.nonFinite[$0] > 0 }
    }
  }

  /// Without the items that have a row of zeros in any modality.
  ///
  /// - Throws: As ``droppingNonFinite()``.
  public func droppingZeroRows() throws(DatasetError) -> FeatureDataset {
    try droppingItems(because: "with a row of zeros") { $0.zeroRows }
  }

  /// Without the columns that have the same value in every row.
  ///
  /// - Throws: ``DatasetError/features(_:)`` when a modality has no other column.
  public func droppingConstantColumns() throws(DatasetError) -> FeatureDataset {
    var result = self
    for (place, modality) in modalities.enumerated() {
      guard case .features(var features) = modality else { continue }
      let constant = RowScan(features.matrix).constantColumns
      guard let first = constant.first else { continue }
      guard constant.count < features.matrix.columnCount else {
        throw .features(.allConstant(modality: features.source))
      }
      let width = features.matrix.columnCount
      let dropped = Set(constant)
      let kept = (0..<width).filter { !dropped.contains($0) }
      let matrix = features.matrix
      features.matrix = Matrix(
        rowCount: matrix.rowCount, columnCount: kept.count,
        elements: (0..<matrix.rowCount).flatMap { row in
          kept.map { matrix.elements[row * width + $0] }
        })
      result.modalities[place] = .features(features)
      if result.projection?.bases[features.name] != nil {
        result.projection = nil
        result.notes.append(
          "the model's own projection is set aside, as it acts on dropped columns of "
            + features.name)
      }
      result.notes.append(
        "dropped \(constant.count) of \(width) columns of \(features.name) that are constant "
          + "(first: column \(first))")
    }
    return result
  }

  private func droppingItems(
    because reason: String, _ bad: (RowScan) -> [Int]
  ) throws(DatasetError) -> FeatureDataset {
    var dropped: Set<Int> = []
    for features in featureMatrices { dropped.formUnion(bad(RowScan(features.matrix))) }
    return try removing(items: dropped, because: reason)
  }
}
