import LinearAlgebra

/// Whether neighbours in the map are neighbours among the points.
///
///     T = 1 − 2 / (m·k·(2n − 3k − 1)) · Σ_i Σ_{j ∈ N_k(i)} max(0, r(i, j) − k)
///
/// N_k(i) are the k nearest to i in the map and r(i, j) the rank of j among the points by distance
/// from i: one more than the number of points that are closer, or as close with a lower index. The
/// sum runs over m anchors i; with all n of them it is the definition. 1 is perfect, a random map
/// has about 0.5.
///
/// - Returns: nil unless k < n/2 and there is an anchor.
/// - Complexity: O(m·n·d) for the ranks, in parallel over blocks of anchors.
/// - Reference: [VK01].
package func trustworthiness(
  of map: Matrix<Double>, tiles: DistanceTiles, neighbors k: Int, anchors: [Int]
) -> Double? {
  let count = map.rowCount
  guard k > 0, 2 * k < count, !anchors.isEmpty else { return nil }
  let plane = PlaneNeighbors(map)
  let blocks = BlockGrid(count: anchors.count, size: 128)
  let penalties: [Int] = Parallel.map(blocks.blockCount) { block in
    let anchors = Array(anchors[blocks.range(block)])
    var ranks = NeighborRanks(anchors.map { (row: $0, others: plane.nearest(to: $0, count: k)) })
    ranks.count(in: tiles)
    return ranks.ranks.reduce(0) { $0 + max(0, $1 - k) }
  }
  let worst = Double(anchors.count * k) * Double(2 * count - 3 * k - 1)
  return 1 - 2 * Double(penalties.reduce(0, +)) / worst
}
