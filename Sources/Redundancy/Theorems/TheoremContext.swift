import LinearAlgebra
import Statistics

/// Who chose what, as the checks of Theorem 4 and Corollary 7 need it.
public struct ItemChoices: Sendable, Equatable {
  /// Number of users m.
  public var userCount: Int
  /// User of each choice, 0..<m.
  public var users: [Int32]
  /// Item of each choice, a row of the features.
  public var items: [Int32]
  /// Whether each choice is a test choice; the others are training choices. Validation choices
  /// are left out by the caller.
  public var isTest: [Bool]

  public init(userCount: Int, users: [Int32], items: [Int32], isTest: [Bool]) {
    self.userCount = userCount
    self.users = users
    self.items = items
    self.isTest = isTest
  }

  /// The items of every user in training or in test, in the order of the choices.
  func itemsByUser(test: Bool) -> [[Int]] {
    var lists = [[Int]](repeating: [], count: userCount)
    for index in users.indices where isTest[index] == test {
      lists[Int(users[index])].append(Int(items[index]))
    }
    return lists
  }
}

/// The Fisher discriminant ratios of one modality that Theorem 1 is judged by.
public struct FisherSummary: Sendable, Equatable {
  /// Name of the modality.
  public var modality: String
  /// Median over class pairs of FDR∥/FDR⊥; nil when it is undefined.
  public var medianRatio: Double?
  /// Share of class pairs with FDR∥ < FDR⊥, 0 to 1.
  public var shareBelowOne: Double?
  /// Percentile, 0 to 100, of the median ratio among random subspaces of the same rank.
  public var randomPercentile: Double?

  public init(
    modality: String, medianRatio: Double?, shareBelowOne: Double?, randomPercentile: Double?
  ) {
    self.modality = modality
    self.medianRatio = medianRatio
    self.shareBelowOne = shareBelowOne
    self.randomPercentile = randomPercentile
  }
}

/// Everything the checks of the paper's statements look at.
public struct TheoremContext: Sendable {
  /// Features of the first modality, n × p, not centred.
  public var first: Matrix<Float>
  /// Features of the second modality, n × q, not centred.
  public var second: Matrix<Float>
  /// Names of the two modalities.
  public var names: [String]
  /// The shared subspace whose directions are damped.
  public var subspace: SharedSubspace
  /// The covariance of these features, where it is already known; it is measured otherwise.
  public var covariance: CrossCovariance?
  /// Redundancy rank k.
  public var rank: Int
  /// Projection strength λ.
  public var strength: Double
  /// Class of each item; a negative number is no class. Nil when there are no classes.
  public var classes: [Int]?
  /// Where the classes come from, as a noun phrase ("the given labels").
  public var classDescription: String
  /// Clusters of the items' coordinates in the first modality's shared directions, if any.
  public var subspaceClasses: [Int]?
  /// Interactions, if any.
  public var choices: ItemChoices?
  /// Fisher ratios of the modalities under `classes`; empty when there are none.
  public var fisher: [FisherSummary]
  /// Where the random tests draw from.
  public var streams: RandomStreams

  public init(
    first: Matrix<Float>, second: Matrix<Float>, names: [String], subspace: SharedSubspace,
    covariance: CrossCovariance? = nil, rank: Int, strength: Double, classes: [Int]? = nil,
    classDescription: String = "no classes",
    subspaceClasses: [Int]? = nil, choices: ItemChoices? = nil, fisher: [FisherSummary] = [],
    streams: RandomStreams
  ) {
    self.first = first
    self.second = second
    self.names = names
    self.subspace = subspace
    self.covariance = covariance
    self.rank = rank
    self.strength = strength
    self.classes = classes
    self.classDescription = classDescription
    self.subspaceClasses = subspaceClasses
    self.choices = choices
    self.fisher = fisher
    self.streams = streams
  }
}

/// Why the statements cannot be checked on this input.
public enum TheoremError: Error, Equatable, Sendable {
  /// The subspace was fitted to modalities of other widths.
  case subspaceShape(first: Int, second: Int, expectedFirst: Int, expectedSecond: Int)
  /// The lists of users, items and test marks differ in length.
  case choiceCountMismatch(users: Int, items: Int, marks: Int)
  /// A choice names a user or an item that does not exist.
  case choiceOutOfRange(position: Int, user: Int, item: Int, users: Int, items: Int)
  /// Two names are needed, one per modality.
  case nameCount(Int)
}

extension TheoremError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .subspaceShape(let first, let second, let expectedFirst, let expectedSecond):
      "the shared subspace has widths \(first) and \(second), the features \(expectedFirst) and "
        + "\(expectedSecond); fit it to modalities of these widths"
    case .choiceCountMismatch(let users, let items, let marks):
      "the choices list \(users) users, \(items) items and \(marks) test marks; "
        + "each choice needs one of each"
    case .choiceOutOfRange(let position, let user, let item, let users, let items):
      "choice \(position) is user \(user), item \(item), but there are \(users) users and "
        + "\(items) items; ids count from 0"
    case .nameCount(let count):
      "\(count) names were given for two modalities; give one each"
    }
  }
}

extension TheoremContext {
  /// Throws for input on which the checks would have no meaning.
  func validate() throws {
    try requireComparable(first, second)
    let widths = (subspace.first.rowCount, subspace.second.rowCount)
    guard widths == (first.columnCount, second.columnCount) else {
      throw TheoremError.subspaceShape(
        first: widths.0, second: widths.1, expectedFirst: first.columnCount,
        expectedSecond: second.columnCount)
    }
    guard names.count == 2 else { throw TheoremError.nameCount(names.count) }
    let available = subspace.singularValues.count
    guard rank >= 1, rank <= available else {
      throw RedundancyError.rankOutOfRange(rank: rank, available: available)
    }
    guard (0...1).contains(strength) else { throw RedundancyError.strengthOutOfRange(strength) }
    for labels in [classes, subspaceClasses].compactMap(\.self)
    where labels.count != first.rowCount {
      throw RedundancyError.labelCountMismatch(labels: labels.count, items: first.rowCount)
    }
    try choices.map(validate)
  }

  private func validate(_ choices: ItemChoices) throws {
    let marks = choices.isTest.count
    guard choices.users.count == choices.items.count, marks == choices.items.count else {
      throw TheoremError.choiceCountMismatch(
        users: choices.users.count, items: choices.items.count, marks: marks)
    }
    for index in choices.users.indices {
      let user = Int(choices.users[index])
      let item = Int(choices.items[index])
      guard (0..<max(choices.userCount, 0)).contains(user), (0..<first.rowCount).contains(item)
      else {
        throw TheoremError.choiceOutOfRange(
          position: index, user: user, item: item, users: choices.userCount,
          items: first.rowCount)
      }
    }
  }
}
