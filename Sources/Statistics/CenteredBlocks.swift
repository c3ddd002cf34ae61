import LinearAlgebra

/// Column means of a feature matrix, accumulated in double precision.
///
/// - Shapes: `matrix` is n × d; the result has d entries.
/// - Precondition: n > 0.
/// - Complexity: O(n·d), in parallel over blocks of rows that meet in order.
public func columnMeans(_ matrix: Matrix<Float>) -> [Double] {
  precondition(matrix.rowCount > 0, "means need at least one row")
  let width = matrix.columnCount
  let grid = BlockGrid(count: matrix.rowCount, size: 1024)
  let partials: [[Double]] = Parallel.map(grid.blockCount) { block in
    var sums = [Double](repeating: 0, count: width)
    matrix.elements.withUnsafeBufferPointer { source in
      sums.withUnsafeMutableBufferPointer { sums in
        guard let source = source.baseAddress, let sums = sums.baseAddress else { return }
        for row in grid.range(block) {
          VectorKernels.add(source + row * width, to: sums, count: width)
        }
      }
    }
    return sums
  }
  var total = [Double](repeating: 0, count: width)
  for partial in partials {
    for column in 0..<width { total[column] += partial[column] }
  }
  return total.map { $0 / Double(matrix.rowCount) }
}

/// Copies a tile of `matrix`, minus the shift of each column, into a double-precision buffer.
///
/// - Shapes: the buffer holds `rows.count` × `columns.count` values, row after row.
func copyShifted(
  _ matrix: UnsafePointer<Float>, width: Int, rows: Range<Int>, columns: Range<Int>,
  shift: UnsafePointer<Double>, into buffer: UnsafeMutablePointer<Double>
) {
  for (place, row) in rows.enumerated() {
    VectorKernels.center(
      matrix + row * width + columns.lowerBound, by: shift + columns.lowerBound,
      into: buffer + place * columns.count, count: columns.count)
  }
}

/// Copies a tile of `matrix`, minus the centre of each column, rounded to single precision.
///
/// - Shapes: the buffer holds `rows.count` × `columns.count` values, row after row.
func copyCentered(
  _ matrix: UnsafePointer<Float>, width: Int, rows: Range<Int>, columns: Range<Int>,
  center: UnsafePointer<Double>, into buffer: UnsafeMutablePointer<Float>
) {
  for (place, row) in rows.enumerated() {
    VectorKernels.center(
      matrix + row * width + columns.lowerBound, by: center + columns.lowerBound,
      into: buffer + place * columns.count, count: columns.count)
  }
}

/// (X − 1μᵀ)·B in single precision, in parallel over fixed blocks of rows, which alone are held
/// centred.
///
/// - Shapes: `features` is n × d, `b` is d × c, the result n × c.
/// - Parameter items: Rows of X that are multiplied; all, when nil.
/// - Complexity: 2·n·d·c operations.
package func centeredProduct(
  _ features: Matrix<Float>, items: Range<Int>? = nil, mean: [Double], _ b: Matrix<Float>
) -> Matrix<Float> {
  let items = items ?? 0..<features.rowCount
  let width = features.columnCount
  let columns = b.columnCount
  precondition(
    b.rowCount == width && mean.count == width,
    "\(mean.count) means and \(b.rowCount) rows of the factor for \(width) features")
  var result = Matrix<Float>(rowCount: items.count, columnCount: columns)
  guard !result.elements.isEmpty, width > 0 else { return result }
  let grid = BlockGrid(count: items.count, size: 256)
  result.elements.withUnsafeMutableBufferPointer { target in
    let out = SharedBuffer(target)
    Parallel.forEach(grid.blockCount) { block in
      let rows = grid.range(block)
      withUnsafeTemporaryAllocation(of: Float.self, capacity: rows.count * width) { part in
        features.elements.withUnsafeBufferPointer { source in
          copyCentered(
            source.baseAddress! + items.lowerBound * width, width: width, rows: rows,
            columns: 0..<width, center: mean, into: part.baseAddress!)
        }
        b.elements.withUnsafeBufferPointer { b in
          DenseKernels.gemm(
            .init(base: part.baseAddress!, stride: width),
            .init(base: b.baseAddress!, stride: columns),
            .init(
              base: out.base + rows.lowerBound * columns, stride: columns, rows: rows.count,
              columns: columns, inner: width))
        }
      }
    }
  }
  return result
}
