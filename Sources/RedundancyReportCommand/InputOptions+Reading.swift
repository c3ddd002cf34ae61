import Datasets
import Foundation
import LinearAlgebra

extension InputOptions {
  /// The name under which results are filed.
  var reportName: String {
    if let checkpoint {
      let file = FeatureDataset.checkpointFile(at: checkpoint)
      return URL(fileURLWithPath: file).deletingLastPathComponent().lastPathComponent
    }
    return dataset
      ?? features.map { URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent }
      .joined(separator: "-")
  }

  /// Reads the features and drops what was asked to be dropped.
  ///
  /// - Throws: ``DatasetError``.
  func read() throws -> FeatureDataset {
    let chosen = modalities?.split(separator: ",").map(String.init) ?? ModalityChoice.all
    var data: FeatureDataset
    if let checkpoint {
      data = try FeatureDataset.checkpoint(checkpoint, modalities: chosen)
      if let name = dataset ?? (dataDir == nil ? nil : data.trained?.dataset) {
        data = try data.addingKnowledge(of: load(name, modalities: nil))
      }
    } else if let dataset {
      data = try load(dataset, modalities: chosen)
    } else {
      data = try FeatureDataset.files(features, labels: labels)
      data = try data.selecting(chosen)
    }
    if dropNonfinite { data = try data.droppingNonFinite() }
    if dropZeroRows { data = try data.droppingZeroRows() }
    data = try data.resolvingMissing(missing)
    if dropConstant { data = try data.droppingConstantColumns() }
    return data
  }

  private func load(_ name: String, modalities: [String]?) throws -> FeatureDataset {
    let search = DatasetSearch(
      dataDirectory: dataDir, environment: ProcessInfo.processInfo.environment,
      workingDirectory: FileManager.default.currentDirectoryPath)
    return try DatasetCatalog.load(name, in: search, modalities: modalities, seed: seed)
  }
}
