import Statistics

/// A discrete task Y: one value for each item that has one.
public struct DiscreteTask: Codable, Sendable, Equatable {
  /// The value of each item, in 0..<``count``; negative where the item has none.
  public let symbols: [Int]
  /// Number of values.
  public let count: Int
  /// What the values are, for the report.
  public let name: String

  /// More values than this make a table too sparse for the usual numbers of items.
  public static let largestCount = 16

  /// Labels as a task. Those of the 15 largest classes stay, and the rest become one value when
  /// there are more than 16 classes.
  ///
  /// - Parameters:
  ///   - labels: One for each item; negative for an item without a class.
  ///   - name: What they are.
  /// - Complexity: O(n + classes·log classes).
  public init(labels: [Int], name: String) {
    let sizes = labels.reduce(into: [Int: Int]()) { if $1 >= 0 { $0[$1, default: 0] += 1 } }
    let ordered = sizes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    let isPooled = ordered.count > Self.largestCount
    let kept = ordered.prefix(isPooled ? Self.largestCount - 1 : Self.largestCount)
    let places = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1, $0) })
    symbols = labels.map { $0 < 0 ? -1 : places[$0] ?? Self.largestCount - 1 }
    count = isPooled ? Self.largestCount : ordered.count
    self.name =
      isPooled
      ? "\(name): the \(kept.count) largest of \(ordered.count) classes, and the others as one"
      : name
  }

  /// The third of the items that an item belongs to by its number of interactions, rarest first.
  ///
  /// Equal numbers share a third, so thirds can be of unequal size or empty.
  ///
  /// - Parameter interactions: Number of interactions of each item.
  /// - Complexity: O(n log n).
  public init(popularityThirdsOf interactions: [Int]) {
    let sorted = interactions.sorted().map(Double.init)
    let limits = [1.0 / 3, 2.0 / 3].compactMap { quantile(ofSorted: sorted, at: $0) }
    symbols = interactions.map { number in limits.count { Double(number) > $0 } }
    count = 3
    name = "the item's third by number of interactions"
  }
}
