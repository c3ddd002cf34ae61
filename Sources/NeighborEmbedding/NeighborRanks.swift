internal import CNeighborEmbedding
import LinearAlgebra

/// For some rows of a matrix, the ranks of given other rows by distance from them.
///
/// Approximate distances count whatever is clearly closer; the few pairs too near to call are
/// decided by their exact distances.
struct NeighborRanks {
  /// 1 + the number of rows that are closer, or as close with a lower index; one after another
  /// for the others of each row.
  private(set) var ranks: [Int]
  private let rows: [Int]
  private let others: [[Int]]

  init(_ queries: [(row: Int, others: [Int])]) {
    rows = queries.map(\.row)
    others = queries.map(\.others)
    ranks = [Int](repeating: 1, count: queries.reduce(0) { $0 + $1.others.count })
  }

  /// - Complexity: O(rows·n·(d + others)).
  mutating func count(in tiles: DistanceTiles) {
    let columns = BlockGrid(count: tiles.points.rowCount, size: 1024)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: rows.count * columns.size) { tile in
      guard let products = tile.baseAddress else { return }
      for block in 0..<columns.blockCount {
        let range = columns.range(block)
        tiles.products(rows: rows, columns: range, into: products)
        var slot = 0
        for (place, row) in rows.enumerated() {
          let line = products + place * range.count
          // A row is not its own neighbour.
          if range.contains(row) { line[row - range.lowerBound] = .infinity }
          for other in others[place] {
            ranks[slot] += closer(than: other, to: row, line, range, tiles)
            slot += 1
          }
        }
      }
    }
  }

  private func closer(
    than other: Int, to row: Int, _ products: UnsafePointer<Float>, _ columns: Range<Int>,
    _ tiles: DistanceTiles
  ) -> Int {
    let exact = tiles.squaredDistance(row, other)
    let limit = Float(exact * tiles.scale - Double(tiles.norms[row]))
    let margin = 2 * tiles.errorBound(row: row)
    return tiles.norms.withUnsafeBufferPointer { norms in
      guard let norms = norms.baseAddress.map({ $0 + columns.lowerBound }) else { return 0 }
      let certain = ne_count(products, norms, columns.count, limit - margin)
      let possible = ne_count(products, norms, columns.count, limit + margin)
      guard possible > certain else { return certain }
      return withUnsafeTemporaryAllocation(of: UInt32.self, capacity: columns.count) { found in
        guard let base = found.baseAddress else { return certain }
        let open = ne_between(
          products, norms, columns.count, limit - margin, limit + margin, base)
        let resolved = found.prefix(open).count { offset in
          let candidate = columns.lowerBound + Int(offset)
          return (tiles.squaredDistance(row, candidate), candidate) < (exact, other)
        }
        return certain + resolved
      }
    }
  }
}
