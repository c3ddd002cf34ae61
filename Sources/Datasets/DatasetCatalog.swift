/// Every data set that has a name: generated ones and folders.
public enum DatasetCatalog {
  /// Names that are generated rather than read.
  public static let generated =
    ["demo"] + SyntheticShape.allCases.map { "synthetic-\($0.rawValue)" }

  /// Generates or reads the data set `name`.
  ///
  /// - Parameters:
  ///   - name: `demo`, `synthetic-baby`, `synthetic-sports`, `synthetic-clothing`, or a folder's
  ///     name.
  ///   - search: Where folders are looked for.
  ///   - modalities: Which modalities, or nil for the preferred two.
  ///   - seed: What generated data sets grow from.
  /// - Throws: ``DatasetError``.
  public static func load(
    _ name: String, in search: DatasetSearch, modalities: [String]? = nil, seed: UInt64
  ) throws -> FeatureDataset {
    let prefix = "synthetic-"
    let dataset: FeatureDataset
    if name == "demo" {
      dataset = DemoWorld.make(seed: seed)
    } else if let shape = SyntheticShape(rawValue: String(name.dropFirst(prefix.count))),
      name.hasPrefix(prefix)
    {
      dataset = shape.make(seed: seed)
    } else if name.hasPrefix(prefix) {
      throw DatasetError.selection(.unknownSynthetic(name, known: generated))
    } else {
      return try DatasetFolder.load(name, in: search, modalities: modalities)
    }
    return try modalities.map { try dataset.selecting($0) } ?? dataset
  }
}
