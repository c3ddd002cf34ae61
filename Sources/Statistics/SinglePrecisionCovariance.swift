import LinearAlgebra

/// The covariance (X − 1μᵀ)ᵀ(X − 1μᵀ)/n, multiplied in single and added up in double precision.
///
/// About three times as fast as ``covariance(_:)``, for norms and regularised factors of wide
/// modalities. Centred features are rounded to single precision and products of 512 items are
/// summed in it; blocks meet in double precision. Frobenius norms agree with those of
/// ``covariance(_:)`` to better than 1e-6 of themselves. A matrix that is mostly zero is multiplied
/// in double precision instead, by its other elements alone.
///
/// - Shapes: `matrix` is n × d, the result d × d.
/// - Precondition: there is at least one row.
/// - Complexity: n·d² operations: only tiles on and below the diagonal are computed; in proportion
///   to the share of non-zeros, at half the rate, where at most 40 % are.
public func singlePrecisionCovariance(_ matrix: Matrix<Float>) -> Matrix<Double> {
  let mean = columnMeans(matrix)
  return scaledProducts(matrix, mean, matrix, mean, isSymmetric: true)
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

/// (X − 1aᵀ)ᵀ(Y − 1bᵀ)/n; of a symmetric product the upper tiles are copies of the lower ones.
private func scaledProducts(
  _ x: Matrix<Float>, _ a: [Double], _ y: Matrix<Float>, _ b: [Double], partners: [Int]? = nil,
  isSymmetric: Bool
) -> Matrix<Double> {
  let isSparse = isSymmetric && x.isMostlyZero
  let tileRows = BlockGrid(count: a.count, size: isSparse ? SparseProducts.columns : 512)
  let tileColumns = BlockGrid(count: b.count, size: 512)
  let tiles = (0..<tileRows.blockCount).flatMap { row in
    (0..<tileColumns.blockCount).compactMap { column in
      isSymmetric && tileColumns.range(column).lowerBound >= tileRows.range(row).upperBound
        ? nil : (row: row, column: column)
    }
  }
  let scale = 1 / Double(x.rowCount)
  let elements = [Double](unsafeUninitializedCapacity: a.count * b.count) { target, initialized in
    initialized = a.count * b.count
    guard initialized > 0 else { return }
    let out = SharedBuffer(target)
    Parallel.forEach(tiles.count) { index in
      let rows = tileRows.range(tiles[index].row)
      let columns = tileColumns.range(tiles[index].column)
      withUnsafeTemporaryAllocation(of: Double.self, capacity: rows.count * columns.count) {
        let sums = $0.baseAddress!
        sums.initialize(repeating: 0, count: rows.count * columns.count)
        if isSparse {
          // The shift of one factor centres both: Σ(x − μ)·μ is zero.
          addSparseTile(x, rows, y, columns, shift: b, to: sums, stride: columns.count)
        } else {
          addTileProducts(x, a, rows, y, b, columns, partners: partners, to: sums)
        }
        for row in rows {
          let line = sums + (row - rows.lowerBound) * columns.count - columns.lowerBound
          for column in columns where !isSymmetric || column <= row {
            let value = line[column] * scale
            (out.base + row * b.count + column).initialize(to: value)
            if isSymmetric { (out.base + column * b.count + row).initialize(to: value) }
          }
        }
      }
    }
  }
  return Matrix(rowCount: a.count, columnCount: b.count, elements: elements)
}

/// Adds the products of some columns of X and some of Y, blocks of 512 items meeting in order.
///
/// - Shapes: `sums` are `rows.count` × `columns.count`.
private func addTileProducts(
  _ x: Matrix<Float>, _ a: [Double], _ rows: Range<Int>,
  _ y: Matrix<Float>, _ b: [Double], _ columns: Range<Int>,
  partners: [Int]?, to sums: UnsafeMutablePointer<Double>
) {
  let itemBlocks = BlockGrid(count: x.rowCount, size: 512)
  let area = rows.count * columns.count
  withUnsafeTemporaryAllocation(
    of: Float.self, capacity: itemBlocks.size * (rows.count + columns.count) + area
  ) { buffer in
    let left = buffer.baseAddress!
    let right = left + itemBlocks.size * rows.count
    let part = right + itemBlocks.size * columns.count
    for block in 0..<itemBlocks.blockCount {
      let items = itemBlocks.range(block)
      x.elements.withUnsafeBufferPointer { x in
        copyCentered(
          x.baseAddress!, width: a.count, rows: items, columns: rows, center: a, into: left)
      }
      y.elements.withUnsafeBufferPointer { y in
        guard let partners else {
          copyCentered(
            y.baseAddress!, width: b.count, rows: items, columns: columns, center: b, into: right)
          return
        }
        for (place, row) in partners[items].enumerated() {
          copyCentered(
            y.baseAddress!, width: b.count, rows: row..<row + 1, columns: columns, center: b,
            into: right + place * columns.count)
        }
      }
      DenseKernels.gemm(
        .init(base: left, stride: rows.count, transposition: .transposed),
        .init(base: right, stride: columns.count),
        .init(
          base: part, stride: columns.count, rows: rows.count, columns: columns.count,
          inner: items.count))
      VectorKernels.add(part, to: sums, count: area)
    }
  }
}
