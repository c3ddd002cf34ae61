import LinearAlgebra
import Neighbors

/// How far two modalities retrieve the same items at one list length.
///
///     mean = (1/M)·Σᵢ |A_K(i) ∩ B_K(i)| / K
///
/// over M anchors, A_K(i) and B_K(i) being the K most similar other items in either modality.
///
/// - Reference: [CLEAR26], Figure 1.
public struct RetrievalOverlap: Codable, Sendable, Equatable {
  /// List length K.
  public let k: Int
  /// Mean share of common items, 0 to 1.
  public let mean: Double
  /// Standard error of the mean over anchors; nil for a single anchor.
  public let standardError: Double?
  /// Expected share K/(N − 1) of two independent random lists.
  public let random: Double
  /// mean/random; at most (N − 1)/K.
  public let lift: Double
  /// Standard deviation of the mean of M independent anchors if all lists were random,
  /// (N − 1 − K)/((N − 1)·√(N − 2)·√M); nil for fewer than three items.
  public let randomStandardDeviation: Double?

  public static let card = MeasureCard(
    name: "retrieval-overlap", title: "Retrieval overlap", direction: .growsWithLikeness,
    lowerBound: 0, upperBound: 1, isSymmetric: true,
    invariances: [.itemOrder, .uniformScaling, .itemScaling, .rotation, .commonRotation],
    source: "[CLEAR26]")
}

/// ``RetrievalOverlap`` at several list lengths.
public struct RetrievalOverlaps: Codable, Sendable, Equatable {
  /// The lists of one item in both modalities are compared.
  public let pairing: Pairing
  /// Number of anchors M.
  public let anchorCount: Int
  /// One entry for each length that could be compared, in the order asked for.
  public let levels: [RetrievalOverlap]
  /// Why lengths were left out, one sentence each.
  public let notes: [String]
}

/// The list lengths of the paper's Figure 1.
public let defaultListLengths = [5, 10, 20, 50, 100, 200]

/// The overlap of two modalities' neighbour lists at every length of `listLengths`.
///
/// Lengths beyond the width of the lists or beyond N − 1 are left out and noted.
///
/// - Parameters:
///   - first: Lists of the first modality.
///   - second: Lists of the second modality, for the same anchors in the same order.
///   - itemCount: Number of items N that the lists were chosen from, anchors included.
/// - Throws: ``OverlapError/anchorsDiffer(first:second:)``, ``OverlapError/empty``,
///   ``OverlapError/noListLength(requested:available:)``,
///   ``OverlapError/neighborOutOfRange(neighbor:row:items:)``.
/// - Complexity: O(M·width) for all lengths together, O(N) memory for each thread.
/// - Reference: [CLEAR26], Figure 1.
public func retrievalOverlaps(
  _ first: NeighborLists, _ second: NeighborLists, itemCount: Int,
  listLengths: [Int] = defaultListLengths
) throws(OverlapError) -> RetrievalOverlaps {
  let width = min(first.width, second.width)
  let available = min(width, itemCount - 1)
  let usable = listLengths.filter { (1...max(available, 1)).contains($0) && available >= 1 }
  guard !usable.isEmpty else {
    throw .noListLength(requested: listLengths, available: available)
  }
  let tallies = try commonTallies(first, second, itemCount: itemCount, listLengths: usable)
  let notes = listLengths.filter { !usable.contains($0) }.map { length in
    switch length {
    case ...0: "K = \(length) was left out: a list has at least one item."
    case itemCount...:
      "K = \(length) was left out: an item has only \(itemCount - 1) others."
    default: "K = \(length) was left out: the neighbour lists hold \(width) items."
    }
  }
  let anchors = Double(first.anchors.count)
  let others = Double(itemCount - 1)
  let levels = zip(usable, tallies).map { k, tally in
    let length = Double(k)
    let mean = Double(tally.sum) / (anchors * length)
    // Sums of integers: the variance has no rounding before the last steps.
    let scatter = Double(tally.squares) - Double(tally.sum) * Double(tally.sum) / anchors
    let variance = max(scatter, 0) / (anchors - 1) / (length * length)
    return RetrievalOverlap(
      k: k, mean: mean,
      standardError: anchors > 1 ? (variance / anchors).squareRoot() : nil,
      random: length / others, lift: mean * others / length,
      randomStandardDeviation: itemCount > 2
        ? (others - length) / (others * ((others - 1) * anchors).squareRoot()) : nil)
  }
  return RetrievalOverlaps(
    pairing: .paired, anchorCount: first.anchors.count, levels: levels, notes: notes)
}

/// The mutual nearest-neighbour alignment: the mean share of common items among the `k` nearest,
/// or nil when the lists or the items are fewer.
///
/// - Throws: as ``retrievalOverlaps(_:_:itemCount:listLengths:)``.
/// - Complexity: O(M·k).
/// - Reference: [HCWI24].
public func mutualNearestNeighbors(
  _ first: NeighborLists, _ second: NeighborLists, itemCount: Int, k: Int = 10
) throws(OverlapError) -> Double? {
  guard k >= 1, k <= min(first.width, second.width), k < itemCount else { return nil }
  return try retrievalOverlaps(first, second, itemCount: itemCount, listLengths: [k])
    .levels.first?.mean
}

/// Sums over anchors of the number of common items and of its square.
private struct CommonTally: Sendable {
  var sum = 0
  var squares = 0
}

private func commonTallies(
  _ first: NeighborLists, _ second: NeighborLists, itemCount: Int, listLengths: [Int]
) throws(OverlapError) -> [CommonTally] {
  try requireComparable(first, second, itemCount: itemCount)
  let depth = listLengths.max() ?? 0
  let grid = BlockGrid(count: first.anchors.count, size: 1024)
  let partials = Parallel.map(grid.blockCount) { block in
    var tallies = [CommonTally](repeating: CommonTally(), count: listLengths.count)
    var rank = [Int](repeating: depth, count: itemCount)
    var entering = [Int](repeating: 0, count: depth + 1)
    for row in grid.range(block) {
      let a = first.neighbors(ofRow: row).prefix(depth)
      let b = second.neighbors(ofRow: row).prefix(depth)
      for (place, item) in a.enumerated() { rank[Int(item)] = place }
      // An item is common from the length at which the later of its two ranks is included.
      for (place, item) in b.enumerated() where rank[Int(item)] < depth {
        entering[max(place, rank[Int(item)]) + 1] += 1
      }
      for length in 1...depth { entering[length] += entering[length - 1] }
      for (index, length) in listLengths.enumerated() {
        tallies[index].sum += entering[length]
        tallies[index].squares += entering[length] * entering[length]
      }
      for item in a { rank[Int(item)] = depth }
      for length in 0...depth { entering[length] = 0 }
    }
    return tallies
  }
  return listLengths.indices.map { index in
    partials.reduce(into: CommonTally()) {
      $0.sum += $1[index].sum
      $0.squares += $1[index].squares
    }
  }
}
