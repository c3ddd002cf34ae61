internal import CVectorKernels

/// Loops over rows of features in double precision, with a summation order that no processor or
/// thread count changes.
package enum VectorKernels {
  /// Σ aᵢ·bᵢ.
  package static func dot(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int
  ) -> Double {
    vk_dot(a, b, count)
  }

  /// Σ (aᵢ − bᵢ)².
  package static func squaredDistance(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, count: Int
  ) -> Double {
    vk_squared_distance(a, b, count)
  }

  /// How many scores are above `high`, and the places of those from `low` to `high`, which go to
  /// the beginning of `between`. A NaN is neither.
  ///
  /// - Precondition: `between` has room for all places.
  package static func countAbove(
    _ scores: UnsafeBufferPointer<Float>, low: Float, high: Float,
    between: UnsafeMutablePointer<UInt32>
  ) -> (above: Int, between: Int) {
    guard let base = scores.baseAddress else { return (0, 0) }
    var count = 0
    let above = vk_count_above(base, scores.count, low, high, between, &count)
    return (above, count)
  }
}

/// Euclidean norm of every row, accumulated in double precision.
///
/// - Complexity: O(n·d), in parallel over blocks of rows.
public func rowNorms(_ matrix: Matrix<Float>) -> [Double] {
  guard matrix.rowCount > 0 else { return [] }
  let width = matrix.columnCount
  var norms = [Double](repeating: 0, count: matrix.rowCount)
  let grid = BlockGrid(count: matrix.rowCount, size: 256)
  matrix.elements.withUnsafeBufferPointer { source in
    norms.withUnsafeMutableBufferPointer { target in
      let out = SharedBuffer(target)
      nonisolated(unsafe) let base = source.baseAddress
      Parallel.forEach(grid.blockCount) { block in
        guard let base else { return }
        for row in grid.range(block) {
          let pointer = base + row * width
          out.base[row] = VectorKernels.dot(pointer, pointer, count: width).squareRoot()
        }
      }
    }
  }
  return norms
}

/// Every row divided by its Euclidean norm; a zero row stays zero.
///
/// - Complexity: O(n·d), in parallel over blocks of rows.
public func rowNormalized(_ matrix: Matrix<Float>) -> Matrix<Float> {
  let norms = rowNorms(matrix)
  var result = matrix
  guard !matrix.elements.isEmpty else { return result }
  let width = matrix.columnCount
  let grid = BlockGrid(count: matrix.rowCount, size: 256)
  result.elements.withUnsafeMutableBufferPointer { target in
    let out = SharedBuffer(target)
    Parallel.forEach(grid.blockCount) { block in
      for row in grid.range(block) where norms[row] > 0 {
        let inverse = 1 / norms[row]
        for index in row * width..<(row + 1) * width {
          out.base[index] = Float(Double(out.base[index]) * inverse)
        }
      }
    }
  }
  return result
}
