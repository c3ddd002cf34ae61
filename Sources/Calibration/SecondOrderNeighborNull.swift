import LinearAlgebra
import Neighbors
import Redundancy
import Statistics

/// The second-order neighbour similarity of a sample of anchors under any relabeling of them.
///
/// A relabeled neighbourhood needs cosines with any item, so these are kept for the sampled
/// anchors: observed value and null are of the sample alone, and relabelings take sampled anchors
/// to sampled anchors (``neighborRelabelings(itemCount:anchors:within:count:streams:purpose:)``).
public struct SecondOrderNeighborNull: Sendable {
  /// The sampled anchors, ascending.
  public let anchors: [Int]
  /// List length K.
  public let k: Int
  /// Number of items N.
  public var itemCount: Int { cosines.first.columnCount }
  /// K neighbours of every sampled anchor.
  private let lists: (first: [Int32], second: [Int32])
  /// Cosines of the sampled anchors with all items.
  private let cosines: (first: Matrix<Float>, second: Matrix<Float>)

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
  /// - Complexity: 2·m·N·(p + q) operations for m anchors; O(m·N) memory.
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
    lists = (
      rows.flatMap { first.neighbors(ofRow: $0).prefix(length) },
      rows.flatMap { second.neighbors(ofRow: $0).prefix(length) }
    )
    cosines = (
      try anchorCosines(features.first, anchors: anchors, modality: 0),
      try anchorCosines(features.second, anchors: anchors, modality: 1)
    )
  }

  /// The similarity of the pairing as it is; nil when no sampled anchor has a profile.
  public var observed: Double? { similarity(Array(0..<itemCount)) }

  /// The similarity under every relabeling, 0 where no sampled anchor has a profile.
  ///
  /// - Precondition: the relabelings are of N items and take sampled anchors to sampled anchors.
  /// - Complexity: O(K·(N + m·k²)) for K relabelings, in parallel over them.
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
      func add(_ item: Int, _ partner: Int) {
        let s = Double(cosines.first[row, item])
        let t = Double(cosines.second[source, partner])
        products += s * t
        squares.first += s * s
        squares.second += t * t
      }
      let own = lists.first[row * k..<(row + 1) * k]
      for item in own { add(Int(item), partners[Int(item)]) }
      for partner in lists.second[source * k..<(source + 1) * k] {
        let item = inverse[Int(partner)]
        if !own.contains(Int32(item)) { add(item, Int(partner)) }
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

/// Cosines of some rows with all rows, 0 where either is zero.
private func anchorCosines(
  _ features: Matrix<Float>, anchors: [Int], modality: Int
) throws(OverlapError) -> Matrix<Float> {
  let norms = rowNorms(features)
  if let row = norms.firstIndex(where: { !$0.isFinite }) {
    throw .nonFinite(modality: modality, row: row)
  }
  let inverses = norms.map { $0 > 0 ? Float(1 / $0) : 0 }
  var cosines = product(
    rowNormalized(features.rows(anchors)), .none, features, .transposed)
  for row in 0..<anchors.count {
    for item in inverses.indices { cosines[row, item] *= inverses[item] }
  }
  return cosines
}
