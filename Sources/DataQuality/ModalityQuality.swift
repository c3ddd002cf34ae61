/// What is to be known of one modality before its numbers are believed.
public struct ModalityQuality: Codable, Sendable, Equatable {
  /// The modality's name.
  public let name: String
  /// Number of items n.
  public let items: Int
  /// What only the features tell; nil for a modality that comes as neighbour lists.
  public let features: FeatureQuality?
  /// Items without features: rows of zeros or of NaN.
  public let missing: Occurrences
  /// Items that are equal.
  public let duplicates: DuplicateSummary
  /// Vectors that stand for max(5, n/1000) items or more, the most frequent first.
  public let sharedVectors: [SharedVector]
  /// Whether more than half of the items have one of several shared vectors: the modality is a
  /// choice among few vectors, which are then not held against its items.
  public let isDiscrete: Bool
  /// Nil without neighbour lists.
  public let hubness: Hubness?
  /// Items that fake redundancy or hide it, with the reason; an item can have several.
  public let suspicious: [SuspiciousGroup]
}

/// What the features of a modality tell beyond ``ModalityQuality``.
public struct FeatureQuality: Codable, Sendable, Equatable {
  /// Number of features d.
  public let width: Int
  /// Element type as stored.
  public let dtype: String
  /// Values that are NaN, infinite or beyond single precision in items that have other values.
  public let nonFiniteValues: Int
  /// The items that have them.
  public let nonFiniteRows: Occurrences
  /// Items whose values are all zero.
  public let zeroRows: Occurrences
  /// Items whose values are all NaN.
  public let absentRows: Occurrences
  /// Items whose row is the mean of the others; nil where that would prove nothing (fewer than
  /// three items or two columns, or whole numbers throughout).
  public let meanRows: Occurrences?
  /// Items in nearly the same direction as another without being equal to it; nil without
  /// neighbour lists and for fewer than five features.
  public let nearDuplicates: Occurrences?
  public let columns: ColumnQuality
  public let scale: ScaleSummary
  public let values: ValueKinds
}

/// Items that are equal to each other. Items without features are left out.
public struct DuplicateSummary: Codable, Sendable, Equatable {
  /// How equality was established.
  public enum Evidence: String, Codable, Sendable {
    /// The features are equal bit for bit.
    case features
    /// The neighbour lists give each other's cosine as 1, within 10⁻⁶.
    case neighborLists
  }

  public let evidence: Evidence
  /// Items that equal an earlier one.
  public let repeated: Int
  /// Those of them whose vector is neither shared by many nor the mean: likely one product listed
  /// twice.
  public let ordinary: Int
  /// Number of groups of two or more.
  public let groupCount: Int
  /// The ten largest groups, largest first.
  public let largest: [Occurrences]

  /// - Parameter isOrdinary: Whether a group is one of ordinary duplicates.
  init(_ groups: [[Int]], evidence: Evidence, isOrdinary: ([Int]) -> Bool) {
    self.evidence = evidence
    ordinary = groups.filter(isOrdinary).reduce(0) { $0 + $1.count - 1 }
    repeated = groups.reduce(0) { $0 + $1.count - 1 }
    groupCount = groups.count
    largest = largestGroups(groups)
  }
}

/// Items of a modality that cannot be trusted for one reason.
public struct SuspiciousGroup: Codable, Sendable, Equatable {
  public enum Reason: String, Codable, Sendable {
    /// The row is all zeros or all NaN.
    case missing
    /// The row is the mean of the others.
    case meanRow
    /// Many items have this vector.
    case sharedVector
  }

  public let reason: Reason
  public let items: Occurrences
}
