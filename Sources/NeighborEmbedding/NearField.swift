internal import CNeighborEmbedding
import LinearAlgebra

/// The short-range part of the repulsive kernels, summed over pairs of points in adjacent cells.
///
/// A coarse grid cannot hold the kernels' peak. Within the reach R it holds instead
///
///     (1 + q + q² + q³ + q⁴) / (1 + R²),   q = (R² − r²) / (1 + R²)
///
/// the beginning of the geometric series of 1/(1 + r²), whose remainder q⁵/(1 + r²) vanishes
/// beyond R. The remainder and its slope are summed here exactly.
struct NearField: Sendable {
  /// R, in units of the map.
  private let reach: Double
  private let side: Int
  private let starts: [Int32]
  private let order: [Int32]
  private let x: [Float]
  private let y: [Float]

  /// Sorts the points of a map, x and y of each after another, into cells as wide as the reach.
  init(map: EmbeddingBuffer, count: Int, bounds: MapBounds, reach: Double) {
    let side = Int(bounds.span / reach) + 1
    let (left, bottom) = (Float(bounds.minimumX), Float(bounds.minimumY))
    let inverse = Float(1 / reach)
    var cells = [Int32](repeating: 0, count: count)
    var starts = [Int32](repeating: 0, count: side * side + 1)
    for i in 0..<count {
      let column = min(max(Int((map.base[2 * i] - left) * inverse), 0), side - 1)
      let row = min(max(Int((map.base[2 * i + 1] - bottom) * inverse), 0), side - 1)
      let cell = row * side + column
      cells[i] = Int32(cell)
      starts[cell + 1] += 1
    }
    for cell in 0..<side * side { starts[cell + 1] += starts[cell] }
    var next = starts
    var order = cells
    var x = [Float](repeating: 0, count: count)
    var y = x
    for i in 0..<count {
      let place = Int(next[Int(cells[i])])
      next[Int(cells[i])] += 1
      order[place] = Int32(i)
      x[place] = map.base[2 * i]
      y[place] = map.base[2 * i + 1]
    }
    self.reach = reach
    self.side = side
    self.starts = starts
    self.order = order
    self.x = x
    self.y = y
  }

  /// Ordered pairs of points that ``add(to:)`` looks at.
  var pairCount: Int {
    var pairs = 0
    for row in 0..<side {
      for column in 0..<side {
        let cell = row * side + column
        let own = Int(starts[cell + 1] - starts[cell])
        guard own > 0 else { continue }
        let left = max(column - 1, 0)
        let right = min(column + 1, side - 1)
        for r in max(row - 1, 0)...min(row + 1, side - 1) {
          pairs += own * Int(starts[r * side + right + 1] - starts[r * side + left])
        }
      }
    }
    return pairs
  }

  /// Adds the short-range force on every point and returns the sum of the short-range potential
  /// over all ordered pairs, each point with itself included.
  func add(to forces: EmbeddingBuffer) -> Double {
    starts.withUnsafeBufferPointer { starts in
      order.withUnsafeBufferPointer { order in
        x.withUnsafeBufferPointer { x in
          y.withUnsafeBufferPointer { y in
            nonisolated(unsafe) let cells = ne_cells(
              side: side, reach: Float(reach), starts: starts.baseAddress,
              order: order.baseAddress, x: x.baseAddress, y: y.baseAddress)
            let room = 2 * (order.count + Int(NE_LANES))
            let shares = Parallel.map(side) { row in
              withUnsafeTemporaryAllocation(of: Float.self, capacity: room) { scratch in
                ne_near_field(cells, row, row + 1, forces.base, scratch.baseAddress)
              }
            }
            return shares.reduce(0, +)
          }
        }
      }
    }
  }
}
