import LinearAlgebra

/// The covariance (X − 1μᵀ)ᵀ(X − 1μᵀ)/n, multiplied in single and added up in double precision.
///
/// About three times as fast as ``covariance(_:)``, for norms and regularised factors of wide
/// modalities. Centred features are rounded to single precision and products of 512 items are
/// summed in it; blocks meet in double precision. Frobenius norms agree with those of
/// ``covariance(_:)`` to better than 1e-6 of themselves.
///
/// - Shapes: `matrix` is n × d, the result d × d.
/// - Precondition: there is at least one row.
/// - Complexity: n·d² operations: only tiles on and below the diagonal are computed.
public func singlePrecisionCovariance(_ matrix: Matrix<Float>) -> Matrix<Double> {
  let mean = columnMeans(matrix)
  let width = matrix.columnCount
  var result = scaledProducts(matrix, mean, matrix, mean, isSymmetric: true)
  for row in 0..<width {
    for column in 0..<row { result[column, row] = result[row, column] }
  }
  return result
}

/// The cross-covariance (X − 1μᵀ)ᵀ(Y − 1νᵀ)/n with the precision of
/// ``singlePrecisionCovariance(_:)``.
///
/// - Shapes: `first` is n × p, `second` n × q, the result p × q.
/// - Parameter partners: A permutation of the rows: row i of `first` is paired with row
///   `partners[i]` of `second`, which is not copied; with row i when nil.
/// - Precondition: both have the same positive number of rows.
/// - Complexity: 2·n·p·q operations.
public func singlePrecisionCrossCovariance(
  _ first: Matrix<Float>, _ second: Matrix<Float>, partners: [Int]? = nil
) -> Matrix<Double> {
  precondition(
    first.rowCount == second.rowCount, "\(first.rowCount) and \(second.rowCount) rows")
  return scaledProducts(
    first, columnMeans(first), second, columnMeans(second), partners: partners,
    isSymmetric: false)
}

private func scaledProducts(
  _ x: Matrix<Float>, _ a: [Double], _ y: Matrix<Float>, _ b: [Double], partners: [Int]? = nil,
  isSymmetric: Bool
) -> Matrix<Double> {
  var result = Matrix<Double>(rowCount: a.count, columnCount: b.count)
  guard !result.elements.isEmpty else { return result }
  let tileRows = BlockGrid(count: a.count, size: 512)
  let tileColumns = BlockGrid(count: b.count, size: 512)
  let itemBlocks = BlockGrid(count: x.rowCount, size: 512)
  let tiles = (0..<tileRows.blockCount).flatMap { row in
    (0..<tileColumns.blockCount).compactMap { column in
      isSymmetric && column > row ? nil : (row: row, column: column)
    }
  }
  let scale = 1 / Double(x.rowCount)
  result.elements.withUnsafeMutableBufferPointer { target in
    let out = SharedBuffer(target)
    Parallel.forEach(tiles.count) { index in
      let rows = tileRows.range(tiles[index].row)
      let columns = tileColumns.range(tiles[index].column)
      let size = itemBlocks.size
      withUnsafeTemporaryAllocation(
        of: Float.self, capacity: size * (rows.count + columns.count) + rows.count * columns.count
      ) { buffer in
        let left = buffer.baseAddress!
        let right = left + size * rows.count
        let part = right + size * columns.count
        for block in 0..<itemBlocks.blockCount {
          let items = itemBlocks.range(block)
          copyCentered(x, rows: items, columns: rows, center: a, into: left)
          if let partners {
            copyCentered(y, rows: partners[items], columns: columns, center: b, into: right)
          } else {
            copyCentered(y, rows: items, columns: columns, center: b, into: right)
          }
          DenseKernels.gemm(
            .init(base: left, stride: rows.count, transposition: .transposed),
            .init(base: right, stride: columns.count),
            .init(
              base: part, stride: columns.count, rows: rows.count, columns: columns.count,
              inner: items.count))
          for row in 0..<rows.count {
            let sum = out.base + (rows.lowerBound + row) * b.count + columns.lowerBound
            for column in 0..<columns.count {
              sum[column] += Double(part[row * columns.count + column])
            }
          }
        }
      }
      for row in rows {
        for column in columns { out.base[row * b.count + column] *= scale }
      }
    }
  }
  return result
}

/// Copies a tile of features minus their column centres, rounded to single precision.
private func copyCentered(
  _ matrix: Matrix<Float>, rows: some Sequence<Int>, columns: Range<Int>, center: [Double],
  into buffer: UnsafeMutablePointer<Float>
) {
  matrix.elements.withUnsafeBufferPointer { source in
    center.withUnsafeBufferPointer { center in
      var target = buffer
      for row in rows {
        let start = row * matrix.columnCount
        for column in columns {
          target.pointee = Float(Double(source[start + column]) - center[column])
          target += 1
        }
      }
    }
  }
}
