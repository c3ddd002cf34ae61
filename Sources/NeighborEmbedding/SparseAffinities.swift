import LinearAlgebra

/// A symmetric matrix of pair probabilities in compressed rows, columns ascending in each.
package struct SparseAffinities: Sendable, Equatable {
  /// Row i has the entries `rowStart[i]..<rowStart[i + 1]`; one more start than rows.
  package let rowStart: [Int]
  /// Column of each entry.
  package let columns: [Int32]
  /// Probability of each entry; they sum to 1.
  package let values: [Double]

  package var rowCount: Int { rowStart.count - 1 }

  /// P = (p + pᵀ) / 2n from the conditional probabilities of each point's neighbours.
  ///
  /// - Shapes: `conditional` has an entry for each of `neighbors.indices`; each row sums to 1.
  /// - Complexity: O(n·k log k).
  package init(symmetrizing conditional: [Double], of neighbors: ExactNeighbors) {
    let width = neighbors.width
    let count = conditional.count / width
    let forward = SparseAffinities.ordered(conditional, neighbors)
    let backward = SparseAffinities.transposed(forward, width: width, count: count)
    let scale = 1 / (2 * Double(count))
    var starts = [0]
    var columns = [Int32]()
    var values = [Double]()
    starts.reserveCapacity(count + 1)
    columns.reserveCapacity(2 * conditional.count)
    values.reserveCapacity(2 * conditional.count)
    for row in 0..<count {
      var a = row * width
      var b = backward.starts[row]
      let (aEnd, bEnd) = (a + width, backward.starts[row + 1])
      while a < aEnd || b < bEnd {
        let ahead = a < aEnd ? forward.columns[a] : .max
        let behind = b < bEnd ? backward.columns[b] : .max
        var value = 0.0
        if ahead <= behind {
          value += forward.values[a]
          a += 1
        }
        if behind <= ahead {
          value += backward.values[b]
          b += 1
        }
        columns.append(min(ahead, behind))
        values.append(value * scale)
      }
      starts.append(columns.count)
    }
    rowStart = starts
    self.columns = columns
    self.values = values
  }

  /// Each row's neighbours by column instead of distance.
  private static func ordered(
    _ conditional: [Double], _ neighbors: ExactNeighbors
  ) -> (columns: [Int32], values: [Double]) {
    let width = neighbors.width
    var columns = neighbors.indices
    var values = conditional
    for start in stride(from: 0, to: columns.count, by: width) {
      let order = (start..<start + width).sorted { neighbors.indices[$0] < neighbors.indices[$1] }
      for (offset, source) in order.enumerated() {
        columns[start + offset] = neighbors.indices[source]
        values[start + offset] = conditional[source]
      }
    }
    return (columns, values)
  }

  private static func transposed(
    _ rows: (columns: [Int32], values: [Double]), width: Int, count: Int
  ) -> (starts: [Int], columns: [Int32], values: [Double]) {
    var starts = [Int](repeating: 0, count: count + 1)
    for column in rows.columns { starts[Int(column) + 1] += 1 }
    for row in 0..<count { starts[row + 1] += starts[row] }
    var next = starts
    var columns = rows.columns
    var values = rows.values
    for (entry, column) in rows.columns.enumerated() {
      let place = next[Int(column)]
      next[Int(column)] += 1
      columns[place] = Int32(entry / width)
      values[place] = rows.values[entry]
    }
    return (starts, columns, values)
  }
}
