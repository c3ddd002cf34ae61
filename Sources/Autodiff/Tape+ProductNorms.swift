import LinearAlgebra

extension Tape {
  /// ‖x_r·wᵀ‖² of every row r of x, n × 1, without the product x·wᵀ:
  ///
  ///     y_r = x_r·K·x_rᵀ,  K = wᵀ·w
  ///     ∂x = 2·diag(g)·x·K,  ∂w = 2·w·(xᵀ·diag(g)·x)
  ///
  /// - Shapes: x is n × k, w is m × k, for k smaller than m.
  /// - Complexity: k²·(m + 2n) operations, and k²·(2m + n) backwards; memory for k² and n·k
  ///   numbers instead of n·m.
  public func squaredProductNorms(_ x: Tensor, transposed w: Tensor) -> Tensor {
    let (n, k, m) = (x.rowCount, x.columnCount, w.rowCount)
    precondition(w.columnCount == k, "inner dimensions differ: \(k) and \(w.columnCount)")
    let y = make(n, 1, from: x, w)
    let (gram, image) = (scratch(k * k), scratch(n * k))
    multiplySymmetric(w.value, w.value, rowCount: m, width: k, into: gram)
    DenseKernels.product(
      .init(base: x.value, stride: k), .init(base: gram, stride: k),
      .init(base: image, stride: k, rows: n, columns: k, inner: k))
    nonisolated(unsafe) let (ofX, ofImage, target) = (x.value, image, y.value)
    forEachBlock(n, size: 64) { rows in
      for row in rows {
        var sum = 0.0
        for i in row * k..<(row + 1) * k { sum += Double(ofX[i]) * Double(ofImage[i]) }
        target[row] = Float(sum)
      }
    }

    record(y) { [self] gradient in
      let factors = scratch(n)
      for row in 0..<n { factors[row] = 2 * gradient[row] }
      if w.needsGradient {
        let (scaled, inner) = (scratch(n * k), scratch(k * k))
        write(x.value, rowCount: n, width: k, scaledByRows: factors, to: (scaled, false))
        multiplySymmetric(scaled, x.value, rowCount: n, width: k, into: inner)
        let (base, accumulates) = w.gradientToWrite()
        DenseKernels.product(
          .init(base: w.value, stride: k), .init(base: inner, stride: k),
          .init(base: base, stride: k, rows: m, columns: k, inner: k, accumulates: accumulates))
      }
      if x.needsGradient {
        write(image, rowCount: n, width: k, scaledByRows: factors, to: x.gradientToWrite())
      }
    }
    return y
  }
}

/// The target = aᵀ·b where that is known to be symmetric: only tiles on the diagonal and above are
/// computed.
///
/// - Shapes: a and b are `rowCount` × k for the width k, the target is k × k.
private func multiplySymmetric(
  _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, rowCount: Int, width k: Int,
  into target: UnsafeMutablePointer<Float>
) {
  let grid = BlockGrid(count: k, size: 256)
  let tiles = (0..<grid.blockCount).flatMap { row in
    (row..<grid.blockCount).map { (rows: grid.range(row), columns: grid.range($0)) }
  }
  nonisolated(unsafe) let (a, b, target) = (a, b, target)
  Parallel.forEach(tiles.count) { tile in
    let (rows, columns) = tiles[tile]
    DenseKernels.gemm(
      .init(base: a + rows.lowerBound, stride: k, transposition: .transposed),
      .init(base: b + columns.lowerBound, stride: k),
      .init(
        base: target + rows.lowerBound * k + columns.lowerBound, stride: k, rows: rows.count,
        columns: columns.count, inner: rowCount))
    for column in columns {
      for row in rows where row < column { target[column * k + row] = target[row * k + column] }
    }
  }
}
