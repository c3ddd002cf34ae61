internal import CNeighborEmbedding
import LinearAlgebra

/// The attractive half of the gradient, Σ_j p_ij·(y_i − y_j) / (1 + |y_i − y_j|²).
///
/// - Complexity: O(number of entries) an evaluation, in parallel over blocks of rows.
struct Attraction: Sendable {
  private let rowStart: [Int64]
  private let columns: [Int32]
  private let weights: [Float]
  private let rows: BlockGrid

  init(_ affinities: SparseAffinities) {
    let lanes = Int(NE_LANES)
    var starts: [Int64] = [0]
    var columns = [Int32]()
    var weights = [Float]()
    columns.reserveCapacity(affinities.columns.count + lanes * affinities.rowCount)
    weights.reserveCapacity(affinities.columns.count + lanes * affinities.rowCount)
    for row in 0..<affinities.rowCount {
      for entry in affinities.rowStart[row]..<affinities.rowStart[row + 1] {
        columns.append(affinities.columns[entry])
        weights.append(Float(affinities.values[entry]))
      }
      // Whole groups of lanes; a point does not pull itself.
      while columns.count % lanes > 0 {
        columns.append(Int32(row))
        weights.append(0)
      }
      starts.append(Int64(columns.count))
    }
    rowStart = starts
    self.columns = columns
    self.weights = weights
    rows = BlockGrid(count: affinities.rowCount, size: 512)
  }

  /// Writes the force on every point; `map` and `forces` hold x and y of each.
  func evaluate(map: EmbeddingBuffer, forces: EmbeddingBuffer) {
    rowStart.withUnsafeBufferPointer { starts in
      columns.withUnsafeBufferPointer { columns in
        weights.withUnsafeBufferPointer { weights in
          nonisolated(unsafe) let (starts, columns, weights) = (starts, columns, weights)
          Parallel.forEach(rows.blockCount) { block in
            let range = rows.range(block)
            ne_attraction(
              starts.baseAddress, columns.baseAddress, weights.baseAddress, map.base,
              range.lowerBound, range.upperBound, forces.base)
          }
        }
      }
    }
  }
}
