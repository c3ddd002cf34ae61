import LinearAlgebra
import Statistics

/// Squared Euclidean distances between the rows of a matrix: fast and approximate by tiles, with
/// a bound on the error, or exact by pairs.
///
/// Tiles come from single-precision products of the rows, centred and divided by the largest norm
/// so that nothing cancels or overflows. They decide which pairs deserve the exact distance; every
/// result rests on that alone, so no BLAS kernel decides a tie.
package struct DistanceTiles: Sendable {
  /// The rows as given.
  package let points: Matrix<Float>
  /// Squared norms of the centred and scaled rows, at most 1.
  let norms: [Float]
  /// Scaled distances are exact ones times this.
  let scale: Double
  private let scaled: Matrix<Float>

  /// - Precondition: `points` has at least one row and is finite.
  package init(_ points: Matrix<Float>) {
    self.points = points
    let width = points.columnCount
    let means = columnMeans(points)
    var largest = 0.0
    for row in 0..<points.rowCount {
      var square = 0.0
      for (value, mean) in zip(points.row(row), means) {
        square += (Double(value) - mean) * (Double(value) - mean)
      }
      largest = max(largest, square)
    }
    let inverse = 1 / largest.squareRoot()
    let factor = inverse.isFinite ? inverse : 1
    scale = factor * factor
    var scaled = points
    for row in 0..<points.rowCount {
      for column in 0..<width {
        let index = row * width + column
        scaled.elements[index] = Float((Double(points.elements[index]) - means[column]) * factor)
      }
    }
    norms = rowNorms(scaled).map { Float($0 * $0) }
    self.scaled = scaled
  }

  /// What `norms[i] + norms[j] + products` may differ from the scaled exact distance by.
  ///
  /// d products and sums, the rounding of both rows, of their norms and of a limit, each at most
  /// 2⁻²⁴ of (‖a‖ + ‖b‖)² with ‖b‖ ≤ 1.
  func errorBound(row: Int) -> Float {
    let reach = norms[row].squareRoot() + 1
    return Float(points.columnCount + 12) * 0x1p-24 * reach * reach
  }

  /// −2·aᵢ·aⱼ for these rows i and the columns j, `columns.count` a row.
  func products(
    rows: [Int], columns: Range<Int>, into buffer: UnsafeMutablePointer<Float>
  ) {
    let width = points.columnCount
    guard width > 0 else {
      buffer.update(repeating: 0, count: rows.count * columns.count)
      return
    }
    scaled.elements.withUnsafeBufferPointer { scaled in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: rows.count * width) { left in
        guard let scaled = scaled.baseAddress, let left = left.baseAddress else { return }
        for (place, row) in rows.enumerated() {
          for column in 0..<width {
            left[place * width + column] = -2 * scaled[row * width + column]
          }
        }
        DenseKernels.gemm(
          .init(base: left, stride: width),
          .init(
            base: scaled + columns.lowerBound * width, stride: width, transposition: .transposed),
          .init(
            base: buffer, stride: columns.count, rows: rows.count, columns: columns.count,
            inner: width))
      }
    }
  }

  /// ‖xᵢ − xⱼ‖² of the rows as given, in double precision.
  func squaredDistance(_ i: Int, _ j: Int) -> Double {
    let width = points.columnCount
    return points.elements.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return 0 }
      return VectorKernels.squaredDistance(base + i * width, base + j * width, count: width)
    }
  }
}
