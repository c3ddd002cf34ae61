internal import CAutodiff
import LinearAlgebra

extension Tape {
  /// x·Wᵀ + b: a linear layer; with a `slope` followed by a leaky rectifier, which multiplies what
  /// is not positive by that.
  ///
  /// Where the rectifier is applied while a tile of the result is in the cache, its input is never
  /// kept: the sign of the output tells which slope was taken.
  ///
  /// - Shapes: x is n × d, `weight` W is m × d, `bias` b is 1 × m; the result is n × m.
  /// - Parameter slope: Not negative; no rectifier if nil.
  /// - Complexity: 2·n·d·m operations, and as many again for each gradient; with the entries of x
  ///   instead of n·d where it has sparse features and m is a multiple of 64.
  public func linear(
    _ x: Tensor, weight: Tensor, bias: Tensor? = nil, slope: Double? = nil
  ) -> Tensor {
    precondition(
      x.columnCount == weight.columnCount,
      "inputs are \(x.columnCount) wide, the weight takes \(weight.columnCount)")
    let tail = LayerTail(bias: bias, slope: slope, width: weight.rowCount)
    if let features = x.sparseFeatures, SparseFeatures.suits(weight) {
      return linear(features, weight: weight, tail)
    }
    let (n, d, m) = (x.rowCount, x.columnCount, weight.rowCount)
    let y = make(n, m, from: [x, weight] + (bias.map { [$0] } ?? []))
    nonisolated(unsafe) let (source, target) = (x.value, y.value)
    let factor = LayerFactor(transposeOf: weight, on: self)
    forEachBlock(n, size: tileHeight(n)) { rows in
      factor.multiply(
        source + rows.lowerBound * d, rows: rows.count, tail: tail,
        into: target + rows.lowerBound * m)
    }
    record(y) { [self] gradient in
      tail.pullBack(gradient, at: y, on: self)
      if x.needsGradient {
        self.writeProduct(gradient, n, m, with: weight, to: x.gradientToWrite())
      }
      if weight.needsGradient {
        self.writeTransposedProduct(
          gradient, m, x.value, d, rowCount: n, to: weight.gradientToWrite())
      }
    }
    return y
  }

  /// target (+)= a·W, for a of n × m and W of m × d.
  private func writeProduct(
    _ a: UnsafePointer<Float>, _ n: Int, _ m: Int, with weight: Tensor,
    to target: (base: UnsafeMutablePointer<Float>, accumulates: Bool)
  ) {
    let d = weight.columnCount
    nonisolated(unsafe) let (a, target) = (a, target)
    let factor = LayerFactor(weight, on: self)
    forEachBlock(n, size: tileHeight(n)) { rows in
      factor.multiply(
        a + rows.lowerBound * m, rows: rows.count, into: target.base + rows.lowerBound * d,
        accumulates: target.accumulates)
    }
  }

  /// target (+)= aᵀ·b, for a of n × m and b of n × d with many more rows than columns.
  ///
  /// A small result is made from blocks of rows, each read once, whose products meet in their
  /// order; a large one in tiles of columns.
  private func writeTransposedProduct(
    _ a: UnsafePointer<Float>, _ m: Int, _ b: UnsafePointer<Float>, _ d: Int, rowCount n: Int,
    to target: (base: UnsafeMutablePointer<Float>, accumulates: Bool)
  ) {
    nonisolated(unsafe) let (a, b, target) = (a, b, target)
    guard m * d <= 1 << 16, n > 1024 else {
      forEachBlock(d, size: min(512, max(64, (d / 8 + 63) / 64 * 64))) { columns in
        DenseKernels.gemm(
          .init(base: a, stride: m, transposition: .transposed),
          .init(base: b + columns.lowerBound, stride: d),
          .init(
            base: target.base + columns.lowerBound, stride: d, rows: m, columns: columns.count,
            inner: n, accumulates: target.accumulates))
      }
      return
    }
    let grid = BlockGrid(count: n, size: max(512, (n + 7) / 8))
    nonisolated(unsafe) let partials = scratch(grid.blockCount * m * d)
    Parallel.forEach(grid.blockCount) { block in
      let rows = grid.range(block)
      LayerFactor.multiply(
        transposed: a + rows.lowerBound * m, columns: m, b + rows.lowerBound * d, columns: d,
        rows: rows.count, into: partials + block * m * d)
    }
    writeSum(partials, partCount: grid.blockCount, count: m * d, to: target)
  }
}

/// Rows of a product's result that are made at once: sixteen tiles or more, each of a height that
/// pays.
private func tileHeight(_ rowCount: Int) -> Int {
  min(512, max(64, (rowCount / 16 + 63) / 64 * 64))
}

/// What a linear layer adds to its product: the bias, and a leaky rectifier if there is one.
package struct LayerTail: Sendable {
  let bias: Tensor?
  let slope: Float?
  private let width: Int

  package init(bias: Tensor?, slope: Double?, width: Int) {
    precondition(
      bias.map { $0.rowCount == 1 && $0.columnCount == width } ?? true,
      "the bias is not 1 x \(width)")
    precondition(slope.map { $0 >= 0 } ?? true, "a rectifier's slope is not negative")
    self.bias = bias
    self.slope = slope.map { Float($0) }
    self.width = width
  }

  /// Sets rows to what the product is added to.
  func begin(_ tile: UnsafeMutablePointer<Float>, rowCount: Int) {
    guard let bias else { return tile.update(repeating: 0, count: rowCount * width) }
    let row = bias.value
    for r in 0..<rowCount { (tile + r * width).update(from: row, count: width) }
  }

  /// Finishes rows that have their product.
  func end(_ tile: UnsafeMutablePointer<Float>, rowCount: Int) {
    guard let slope else { return }
    ad_rectify(tile, rowCount * width, slope)
  }

  /// Turns the gradient of the layer's result y into that of its product, in place, and gives the
  /// bias its own.
  func pullBack(_ gradient: UnsafePointer<Float>, at y: Tensor, on tape: Tape) {
    // Whoever asks for the gradient of y afterwards would find that of the product.
    nonisolated(unsafe) let (gradient, result) = (
      UnsafeMutablePointer(mutating: gradient), y.value
    )
    let width = width
    /// Calls `body` with a few rows at a time, once their gradients have gone through the
    /// rectifier and while these are in the nearest cache.
    @Sendable func rectify(_ rows: Range<Int>, _ body: (Int, Int) -> Void = { _, _ in }) {
      for first in stride(from: rows.lowerBound, to: rows.upperBound, by: 16) {
        let count = min(16, rows.upperBound - first)
        if let slope {
          ad_rectify_back(result + first * width, count * width, slope, gradient + first * width)
        }
        body(first, count)
      }
    }
    guard let bias, bias.needsGradient else {
      if slope != nil { forEachBlock(y.rowCount, size: 256) { rectify($0) } }
      return
    }
    let sums = tape.columnTotals(y.rowCount, width) { rows, sums in
      rectify(rows) { first, count in
        ad_add_column_sums(gradient + first * width, count, width, sums)
      }
    }
    let target = bias.gradientToAddTo()
    for column in 0..<width { target[column] += Float(sums[column]) }
  }
}
