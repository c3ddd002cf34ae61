/// One modality of a data set: its features, or neighbour lists where there are no features.
public enum Modality: Sendable, Equatable {
  case features(FeatureMatrix)
  case neighbors(PrecomputedNeighbors)

  /// The modality's name.
  public var name: String {
    switch self {
    case .features(let features): features.name
    case .neighbors(let lists): lists.modality
    }
  }

  /// Items it describes.
  public var itemCount: Int {
    switch self {
    case .features(let features): features.matrix.rowCount
    case .neighbors(let lists): lists.items
    }
  }

  var source: String {
    switch self {
    case .features(let features): features.source
    case .neighbors(let lists): "\(lists.modality) (\(lists.path))"
    }
  }
}

/// A data set as the diagnostics take it: modalities of the same items, and what else is known.
public struct FeatureDataset: Sendable {
  /// The name it was asked for by.
  public var name: String
  /// Two or more modalities; row i of each describes item i.
  public var modalities: [Modality]
  /// Who interacted with the items, where known.
  public var interactions: Interactions?
  /// Classes of the items, where known.
  public var classes: ItemClasses?
  /// The model that learned the features, where they come from a checkpoint.
  public var trained: TrainedModel?
  /// The projection that the model applied to them, where it did.
  public var projection: FittedProjection?
  /// Number of items.
  public var itemCount: Int
  /// Remarks for the reader of a report: what was chosen, ignored or dropped.
  public var notes: [String]
  /// SHA-256 of each input, by file name; by modality name for generated features.
  public var digests: [String: String]

  /// Puts a data set together.
  ///
  /// - Throws: ``FeatureProblem/rowsDiffer(first:firstRows:second:secondRows:)`` inside
  ///   ``DatasetError/features(_:)``.
  /// - Precondition: there is at least one modality.
  public init(
    name: String, modalities: [Modality], interactions: Interactions? = nil,
    classes: ItemClasses? = nil, notes: [String] = [], digests: [String: String]
  ) throws(DatasetError) {
    precondition(!modalities.isEmpty, "a data set needs a modality")
    for other in modalities.dropFirst() where other.itemCount != modalities[0].itemCount {
      throw .features(
        .rowsDiffer(
          first: modalities[0].source, firstRows: modalities[0].itemCount,
          second: other.source, secondRows: other.itemCount))
    }
    self.init(
      name: name, sameLength: modalities, interactions: interactions, classes: classes,
      notes: notes, digests: digests)
  }

  /// A data set whose modalities are known to describe the same items, digested by name unless
  /// `digests` are given.
  init(
    name: String, sameLength modalities: [Modality], interactions: Interactions? = nil,
    classes: ItemClasses? = nil, notes: [String] = [], digests: [String: String]? = nil
  ) {
    self.name = name
    self.modalities = modalities
    self.interactions = interactions
    self.classes = classes
    self.notes = notes
    itemCount = modalities[0].itemCount
    self.digests = digests ?? [:]
    if digests == nil {
      for features in featureMatrices { self.digests[features.name] = features.digest }
    }
  }

  /// The modalities that come as features.
  public var featureMatrices: [FeatureMatrix] {
    modalities.compactMap {
      if case .features(let features) = $0 { features } else { nil }
    }
  }

  /// The modalities that come as neighbour lists.
  public var neighborLists: [PrecomputedNeighbors] {
    modalities.compactMap {
      if case .neighbors(let lists) = $0 { lists } else { nil }
    }
  }

  /// This data set with the named modalities only, in that order.
  ///
  /// - Throws: ``DatasetError/selection(_:)``.
  public func selecting(_ names: [String]) throws(DatasetError) -> FeatureDataset {
    let chosen = try ModalityChoice.choose(
      names, from: modalities.map(\.name), dataset: name)
    var result = self
    result.modalities = chosen.flatMap { name in modalities.filter { $0.name == name } }
    return result
  }

  /// A data set of feature files that lie anywhere: row i of each describes item i.
  ///
  /// - Parameters:
  ///   - paths: Feature files, one per modality; a modality is named after its file.
  ///   - labels: Classes of the items; see ``ItemClasses/read(_:itemCount:namesPath:)``.
  ///   - interactions: An interaction file; see ``InteractionTable``.
  /// - Throws: ``DatasetError``.
  public static func files(
    _ paths: [String], labels: String? = nil, interactions: String? = nil
  ) throws -> FeatureDataset {
    guard paths.count >= 2 else { throw DatasetError.selection(.oneModality(paths)) }
    var modalities: [Modality] = []
    var digests: [String: String] = [:]
    for path in paths {
      var features = try FeatureFile.read(path)
      let namesakes = modalities.count {
        $0.name == features.name || $0.name.hasPrefix("\(features.name)-")
      }
      if namesakes > 0 { features.name += "-\(namesakes + 1)" }
      digests[path] = features.digest
      modalities.append(.features(features))
    }
    var dataset = try FeatureDataset(
      name: modalities.map(\.name).joined(separator: "+"), modalities: modalities,
      digests: digests)
    if let labels {
      dataset.classes = try ItemClasses.read(labels, itemCount: dataset.itemCount)
      dataset.digests[labels] = try Digest.sha256(fileAt: labels)
    }
    if let interactions {
      dataset.interactions = try InteractionTable.read(
        interactions, featureRows: dataset.itemCount)
      dataset.digests[interactions] = try Digest.sha256(fileAt: interactions)
    }
    return dataset
  }
}

/// Which of the modalities at hand are compared.
public enum ModalityChoice {
  /// As a request, every modality there is.
  public static let all = ["all"]

  /// The `requested` names, or the first two in order of preference: image, text, audio, others
  /// by name; for ``all`` those at hand as they stand.
  ///
  /// - Throws: ``DatasetError/selection(_:)``.
  static func choose(
    _ requested: [String]?, from available: [String], dataset: String
  ) throws(DatasetError) -> [String] {
    let wantsAll = requested == all && !available.contains(all[0])
    guard let requested, !wantsAll else {
      guard available.count >= 2 else {
        throw .selection(.tooFewModalities(dataset: dataset, available: available))
      }
      return wantsAll ? available : Array(ordered(available).prefix(2))
    }
    for (place, name) in requested.enumerated() {
      guard available.contains(name) else {
        throw .selection(.unknownModality(name, dataset: dataset, available: available.sorted()))
      }
      guard !requested[..<place].contains(name) else { throw .selection(.repeatedModality(name)) }
    }
    guard requested.count >= 2 else { throw .selection(.oneModality(requested)) }
    return requested
  }

  /// Image, text, audio, others by name.
  static func ordered(_ names: some Collection<String>) -> [String] {
    names.sorted { (preference($0), $0) < (preference($1), $1) }
  }

  private static func preference(_ name: String) -> Int {
    let order = [["image", "visual"], ["text", "textual"], ["audio", "acoustic"]]
    return order.firstIndex { $0.contains(name) } ?? order.count
  }
}
