import Datasets
import Neighbors

/// Whether a data set can carry an audit: defects by modality and across modalities, the items
/// that fake redundancy, and what to do.
public struct QualityReport: Codable, Sendable, Equatable {
  /// Number of items n.
  public let items: Int
  /// One entry for each modality, in the order of the data set.
  public let modalities: [ModalityQuality]
  /// One entry for each pair of modalities.
  public let pairs: [PairQuality]
  /// Items that miss some modality.
  public let missingAny: Occurrences
  /// Items that miss every modality.
  public let missingAll: Occurrences
  /// Items, ascending, that are missing, imputed or one of many with the same vector in some
  /// modality. Ordinary duplicates are not among them. Headline numbers are to be had with and
  /// without these items.
  public let suspiciousItems: [Int]
  /// What was found, the worst first.
  public let issues: [QualityIssue]

  /// Inspects a data set; no features are refused.
  ///
  /// - Parameters:
  ///   - dataset: Features, neighbour lists, or both.
  ///   - lists: Cosine neighbours by modality, of all items or of some, the items themselves left
  ///     out, where they have been searched: they tell near duplicates and hubs. A modality that
  ///     comes as neighbour lists uses its own.
  /// - Precondition: anchors and neighbours are items of the data set.
  /// - Complexity: O(n·d): two passes over the features and the start of a third.
  public init(_ dataset: FeatureDataset, lists: [String: NeighborLists] = [:]) {
    let items = dataset.itemCount
    for (name, lists) in lists {
      precondition(
        lists.anchors.allSatisfy { (0..<items).contains($0) }
          && lists.indices.allSatisfy { (0..<items).contains(Int($0)) },
        "the neighbour lists of \(name) name items outside 0..<\(items)")
    }
    let scans = dataset.modalities.map { modality in
      switch modality {
      case .features(let features): ModalityScan(features, lists: lists[features.name])
      case .neighbors(let precomputed): ModalityScan(precomputed)
      }
    }
    self.items = items
    modalities = scans.map(\.quality)
    pairs = scans.indices.flatMap { first in
      scans[(first + 1)...].map { PairQuality(scans[first], $0) }
    }
    let missing = scans.map(\.missing)
    let missingAny = missing.reduce(into: Set<Int>()) { $0.formUnion($1) }
    self.missingAny = Occurrences(missingAny.sorted())
    missingAll = Occurrences(
      missing.dropFirst().reduce(missing[0]) { $0.intersection($1) }.sorted())
    let suspicious = scans.reduce(into: Set<Int>()) { $0.formUnion($1.suspicious) }
    suspiciousItems = suspicious.sorted()
    let found =
      modalities.flatMap { modalityIssues($0, isSuspicious: suspicious.contains) }
      + pairs.flatMap { pairIssues($0, items: items) }
    // Sorting by severity alone would not keep the order of modalities.
    issues = QualityIssue.Severity.allCases.flatMap { severity in
      found.filter { $0.severity == severity }
    }
  }
}
