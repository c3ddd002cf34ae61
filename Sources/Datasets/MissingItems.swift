import LinearAlgebra

/// What becomes of items that have no features in some modality.
public enum MissingPolicy: String, CaseIterable, Codable, Sendable {
  /// They are refused.
  case error
  /// They leave the data set.
  case drop
  /// They get the mean of the items that have features.
  case mean
}

extension FeatureMatrix {
  /// Items without features: rows whose values are all zero or all NaN, ascending.
  ///
  /// - Complexity: O(n·d), in parallel over blocks of rows.
  public var missingItems: [Int] { missingItems(RowScan(matrix)) }

  package func missingItems(_ scan: RowScan) -> [Int] {
    (scan.zeroRows + absentRows(scan)).sorted()
  }

  /// Rows whose values are all NaN, ascending.
  package func absentRows(_ scan: RowScan) -> [Int] {
    let width = matrix.columnCount
    guard width > 0 else { return [] }
    return scan.nonFinite.indices.filter {
      scan.nonFinite[$0] == width && matrix.row($0).allSatisfy(\.isNaN)
    }
  }
}

extension FeatureDataset {
  /// This data set after `policy` has settled the items that miss a modality, which have a row of
  /// zeros or of NaN there.
  ///
  /// Only rows that say nothing count: a row with NaN in some places, or with infinities, is left
  /// as it is under every policy, for ``FeatureGate`` to refuse. Modalities that come as
  /// neighbour lists miss no item.
  ///
  /// - `error`: nothing is changed.
  /// - `drop`: items that miss any modality leave all of them, as ``removing(items:because:)``.
  /// - `mean`: their rows become the column means of the rows that are finite and not zero. Such
  ///   items share one vector and are each other's nearest neighbours; a note tells them.
  ///
  /// - Throws: ``FeatureProblem/missing(modality:count:first:)`` under `error`,
  ///   ``FeatureProblem/nothingToAverage(modality:)`` under `mean`, and as
  ///   ``removing(items:because:)`` under `drop`, inside ``DatasetError/features(_:)``.
  /// - Complexity: O(n·d).
  public func resolvingMissing(_ policy: MissingPolicy) throws(DatasetError) -> FeatureDataset {
    switch policy {
    case .error:
      for features in featureMatrices {
        let missing = features.missingItems
        if let first = missing.first {
          throw .features(
            .missing(modality: features.source, count: missing.count, first: first))
        }
      }
      return self
    case .drop:
      let missing = Set(featureMatrices.flatMap(\.missingItems))
      return try removing(items: missing, because: "that miss a modality")
    case .mean: return try fillingMissing()
    }
  }

  private func fillingMissing() throws(DatasetError) -> FeatureDataset {
    var result = self
    for (place, modality) in modalities.enumerated() {
      guard case .features(var features) = modality else { continue }
      let scan = RowScan(features.matrix)
      let missing = features.missingItems(scan)
      guard let first = missing.first else { continue }
      let gone = Set(missing)
      let others = scan.nonFinite.indices.filter { scan.nonFinite[$0] == 0 && !gone.contains($0) }
      guard !others.isEmpty else {
        throw .features(.nothingToAverage(modality: features.source))
      }
      let width = features.matrix.columnCount
      let means = columnMeans(features.matrix, rows: others)
      for row in missing {
        features.matrix.elements.replaceSubrange(row * width..<(row + 1) * width, with: means)
      }
      result.modalities[place] = .features(features)
      result.notes.append(
        "gave \(missing.count) of \(itemCount) items that miss \(features.name) the mean of the "
          + "others (first: item \(first))")
    }
    return result
  }
}

/// The mean of each column over `rows`, summed in double precision row by row.
private func columnMeans(_ matrix: Matrix<Float>, rows: [Int]) -> [Float] {
  let width = matrix.columnCount
  var sums = [Double](repeating: 0, count: width)
  matrix.elements.withUnsafeBufferPointer { elements in
    for row in rows {
      for column in 0..<width { sums[column] += Double(elements[row * width + column]) }
    }
  }
  return sums.map { Float($0 / Double(rows.count)) }
}
