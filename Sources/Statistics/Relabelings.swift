import LinearAlgebra

/// Random ways to break the pairing of two modalities: permutations of the items, all of them or
/// only within groups.
///
/// Under the null hypothesis that pairs are exchangeable (within groups), the statistic of the
/// data and those of the relabelled data have the same distribution.
///
/// - Reference: permutation tests, [PS10]; restricted permutations, [GWB26].
public struct Relabelings: Sendable, Equatable {
  /// Number of items n.
  public let itemCount: Int
  /// Number of relabelings K.
  public let count: Int
  /// Items that may change places with each other, ascending in each group; nil when all may.
  public let groups: [[Int]]?
  private let streams: RandomStreams
  private let purpose: String

  /// - Parameters:
  ///   - itemCount: Number of items n.
  ///   - count: Number of relabelings K.
  ///   - labels: One for each item; items change places only with items of the same label. Nil for
  ///     free permutations.
  ///   - streams: Seeds the permutations; the k-th has a generator of its own.
  ///   - purpose: Names the streams.
  /// - Precondition: counts are not negative, and there is a label for each item.
  public init(
    itemCount: Int, count: Int, within labels: [Int]? = nil, streams: RandomStreams,
    purpose: String = "relabelings"
  ) {
    precondition(itemCount >= 0 && count >= 0, "\(count) relabelings of \(itemCount) items")
    self.itemCount = itemCount
    self.count = count
    self.streams = streams
    self.purpose = purpose
    groups = labels.map { labels in
      precondition(labels.count == itemCount, "\(labels.count) labels for \(itemCount) items")
      var places: [Int: Int] = [:]
      var groups: [[Int]] = []
      for (item, label) in labels.enumerated() {
        let place = places[label] ?? groups.count
        if place == groups.count {
          places[label] = place
          groups.append([])
        }
        groups[place].append(item)
      }
      return groups
    }
  }

  /// The k-th relabeling π: item i is paired with what item π(i) has in the second modality.
  ///
  /// - Precondition: k lies in 0..<count.
  /// - Complexity: O(n).
  public func partners(_ k: Int) -> [Int] {
    precondition((0..<count).contains(k), "relabeling \(k) of \(count)")
    var generator = streams.generator(for: purpose, item: k)
    guard let groups else { return generator.permutation(itemCount) }
    var partners = Array(0..<itemCount)
    for group in groups {
      for (place, other) in generator.permutation(group.count).enumerated() {
        partners[group[place]] = group[other]
      }
    }
    return partners
  }

  /// Every relabeling, in order.
  public func allPartners() -> [[Int]] { Parallel.map(count) { partners($0) } }
}
