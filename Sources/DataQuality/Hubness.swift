import Neighbors

/// How unevenly the items turn up in each other's neighbour lists.
///
///     N_k(j) = the number of lists that name j among their first k
///     skewness = (1/n)·Σ (N_k − μ)³ / σ³
///
/// 0 for lists that name all items alike, some tenths for random lists, and several units in many
/// dimensions, where a few hubs are near everything.
///
/// - Reference: [RNI10].
public struct Hubness: Codable, Sendable, Equatable {
  /// List length k.
  public let k: Int
  /// Number of lists.
  public let lists: Int
  /// Skewness of N_k over all items; nil when N_k does not vary.
  public let skewness: Double?
  /// The largest N_k.
  public let largestCount: Int
  /// The item that has it, the lowest of equals; nil without lists.
  public let largestItem: Int?
  /// Share of items with N_k = 0; nil unless every item has a list.
  public let neverRetrieved: Double?

  /// Counts the first ten neighbours of each list, or as many as there are.
  ///
  /// - Parameters:
  ///   - lists: Neighbours of all items or of some, the items themselves left out.
  ///   - items: Number of items n that neighbours were chosen from.
  /// - Precondition: neighbours lie in `0..<items`.
  /// - Complexity: O(M·k + n) for M lists.
  public init(_ lists: NeighborLists, items: Int) {
    k = min(10, lists.width)
    self.lists = lists.anchors.count
    var counts = [Int](repeating: 0, count: items)
    for row in lists.anchors.indices {
      for neighbor in lists.neighbors(ofRow: row).prefix(k) { counts[Int(neighbor)] += 1 }
    }
    largestCount = counts.max() ?? 0
    largestItem = largestCount > 0 ? counts.firstIndex(of: largestCount) : nil
    let total = Double(max(items, 1))
    let mean = Double(counts.reduce(0, +)) / total
    let second = counts.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / total
    let third = counts.reduce(0.0) {
      let deviation = Double($1) - mean
      return $0 + deviation * deviation * deviation
    }
    let varies = counts.contains { $0 != counts[0] }
    skewness = varies ? third / total / (second * second.squareRoot()) : nil
    neverRetrieved = items > 0 && Set(lists.anchors).count == items
      ? Double(counts.count { $0 == 0 }) / total : nil
  }
}
