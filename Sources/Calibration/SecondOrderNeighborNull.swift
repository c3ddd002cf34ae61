import LinearAlgebra
import Neighbors
import Redundancy
import Statistics

/// The second-order neighbour similarity of a sample of anchors under any relabeling of them.
///
/// A relabeled neighbourhood needs cosines with any item. Those are computed as they are asked for,
/// so that memory does not grow with anchors times items, and for a sample of the anchors: observed
/// value and null are of the sample alone, and relabelings take sampled anchors to sampled anchors (``neighborRelabelings(itemCount:anchors:within:count:streams:purpose:)``).
public struct SecondOrderNeighborNull: Sendable {
  /// The sampled anchors, ascending.
  public let anchors: [Int]
  /// List length K.
  public let k: Int
  /// Number of items N.
  public let itemCount: Int
  private let lists: (first: ShortLists, second: ShortLists)
  private let cosines: (first: RowCosines, second: RowCosines)

  /// The K nearest neighbours of every sampled anchor, and their cosines.
  private struct ShortLists: Sendable {
    let items: [Int]
    let scores: [Double]

    init(_ lists: NeighborLists, rows: [Int], length: Int) {
      let places = rows.flatMap { $0 * lists.width..<$0 * lists.width + length }
      items = places.map { Int(lists.indices[$0]) }
      scores = places.map { Double(lists.scores[$0]) }
    }
  }

  /// Enough anchors for a standard error of a hundredth or two.
  public static let usualAnchorCount = 256

  /// - Shapes: features are N × p and N × q, uncentred, as they were searched.
  /// - Parameters:
  ///   - first: Lists of the first modality.
  ///   - second: Lists of the second modality, for the same anchors in the same order.
  ///   - features: The features of both.
  ///   - k: K; what the lists hold, where that is less.
  ///   - anchorCount: How many anchors are drawn; all, where there are fewer.
  ///   - streams: Draws them.
  /// - Throws: ``OverlapError``.
  /// - Complexity: O(N·(p + q)); O(N) memory.
  public init(
    _ first: NeighborLists, _ second: NeighborLists,
    features: (first: Matrix<Float>, second: Matrix<Float>),
    k: Int = SecondOrderNeighbors.defaultLength, anchorCount: Int = usualAnchorCount,
    streams: RandomStreams
  ) throws(OverlapError) {
    let itemCount = features.first.rowCount
    guard features.second.rowCount == itemCount else {
      throw .itemCountMismatch(first: itemCount, second: features.second.rowCount)
    }
    let available = try requireComparable(first, second, itemCount: itemCount)
    guard k >= 1, available >= 1 else {
      throw .noListLength(requested: [k], available: available)
    }
    let length = min(k, available)
    var generator = streams.generator(for: "second-order-anchors")
    let rows = generator.sample(
      min(max(anchorCount, 1), first.anchors.count), from: first.anchors.count
    ).sorted { first.anchors[$0] < first.anchors[$1] }
    self.k = length
    anchors = rows.map { first.anchors[$0] }
    self.itemCount = itemCount
    lists = (
      ShortLists(first, rows: rows, length: length),
      ShortLists(second, rows: rows, length: length)
    )
    cosines = (
      try RowCosines(features.first, modality: 0), try RowCosines(features.second, modality: 1)
    )
  }

  /// The similarity of the pairing as it is; nil when no sampled anchor has a profile.
  public var observed: Double? { similarity(Array(0..<itemCount)) }

  /// The similarity under every relabeling, 0 where no sampled anchor has a profile.
  ///
  /// - Precondition: the relabelings are of N items and take sampled anchors to sampled anchors.
  /// - Complexity: O(K·(N + m·k·(p + q + k))) for K relabelings, in parallel over them.
  public func statistics(under relabelings: Relabelings) -> [Double] {
    precondition(
      relabelings.itemCount == itemCount,
      "relabelings of \(relabelings.itemCount) items for features of \(itemCount)")
    return Parallel.map(relabelings.count) { similarity(relabelings.partners($0)) ?? 0 }
  }

  /// The mean similarity when item i is paired with item `partners[i]`.
  private func similarity(_ partners: [Int]) -> Double? {
    var inverse = [Int](repeating: 0, count: itemCount)
    for (item, partner) in partners.enumerated() { inverse[partner] = item }
    var rows = [Int](repeating: -1, count: itemCount)
    for (row, anchor) in anchors.enumerated() { rows[anchor] = row }
    var sum = 0.0
    var count = 0
    for (row, anchor) in anchors.enumerated() {
      let source = rows[partners[anchor]]
      precondition(source >= 0, "a relabeling takes anchor \(anchor) out of the sample")
      var products = 0.0
      var squares = (first: 0.0, second: 0.0)
      func add(_ s: Double, _ t: Double) {
        products += s * t
        squares.first += s * s
        squares.second += t * t
      }
      let own = lists.first.items[row * k..<(row + 1) * k]
      for (place, item) in zip(own.indices, own) {
        add(
          lists.first.scores[place], cosines.second.cosine(anchors[source], partners[item]))
      }
      for place in source * k..<(source + 1) * k {
        let item = inverse[lists.second.items[place]]
        guard !own.contains(item) else { continue }
        add(cosines.first.cosine(anchor, item), lists.second.scores[place])
      }
      let scale = squares.first.squareRoot() * squares.second.squareRoot()
      guard scale > 0 else { continue }
      sum += min(max(products / scale, -1), 1)
      count += 1
    }
    return count > 0 ? sum / Double(count) : nil
  }
}

/// The second-order neighbour similarity of a sample of anchors beside its nulls.
public struct CalibratedSecondOrderNeighbors: Codable, Sendable, Equatable {
  /// The lists of one item in both modalities are compared.
  public let pairing: Pairing
  /// List length K.
  public let k: Int
  /// Number of sampled anchors.
  public let anchorCount: Int
  public let statistic: CalibratedNeighbors.Statistic

  /// - Precondition: as ``SecondOrderNeighborNull/statistics(under:)``.
  public init(
    _ null: SecondOrderNeighborNull, free: Relabelings, withinClasses: Relabelings? = nil
  ) {
    func calibrated(_ relabelings: Relabelings?) -> CalibratedValue? {
      guard let relabelings, let observed = null.observed else { return nil }
      return CalibratedValue(observed: observed, null: null.statistics(under: relabelings))
    }
    pairing = .paired
    k = null.k
    anchorCount = null.anchors.count
    statistic = CalibratedNeighbors.Statistic(
      free: calibrated(free), withinClasses: calibrated(withinClasses))
  }
}
