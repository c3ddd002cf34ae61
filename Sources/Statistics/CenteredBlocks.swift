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
        for row in grid.range(block) {
          let start = row * width
          for column in 0..<width { sums[column] += Double(source[start + column]) }
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
  var target = buffer
  for row in rows {
    let source = matrix + row * width
    for column in columns {
      target.pointee = Double(source[column]) - shift[column]
      target += 1
    }
  }
}
