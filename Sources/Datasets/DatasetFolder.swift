import Foundation

/// Reads data sets that lie in folders: `<directory>/<name>/` with feature files, and where there
/// are any, interactions (`<name>.inter`), labels (`labels.npy`) and category names
/// (`categories.txt`).
public enum DatasetFolder {
  /// Finds and reads the data set `name`.
  ///
  /// - Parameters:
  ///   - name: Name of the folder.
  ///   - search: Where it may be; the first directory that has any of its modalities counts.
  ///   - modalities: Which to read, or nil for the first two in the order image, text, audio,
  ///     others by name.
  /// - Throws: ``DatasetError/notFound(_:)`` when no directory has it, and every other
  ///   ``DatasetError`` for what is wrong inside.
  public static func load(
    _ name: String, in search: DatasetSearch, modalities: [String]? = nil
  ) throws -> FeatureDataset {
    let isPlain = !name.isEmpty && !name.hasPrefix(".") && !name.contains { "/\\\0".contains($0) }
    guard isPlain else { throw DatasetError.selection(.invalidName(name)) }
    for directory in search.directories {
      let folder = "\(directory)/\(name)"
      var isDirectory: ObjCBool = false
      guard FileManager.default.fileExists(atPath: folder, isDirectory: &isDirectory),
        isDirectory.boolValue
      else { continue }
      let files = try list(folder)
      let contents = FolderContents(files: files)
      if !contents.sources.isEmpty {
        return try read(name, folder: folder, files: files, contents, modalities: modalities)
      }
    }
    throw DatasetError.notFound(
      MissingDataset(
        name: name,
        candidates: search.directories.flatMap { directory in
          ["\(name).inter", "image_feat.npy", "text_feat.npy"].map {
            "\(directory)/\(name)/\($0)"
          }
        }))
  }

  private static func list(_ folder: String) throws(DatasetError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: folder)
    } catch {
      throw .unreadable(path: folder, reason: "the folder cannot be listed")
    }
  }

  private static func read(
    _ name: String, folder: String, files: [String], _ contents: FolderContents,
    modalities requested: [String]?
  ) throws -> FeatureDataset {
    let available = ModalityChoice.ordered(contents.sources.keys)
    let chosen = try ModalityChoice.choose(requested, from: available, dataset: name)
    var digests: [String: String] = [:]
    var modalities: [Modality] = []
    for modality in chosen {
      switch contents.sources[modality] {
      case .features(let file):
        let features = try FeatureFile.read("\(folder)/\(file)", name: modality)
        digests[file] = features.digest
        modalities.append(.features(features))
      case .neighbors(let ids, let cosines):
        modalities.append(
          .neighbors(
            try PrecomputedNeighbors.read(
              modality: modality, idsAt: "\(folder)/\(ids)", cosinesAt: "\(folder)/\(cosines)")))
        for file in [ids, cosines] {
          digests[file] = try Digest.sha256(fileAt: "\(folder)/\(file)")
        }
      case nil: break
      }
    }
    var dataset = try FeatureDataset(
      name: name, modalities: modalities,
      notes: notes(chosen: chosen, available: available, ignored: contents.ignored),
      digests: digests)
    try addInteractions(to: &dataset, folder: folder, files: files)
    try addClasses(to: &dataset, folder: folder, files: files)
    return dataset
  }

  private static func notes(
    chosen: [String], available: [String], ignored: [String]
  ) -> [String] {
    var notes: [String] = []
    if available.count > chosen.count {
      notes.append(
        "compares \(chosen.joined(separator: ", ")) out of \(available.joined(separator: ", ")); "
          + "choose others with --modalities")
    }
    for file in ignored { notes.append("\(file) is ignored: its modality has a preferred file") }
    return notes
  }

  private static func addInteractions(
    to dataset: inout FeatureDataset, folder: String, files: [String]
  ) throws {
    let file = "\(dataset.name).inter"
    guard files.contains(file) else {
      dataset.notes.append("\(file) is absent: users and interactions are unknown")
      return
    }
    let map = try FileMap(path: "\(folder)/\(file)")
    let interactions = try InteractionTable.read(map, featureRows: dataset.itemCount)
    if interactions.ignoredCount > 0 {
      dataset.notes.append(
        "\(interactions.ignoredCount) rows of \(file) have another x_label than 0, 1 and 2 and "
          + "are ignored")
    }
    dataset.interactions = interactions
    dataset.digests[file] = Digest.sha256(of: map)
  }

  private static func addClasses(
    to dataset: inout FeatureDataset, folder: String, files: [String]
  ) throws {
    let labels = "labels.npy"
    let names = "categories.txt"
    let hasNames = files.contains(names)
    guard files.contains(labels) || hasNames else { return }
    if files.contains(labels) {
      dataset.classes = try ItemClasses.read(
        "\(folder)/\(labels)", itemCount: dataset.itemCount,
        namesPath: hasNames ? "\(folder)/\(names)" : nil)
      dataset.digests[labels] = try Digest.sha256(fileAt: "\(folder)/\(labels)")
    } else {
      dataset.classes = try ItemClasses.read("\(folder)/\(names)", itemCount: dataset.itemCount)
    }
    if hasNames { dataset.digests[names] = try Digest.sha256(fileAt: "\(folder)/\(names)") }
  }
}
