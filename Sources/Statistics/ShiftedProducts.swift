import LinearAlgebra

/// Adds (X − 1aᵀ)ᵀ(Y − 1bᵀ) to `products`; for a symmetric product only its lower tiles.
///
/// - Shapes: X is n × p with p shifts, Y n × q with q, the products are p × q.
/// - Complexity: 2·n·p·q operations; where one factor is not shifted, those of its entries alone
///   that are not zero, at about half the rate.
func addShiftedProducts(
  _ x: Matrix<Float>, _ a: [Double], _ y: Matrix<Float>, _ b: [Double],
  to products: inout Matrix<Double>, isSymmetric: Bool = false
) {
  if !isSymmetric, a.allSatisfy({ $0 == 0 }) {
    addSparseProducts(x, y, b, to: &products)
  } else if !isSymmetric, b.allSatisfy({ $0 == 0 }) {
    var turned = Matrix<Double>(rowCount: y.columnCount, columnCount: x.columnCount)
    addSparseProducts(y, x, a, to: &turned)
    products = products + turned.transposed()
  } else {
    addDenseProducts(x, a, y, b, to: &products, isSymmetric: isSymmetric)
  }
}

/// The same by dense products.
///
/// Where there are few tiles, stretches of items share the work; their sums meet in their order.
private func addDenseProducts(
  _ x: Matrix<Float>, _ a: [Double], _ y: Matrix<Float>, _ b: [Double],
  to products: inout Matrix<Double>, isSymmetric: Bool = false
) {
  guard !products.elements.isEmpty, x.rowCount > 0 else { return }
  let tileRows = BlockGrid(count: x.columnCount, size: 256)
  // Wide tiles, so that the rows of a modality beside a narrower one are converted once.
  let tileColumns = BlockGrid(count: y.columnCount, size: isSymmetric ? 256 : 512)
  let itemBlocks = BlockGrid(count: x.rowCount, size: 256)
  let width = y.columnCount
  let tiles = (0..<tileRows.blockCount).flatMap { r in
    (0..<tileColumns.blockCount).compactMap { c in
      isSymmetric && c > r ? nil : (row: r, column: c)
    }
  }
  let wanted = max(1, min(8 / tiles.count, itemBlocks.blockCount / 4))
  let stretches = BlockGrid(
    count: itemBlocks.blockCount, size: (itemBlocks.blockCount + wanted - 1) / wanted)
  let count = products.elements.count
  // The first stretch adds to the products themselves.
  var others = [Double](repeating: 0, count: max(0, stretches.blockCount - 1) * count)
  products.elements.withUnsafeMutableBufferPointer { target in
    others.withUnsafeMutableBufferPointer { others in
      nonisolated(unsafe) let (target, others) = (target.baseAddress!, others.baseAddress)
      Parallel.forEach(tiles.count * stretches.blockCount) { index in
        let (tile, stretch) = (tiles[index % tiles.count], index / tiles.count)
        let rows = tileRows.range(tile.row)
        let columns = tileColumns.range(tile.column)
        let out = stretch > 0 ? others! + (stretch - 1) * count : target
        withUnsafeTemporaryAllocation(
          of: Double.self, capacity: itemBlocks.size * (rows.count + columns.count)
        ) { buffer in
          let left = buffer.baseAddress!
          let right = left + itemBlocks.size * rows.count
          x.elements.withUnsafeBufferPointer { x in
            y.elements.withUnsafeBufferPointer { y in
              for block in stretches.range(stretch) {
                let items = itemBlocks.range(block)
                copyShifted(
                  x.baseAddress!, width: a.count, rows: items, columns: rows, shift: a, into: left)
                copyShifted(
                  y.baseAddress!, width: b.count, rows: items, columns: columns, shift: b,
                  into: right)
                DenseKernels.gemm(
                  .init(base: left, stride: rows.count, transposition: .transposed),
                  .init(base: right, stride: columns.count),
                  .init(
                    base: out + rows.lowerBound * width + columns.lowerBound, stride: width,
                    rows: rows.count, columns: columns.count, inner: items.count,
                    accumulates: true))
              }
            }
          }
        }
      }
      for stretch in 1..<stretches.blockCount {
        for i in 0..<count { target[i] += others![(stretch - 1) * count + i] }
      }
    }
  }
}

/// Adds Xᵀ(Y − 1bᵀ) to `products` from the entries of X that are not zero.
private func addSparseProducts(
  _ x: Matrix<Float>, _ y: Matrix<Float>, _ b: [Double], to products: inout Matrix<Double>
) {
  guard !products.elements.isEmpty else { return }
  let tileRows = BlockGrid(count: x.columnCount, size: SparseProducts.columns)
  let tileColumns = BlockGrid(count: y.columnCount, size: 512)
  products.elements.withUnsafeMutableBufferPointer { target in
    let out = SharedBuffer(target)
    Parallel.forEach(tileRows.blockCount * tileColumns.blockCount) { tile in
      let rows = tileRows.range(tile / tileColumns.blockCount)
      let columns = tileColumns.range(tile % tileColumns.blockCount)
      addSparseTile(
        x, rows, y, columns, shift: b,
        to: out.base + rows.lowerBound * y.columnCount + columns.lowerBound,
        stride: y.columnCount)
    }
  }
}

/// Adds the products of at most `SparseProducts.columns` columns of X and some of Y − 1bᵀ to rows
/// that are `stride` apart.
func addSparseTile(
  _ x: Matrix<Float>, _ rows: Range<Int>, _ y: Matrix<Float>, _ columns: Range<Int>,
  shift b: [Double], to sums: UnsafeMutablePointer<Double>, stride: Int
) {
  let itemBlocks = BlockGrid(count: x.rowCount, size: SparseProducts.rows)
  var tile = SparseProducts(columns: columns.count)
  for block in 0..<itemBlocks.blockCount {
    tile.add(x, rows: itemBlocks.range(block), columns: rows, y, columns, shift: b)
  }
  tile.addSums(to: sums, stride: stride, rows: rows.count)
}
