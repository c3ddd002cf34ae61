import ArgumentParser

/// Which data set.
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
      "Modalities to use, comma-separated, the first one first; the first two found otherwise.",
      valueName: "names"))
  package var modalities: String?

  @OptionGroup package var directory: DataDirectoryOptions

  package init() {}

  package func validate() throws {
    if let dataset, dataset.isEmpty { throw ValidationError("--dataset needs a name.") }
    if let names = modalityNames, names.contains(where: \.isEmpty) {
      throw ValidationError("--modalities takes names, comma-separated; got '\(modalities ?? "")'.")
    }
  }

  /// The names in ``modalities``.
  package var modalityNames: [String]? {
    modalities?.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
}
