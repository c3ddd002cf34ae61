import LinearAlgebra
import Neighbors
import Redundancy
import Statistics

/// The statistics of two modalities' neighbour lists under any relabeling, without another search.
///
/// A relabeling π pairs item i with what item π(i) has in the second modality. The second list of
/// item i is then π⁻¹(B(π(i))): the list of π(i), its items named by whom they are now paired with,
/// in the same order. This is what a search of the permuted rows would find, up to the order of
/// equal cosines.
///
/// All statistics come from one pass, in which a common item is looked at once:
///
/// - overlaps from a histogram of the later of an item's two places,
/// - rank-biased overlap from the same histogram and a table of weights,
/// - the subsequence and the alignment from the few common items near the top.
///
/// With lists of a sample of the items, relabelings must take anchors to anchors
/// (``neighborRelabelings(itemCount:anchors:within:count:streams:purpose:)``).
public struct NeighborNull: Sendable {
  /// Number of items N.
  public let itemCount: Int
  /// Number of anchors M.
  public var anchorCount: Int { first.anchors.count }
  /// Depth of the rank-biased overlap.
  public let rankBiasedDepth: Int
  /// List length of the subsequence.
  public let subsequenceLength: Int
  /// Neighbours of the alignment.
  public let alignmentLength: Int
  let first: NeighborLists
  let second: NeighborLists
  let listLengths: [Int]
  private let depth: Int
  private let weights: RankBiasedWeights
  private let cosines: (first: CenteredCosines, second: CenteredCosines)?
  /// The row of every item's lists, −1 for items that are no anchors.
  private let rows: [Int32]

  /// - Parameters:
  ///   - first: Lists of the first modality.
  ///   - second: Lists of the second modality, for the same anchors in the same order.
  ///   - itemCount: Number of items N that the lists were chosen from, anchors included.
  ///   - listLengths: Lengths of the overlap; those that the lists do not have are left out.
  ///   - features: The features that were searched, N × p and N × q, for the alignment.
  /// - Throws: ``OverlapError``.
  /// - Precondition: list lengths are below 65,535.
  /// - Complexity: O(M·width), and one pass over the features.
  public init(
    _ first: NeighborLists, _ second: NeighborLists, itemCount: Int,
    listLengths: [Int] = defaultListLengths,
    features: (first: Matrix<Float>, second: Matrix<Float>)? = nil
  ) throws(OverlapError) {
    let available = try requireComparable(first, second, itemCount: itemCount)
    self.listLengths = listLengths.filter { $0 >= 1 && $0 <= available }
    guard available >= 1, !self.listLengths.isEmpty else {
      throw .noListLength(requested: listLengths, available: available)
    }
    rankBiasedDepth = min(RankBiasedOverlap.defaultDepth, available)
    subsequenceLength = min(NeighborSubsequence.defaultLength, available)
    alignmentLength = min(NearestNeighborAlignment.defaultLength, available)
    weights = RankBiasedWeights(
      depth: rankBiasedDepth, persistence: RankBiasedOverlap.defaultPersistence)
    // The mutual neighbours lie within the depth of the rank-biased overlap.
    depth = max(rankBiasedDepth, self.listLengths.max() ?? 0)
    if let features {
      for modality in [features.first, features.second] where modality.rowCount != itemCount {
        throw .itemCountMismatch(first: features.first.rowCount, second: features.second.rowCount)
      }
      let x = try CenteredCosines(first, features: features.first, k: alignmentLength, modality: 0)
      let y = try CenteredCosines(
        second, features: features.second, k: alignmentLength, modality: 1)
      cosines = x.isInformative && y.isInformative ? (x, y) : nil
    } else {
      cosines = nil
    }
    var rows = [Int32](repeating: -1, count: itemCount)
    for (row, anchor) in first.anchors.enumerated() { rows[anchor] = Int32(row) }
    self.rows = rows
    self.itemCount = itemCount
    self.first = first
    self.second = second
  }

  /// The statistics of the pairing as it is, one value each.
  public var observed: NeighborStatistics { statistics(1) { _ in Array(0..<itemCount) } }

  /// The statistics under every relabeling.
  ///
  /// - Precondition: the relabelings are of N items and take anchors to anchors.
  /// - Complexity: O(K·M·depth) for K relabelings, in parallel over groups of relabelings; O(N + M)
  ///   memory for each relabeling at work.
  public func statistics(under relabelings: Relabelings) -> NeighborStatistics {
    precondition(
      relabelings.itemCount == itemCount,
      "relabelings of \(relabelings.itemCount) items for lists of \(itemCount)")
    return statistics(relabelings.count, relabelings.partners)
  }

  /// The statistics when item i is paired with item `partners(k)[i]`, for every k.
  private func statistics(
    _ count: Int, _ partners: @Sendable (Int) -> [Int]
  ) -> NeighborStatistics {
    // A list of the first modality is spread out once for so many relabelings.
    let grid = BlockGrid(count: count, size: 8)
    let tallies = Parallel.map(grid.blockCount) { block in
      tally(grid.range(block).map(partners))
    }.flatMap { $0 }
    let anchors = Double(anchorCount)
    func overlap(_ k: Int) -> [Double] {
      tallies.map { tally in
        Double(tally.common[..<k].reduce(0, +)) / (anchors * Double(k))
      }
    }
    let norm = cosines.map {
      ($0.first.sumOfSquares.squareRoot(), $0.second.sumOfSquares.squareRoot())
    }
    return NeighborStatistics(
      listLengths: listLengths, overlaps: listLengths.map(overlap),
      mutualNeighbors: NeighborStatistics.mutualLength <= depth
        ? overlap(NeighborStatistics.mutualLength) : nil,
      rankBiasedOverlaps: tallies.map { tally in
        let sum = weights.weights.indices.reduce(0) {
          $0 + Double(tally.common[$1]) * weights.weights[$1]
        }
        return min(sum / anchors, 1)
      },
      subsequences: tallies.map {
        Double($0.subsequence) / (anchors * Double(subsequenceLength))
      },
      alignments: norm.map { norm in
        tallies.map { min(max($0.alignment / (norm.0 * norm.1), -1), 1) }
      })
  }
}

/// Sums over all anchors under one relabeling.
private struct Tally: Sendable {
  /// Common items by the later of their two places, counted from 0.
  var common: [Int]
  /// Lengths of the longest common subsequences.
  var subsequence = 0
  /// Products of centred cosines.
  var alignment = 0.0
}

extension NeighborNull {
  /// The tallies of a group of relabelings.
  private func tally(_ group: [[Int]]) -> [Tally] {
    let n = itemCount
    var inverses = [Int32](repeating: 0, count: group.count * n)
    var sources = [Int32](repeating: 0, count: group.count * anchorCount)
    for (place, partners) in group.enumerated() {
      for item in 0..<n { inverses[place * n + partners[item]] = Int32(item) }
      for (row, anchor) in first.anchors.enumerated() {
        let source = rows[partners[anchor]]
        precondition(source >= 0, "a relabeling takes anchor \(anchor) to an item without lists")
        sources[place * anchorCount + row] = source
      }
    }
    var tallies = [Tally](
      repeating: Tally(common: [Int](repeating: 0, count: depth)), count: group.count)
    var scan = CommonScan(itemCount: n, depth: depth)
    inverses.withUnsafeBufferPointer { inverses in
      for row in 0..<anchorCount {
        scan.spread(first, row: row)
        for place in tallies.indices {
          let source = Int(sources[place * anchorCount + row])
          let inverse = UnsafeBufferPointer(rebasing: inverses[place * n..<(place + 1) * n])
          scan.collect(second, row: source, naming: inverse)
          guard scan.found > 0 else { continue }
          add(scan.common, rows: (row, source), to: &tallies[place], &scan.tails)
        }
        scan.clear(first, row: row)
      }
    }
    return tallies
  }

  private func add(
    _ common: ArraySlice<CommonPlace>, rows: (first: Int, second: Int), to tally: inout Tally,
    _ tails: inout [Int]
  ) {
    for place in common { tally.common[max(place.first, place.second)] += 1 }
    // Places in the second list ascend.
    let near = common.prefix { $0.second < max(subsequenceLength, alignmentLength) }
    guard !near.isEmpty else { return }
    let sequence = near.lazy.filter {
      $0.first < subsequenceLength && $0.second < subsequenceLength
    }
    tally.subsequence += longestIncreasingSubsequence(sequence.map(\.first), tails: &tails)
    guard let cosines else { return }
    let k = alignmentLength
    for place in near where place.first < k && place.second < k {
      tally.alignment +=
        cosines.first.values[rows.first * k + place.first]
        * cosines.second.values[rows.second * k + place.second]
    }
  }
}
