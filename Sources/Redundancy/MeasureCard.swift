/// What may be done to two modalities without changing a measure.
public enum Invariance: String, Codable, Sendable, CaseIterable {
  /// The same permutation of the items in both modalities.
  case itemOrder
  /// A permutation of the items of one modality: the measure is marginal.
  case brokenPairing
  /// A constant vector added to all items of one modality.
  case translation
  /// One positive factor for one modality.
  case uniformScaling
  /// One positive factor for each item of one modality.
  case itemScaling
  /// An orthogonal map of one modality.
  case rotation
  /// The same orthogonal map of both modalities, whose widths must be equal.
  case commonRotation
  /// An invertible linear map of one modality.
  case invertibleMap
}

/// What a measure of two modalities is, as data: the page shows it, and tests are made from it.
public struct MeasureCard: Codable, Sendable, Equatable {
  /// Which way it grows.
  public enum Direction: String, Codable, Sendable {
    /// Larger for modalities that are more alike.
    case growsWithLikeness
    /// Smaller for modalities that are more alike.
    case fallsWithLikeness
  }

  /// Its key in reports and tests, `debiased-cka`.
  public let name: String
  /// Heading, in words.
  public let title: String
  public let direction: Direction
  /// The smallest value it can take, nil when there is none.
  public let lowerBound: Double?
  /// The largest value it can take, nil when there is none.
  public let upperBound: Double?
  /// Whether it stays when the modalities change places.
  public let isSymmetric: Bool
  /// What leaves it unchanged; what is not listed can change it.
  public let invariances: [Invariance]
  /// Reference keys, `[KNLH19]`.
  public let source: String

  public init(
    name: String, title: String, direction: Direction, lowerBound: Double?, upperBound: Double?,
    isSymmetric: Bool, invariances: Set<Invariance>, source: String
  ) {
    self.name = name
    self.title = title
    self.direction = direction
    self.lowerBound = lowerBound
    self.upperBound = upperBound
    self.isSymmetric = isSymmetric
    self.invariances = Invariance.allCases.filter(invariances.contains)
    self.source = source
  }

  /// Whether it uses which rows belong together.
  public var pairing: Pairing { invariances.contains(.brokenPairing) ? .marginal : .paired }

  /// Whether it needs both modalities in coordinates of one space, and so of one width: turning
  /// one of them changes it.
  public var comparesCoordinates: Bool { !invariances.contains(.rotation) }
}
