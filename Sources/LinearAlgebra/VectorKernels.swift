internal import CVectorKernels

/// Loops over rows of features in double precision, with roundings and a summation order that no
/// processor or thread count changes.
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

  /// outᵢ = rowᵢ − centerᵢ, rounded to single precision.
  package static func center(
    _ row: UnsafePointer<Float>, by center: UnsafePointer<Double>,
    into out: UnsafeMutablePointer<Float>, count: Int
  ) {
    vk_center(row, center, out, count)
  }

  /// outᵢ = rowᵢ − centerᵢ in double precision.
  package static func center(
    _ row: UnsafePointer<Float>, by center: UnsafePointer<Double>,
    into out: UnsafeMutablePointer<Double>, count: Int
  ) {
    vk_center_wide(row, center, out, count)
  }

  /// sumᵢ += weight · rowᵢ.
  package static func add(
    _ row: UnsafePointer<Float>, times weight: Double = 1,
    to sums: UnsafeMutablePointer<Double>, count: Int
  ) {
    vk_add_scaled(row, weight, sums, count)
  }

  /// Directions that ``project(_:on:)`` takes at most.
  package static let directionCount = Int(VK_DIRECTIONS)

  /// The projections xᵢ·θ_l of the rows of some matrices on a few directions: for each matrix, one
  /// row of projections after another.
  ///
  /// Summed in double precision in the order of the columns, whichever row it is, and rounded once.
  ///
  /// - Shapes: the matrices are n × d and m × d, `directions` l × d with l ≤ ``directionCount``, the
  ///   result has l·n and then l·m elements.
  /// - Complexity: 2·(n + m)·d·l operations on the calling thread.
  package static func project(
    _ matrices: [Matrix<Float>], on directions: Matrix<Double>
  ) -> [Float] {
    let width = directions.columnCount
    let count = directions.rowCount
    precondition(
      count <= directionCount && matrices.allSatisfy { $0.columnCount == width },
      "\(count) directions of width \(width) for \(matrices.map(\.columnCount))")
    var turned = [Double](repeating: 0, count: width * directionCount)
    for direction in 0..<count {
      for column in 0..<width {
        turned[column * directionCount + direction] = directions[direction, column]
      }
    }
    let size = count * matrices.reduce(0) { $0 + $1.rowCount }
    // One piece of memory: the C library would give two of them back when they are freed.
    return [Float](unsafeUninitializedCapacity: size) { result, initialized in
      initialized = size
      guard var target = result.baseAddress else { return }
      for matrix in matrices {
        matrix.elements.withUnsafeBufferPointer { rows in
          // Rows without columns have no address to be read from, and none is read.
          vk_project(
            rows.baseAddress ?? UnsafePointer(target), matrix.rowCount, width, turned, count,
            target, matrix.rowCount)
        }
        target += count * matrix.rowCount
      }
    }
  }

  /// A digest of the bits of some values: equal for equal bits, seldom for others.
  package static func digest(_ values: UnsafeBufferPointer<Float>) -> UInt64 {
    values.baseAddress.map { vk_digest($0, values.count) } ?? 0
  }

  /// The smallest magnitude of the values that are not zero, infinity if there is none, and
  /// whether one of them is negative. No value is NaN.
  package static func leastMagnitude(
    _ values: UnsafeBufferPointer<Float>
  ) -> (magnitude: Float, hasNegative: Bool) {
    guard let base = values.baseAddress else { return (.infinity, false) }
    var hasNegative = false
    let magnitude = vk_least_magnitude(base, values.count, &hasNegative)
    return (magnitude, hasNegative)
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
  guard !matrix.elements.isEmpty else { return matrix }
  let width = matrix.columnCount
  let grid = BlockGrid(count: matrix.rowCount, size: 256)
  let count = matrix.elements.count
  let elements = [Float](unsafeUninitializedCapacity: count) { target, initialized in
    let out = SharedBuffer(target)
    Parallel.forEach(grid.blockCount) { block in
      matrix.elements.withUnsafeBufferPointer { source in
        for row in grid.range(block) {
          let inverse = norms[row] > 0 ? 1 / norms[row] : 1
          for index in row * width..<(row + 1) * width {
            (out.base + index).initialize(to: Float(Double(source[index]) * inverse))
          }
        }
      }
    }
    initialized = count
  }
  return Matrix(rowCount: matrix.rowCount, columnCount: width, elements: elements)
}
