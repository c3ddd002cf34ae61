import ArgumentParser
import Datasets
import Foundation
import Training

/// Where the data sets are.
package struct DataDirectoryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Folder of the data sets (then $CLEAR_DATA, then ./data).", valueName: "folder"))
  package var dataDir: String?

  package init() {}

  /// Reads or generates the data set that `configuration` names.
  ///
  /// - Throws: ``DatasetError``.
  package func read(_ configuration: RunConfiguration) throws -> FeatureDataset {
    let search = DatasetSearch(
      dataDirectory: dataDir, environment: ProcessInfo.processInfo.environment,
      workingDirectory: FileManager.default.currentDirectoryPath)
    return try DatasetCatalog.load(
      configuration.dataset, in: search, modalities: configuration.modalities,
      seed: configuration.seed)
  }
}
