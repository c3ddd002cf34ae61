/// What two modalities have in common that is no redundancy of content.
public struct PairQuality: Codable, Sendable, Equatable {
  /// Names of the modalities.
  public let first: String
  public let second: String
  /// Items that are suspicious in both: each other's neighbours on both sides, whatever they are.
  public let suspiciousInBoth: Occurrences
  /// Items that have the same companion as an equal in both.
  public let equalInBoth: Occurrences
  /// The share of common items among the ten nearest that such companions make by themselves, on
  /// the average over all items; 10/(n − 1) is to be expected by chance.
  public let equalOverlap: Double
  /// Items without features in both.
  public let missingInBoth: Occurrences
  /// Larger over smaller root mean square; nil where either is unknown or zero.
  public let rmsRatio: Double?
  /// Element types as stored, where they differ.
  public let differingTypes: [String]?

  init(_ first: ModalityScan, _ second: ModalityScan) {
    self.first = first.quality.name
    self.second = second.quality.name
    suspiciousInBoth = Occurrences(first.suspicious.intersection(second.suspicious).sorted())
    missingInBoth = Occurrences(first.missing.intersection(second.missing).sorted())
    var companions: [[Int]: [Int]] = [:]
    for (item, (one, other)) in zip(first.groups, second.groups).enumerated() {
      if let one, let other { companions[[one, other], default: []].append(item) }
    }
    let equal = companions.values.filter { $0.count > 1 }
    equalInBoth = Occurrences(equal.flatMap { $0 }.sorted())
    let length = max(1, min(10, first.groups.count - 1))
    let common = equal.reduce(0) { $0 + $1.count * min($1.count - 1, length) }
    equalOverlap = Double(common) / Double(max(1, length * first.groups.count))
    let features = [first, second].compactMap(\.quality.features)
    let scales = features.compactMap(\.scale.rms).filter { $0 > 0 }.sorted()
    rmsRatio = scales.count == 2 ? scales[1] / scales[0] : nil
    differingTypes =
      features.count == 2 && features[0].dtype != features[1].dtype
      ? features.map(\.dtype) : nil
  }
}
