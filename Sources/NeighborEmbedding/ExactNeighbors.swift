internal import CNeighborEmbedding
import LinearAlgebra

/// The nearest neighbours of every row of a matrix among its other rows, nearest first.
package struct ExactNeighbors: Sendable, Equatable {
  /// Neighbours per row.
  package let width: Int
  /// Their rows, `width` per row, ties by lower row.
  package let indices: [Int32]
  /// Their squared Euclidean distances.
  package let squaredDistances: [Double]

  /// Neighbour rows of `row`.
  package func neighbors(of row: Int) -> ArraySlice<Int32> {
    indices[row * width..<(row + 1) * width]
  }

  /// Searches all pairs.
  ///
  /// - Precondition: `0 < count < tiles.points.rowCount`.
  /// - Complexity: O(n²·d) for n × d points, in parallel over blocks of rows.
  package init(of tiles: DistanceTiles, count: Int) {
    let points = tiles.points.rowCount
    precondition(count > 0 && count < points, "\(count) neighbours among \(points) rows")
    var indices = [Int32](repeating: 0, count: points * count)
    var distances = [Double](repeating: 0, count: points * count)
    let rows = BlockGrid(count: points, size: 128)
    indices.withUnsafeMutableBufferPointer { indices in
      distances.withUnsafeMutableBufferPointer { distances in
        let indices = SharedBuffer(indices)
        let distances = SharedBuffer(distances)
        Parallel.forEach(rows.blockCount) { block in
          var candidates = CandidateLists(rows: rows.range(block), keep: count + 1)
          candidates.scan(tiles)
          for row in candidates.rows {
            let nearest = candidates.nearest(to: row, count: count, tiles)
            for (rank, entry) in nearest.enumerated() {
              indices.base[row * count + rank] = Int32(entry.row)
              distances.base[row * count + rank] = entry.squaredDistance
            }
          }
        }
      }
    }
    width = count
    self.indices = indices
    squaredDistances = distances
  }
}

/// For a block of rows, every row of the matrix that may be among the nearest.
private struct CandidateLists {
  let rows: Range<Int>
  /// Neighbours wanted, the row itself included.
  let keep: Int
  private var lists: [[UInt64]]
  private var counts: [Int]
  private var limits: [Float]

  init(rows: Range<Int>, keep: Int) {
    self.rows = rows
    self.keep = keep
    lists = [[UInt64]](repeating: [], count: rows.count)
    counts = [Int](repeating: 0, count: rows.count)
    limits = [Float](repeating: .infinity, count: rows.count)
  }

  mutating func scan(_ tiles: DistanceTiles) {
    let columns = BlockGrid(count: tiles.points.rowCount, size: 1024)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: rows.count * columns.size) { tile in
      guard let products = tile.baseAddress else { return }
      for block in 0..<columns.blockCount {
        let range = columns.range(block)
        tiles.products(rows: Array(rows), columns: range, into: products)
        for row in rows {
          select(products + (row - rows.lowerBound) * range.count, row, range, tiles)
        }
      }
    }
  }

  private mutating func select(
    _ products: UnsafePointer<Float>, _ row: Int, _ columns: Range<Int>, _ tiles: DistanceTiles
  ) {
    let slot = row - rows.lowerBound
    let room = counts[slot] + columns.count
    if lists[slot].count < room {
      lists[slot] += [UInt64](repeating: 0, count: room - lists[slot].count)
    }
    let (held, limit) = (counts[slot], limits[slot])
    // Both this distance and the one that sets the limit may be wrong by the bound.
    let margin = 2 * tiles.errorBound(row: row)
    (counts[slot], limits[slot]) = tiles.norms.withUnsafeBufferPointer { norms in
      lists[slot].withUnsafeMutableBufferPointer { list in
        guard let norm = norms.baseAddress, let list = list.baseAddress else { return (0, limit) }
        let count = ne_select(
          products, norm + columns.lowerBound, norm[row], columns.count, limit,
          UInt32(columns.lowerBound), list, held)
        guard count >= 2 * keep else { return (count, limit) }
        var narrowed = limit
        return (ne_narrow(list, count, keep, margin, &narrowed), narrowed)
      }
    }
  }

  /// The exact nearest, by distance and row.
  func nearest(
    to row: Int, count: Int, _ tiles: DistanceTiles
  ) -> ArraySlice<(squaredDistance: Double, row: Int)> {
    let slot = row - rows.lowerBound
    var list = Array(lists[slot].prefix(counts[slot]))
    var limit = Float.infinity
    let margin = 2 * tiles.errorBound(row: row)
    let held = list.withUnsafeMutableBufferPointer { list in
      list.baseAddress.map { ne_narrow($0, list.count, keep, margin, &limit) } ?? 0
    }
    return list.prefix(held)
      .map { Int($0 & 0xFFFF_FFFF) }
      .filter { $0 != row }
      .map { (squaredDistance: tiles.squaredDistance(row, $0), row: $0) }
      .sorted { ($0.squaredDistance, $0.row) < ($1.squaredDistance, $1.row) }
      .prefix(count)
  }
}
