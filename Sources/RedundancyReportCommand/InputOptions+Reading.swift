import Datasets
import Foundation
import LinearAlgebra

extension InputOptions {
  /// The name under which results are filed.
  var reportName: String {
    dataset
      ?? features.map { URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent }
      .joined(separator: "-")
  }

  /// Reads the features and drops what was asked to be dropped.
  ///
  /// - Throws: ``DatasetError``.
  func read() throws -> FeatureDataset {
    let chosen = modalities?.split(separator: ",").map(String.init)
    var data: FeatureDataset
    if let dataset {
      let search = DatasetSearch(
        dataDirectory: dataDir, environment: ProcessInfo.processInfo.environment,
        workingDirectory: FileManager.default.currentDirectoryPath)
      data = try DatasetCatalog.load(dataset, in: search, modalities: chosen, seed: seed)
    } else {
      data = try FeatureDataset.files(features, labels: labels)
      if let chosen { data = try data.selecting(chosen) }
    }
    if dropNonfinite { data = try data.droppingNonFinite() }
    if dropZeroRows { data = try data.droppingZeroRows() }
    if dropConstant { data = try data.droppingConstantColumns() }
    return data
  }
}
