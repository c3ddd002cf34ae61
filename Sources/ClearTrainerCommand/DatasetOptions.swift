import ArgumentParser
import Datasets
import Foundation

/// Which data set, and where it is.
package struct DatasetOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Data set to train on.",
      discussion: """
        A folder of this name with <name>.inter and <modality>_feat.npy files, or one of demo, \
        synthetic-baby, synthetic-sports, synthetic-clothing, which are generated. A configuration \
        file may name it instead.
        """,
      valueName: "name"))
  package var dataset: String?

  @Option(
    help: ArgumentHelp(
      "Folder of the data sets (then $CLEAR_DATA, then ./data).", valueName: "folder"))
  package var dataDir: String?

  @Option(
    help: ArgumentHelp(
      "Modalities to use, comma-separated; the first two found otherwise.", valueName: "names"))
  package var modalities: String?

  package init() {}

  package func validate() throws {
    if let dataset, dataset.isEmpty { throw ValidationError("--dataset needs a name.") }
    if let names = modalityNames, names.contains(where: \.isEmpty) {
      throw ValidationError("--modalities takes names, comma-separated; got '\(modalities ?? "")'.")
    }
  }

  private var modalityNames: [String]? { Self.split(modalities) }

  private static func split(_ names: String?) -> [String]? {
    names?.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }

  /// Reads or generates the data set `name`.
  ///
  /// - Parameters:
  ///   - name: ``dataset``, or what the configuration names.
  ///   - seed: What generated data sets grow from.
  /// - Throws: ``DatasetError``.
  package func read(_ name: String, seed: UInt64) throws -> FeatureDataset {
    try Self.read(name, seed: seed, dataDir: dataDir, modalities: modalities)
  }

  static func read(
    _ name: String, seed: UInt64, dataDir: String?, modalities: String?
  ) throws -> FeatureDataset {
    let search = DatasetSearch(
      dataDirectory: dataDir, environment: ProcessInfo.processInfo.environment,
      workingDirectory: FileManager.default.currentDirectoryPath)
    return try DatasetCatalog.load(
      name, in: search, modalities: split(modalities), seed: seed)
  }
}
