internal import CAutodiff
import LinearAlgebra

extension Tape {
  /// W₂·leaky(W₁·x + b₁) + b₂ of every row x: two linear layers with a leaky rectifier between
  /// them, which multiplies what is not positive by `slope`.
  ///
  /// Where x is dense and needs no gradient and the widths allow it, some rows at a time go
  /// through both layers, and back through both: the gradient of the hidden layer, and without a
  /// recording the layer itself, stay in a cache. Otherwise it is one
  /// ``linear(_:weight:bias:slope:)`` after the other, to the same sums.
  ///
  /// - Shapes: x is n × d, W₁ is h × d, b₁ is 1 × h, W₂ is m × h, b₂ is 1 × m; the result is n × m.
  /// - Complexity: 2·n·h·(d + m) operations, and 2·n·h·(d + 2·m) backwards.
  public func perceptron(
    _ x: Tensor, hidden: (weight: Tensor, bias: Tensor?), slope: Double,
    output: (weight: Tensor, bias: Tensor?)
  ) -> Tensor {
    let (n, d, h, m) = (
      x.rowCount, x.columnCount, hidden.weight.rowCount, output.weight.rowCount
    )
    // Wider, the gradient of W₁ would leave the cache between two tiles.
    guard !x.needsGradient, x.sparseFeatures == nil, [d, h, m].allSatisfy(LayerFactor.suits),
      d * h <= 1 << 17
    else {
      return linear(
        linear(x, weight: hidden.weight, bias: hidden.bias, slope: slope),
        weight: output.weight, bias: output.bias)
    }
    precondition(
      hidden.weight.columnCount == d && output.weight.columnCount == h,
      """
      layers take \(hidden.weight.columnCount) and \(output.weight.columnCount), not \(d) and \(h)
      """)
    let inputs = [hidden.weight, output.weight] + [hidden.bias, output.bias].compactMap { $0 }
    let y = make(n, m, from: inputs)
    let tails = (
      LayerTail(bias: hidden.bias, slope: slope, width: h),
      LayerTail(bias: output.bias, slope: nil, width: m)
    )
    let grid = BlockGrid(count: n, size: max(tileHeight, (n + 15) / 16))
    let isKept = y.needsGradient
    nonisolated(unsafe) let (source, target, kept) = (
      UnsafePointer(x.value), y.value, scratch(h * (isKept ? n : grid.blockCount * tileHeight))
    )
    let factors = (
      LayerFactor(transposeOf: hidden.weight, on: self),
      LayerFactor(transposeOf: output.weight, on: self)
    )
    Parallel.forEach(grid.blockCount) { block in
      forEachTile(of: grid.range(block)) { first, count in
        let tile = kept + h * (isKept ? first : block * tileHeight)
        factors.0.multiply(source + first * d, rows: count, tail: tails.0, into: tile)
        factors.1.multiply(tile, rows: count, tail: tails.1, into: target + first * m)
      }
    }
    record(y) { [self] gradient in
      let blocks = BlockGrid(count: n, size: max(512, (n + 7) / 8))
      nonisolated(unsafe) let (gradient, tiles) = (
        gradient, self.scratch(blocks.blockCount * tileHeight * h)
      )
      nonisolated(unsafe) let (first, second, sums) = (
        self.scratch(blocks.blockCount * h * d), self.scratch(blocks.blockCount * m * h),
        self.doubleScratch(blocks.blockCount * (h + m))
      )
      sums.update(repeating: 0, count: blocks.blockCount * (h + m))
      let factor = LayerFactor(output.weight, on: self)
      Parallel.forEach(blocks.blockCount) { block in
        let (rows, tile) = (blocks.range(block), tiles + block * tileHeight * h)
        let sums = sums + block * (h + m)
        forEachTile(of: rows) { row, count in
          let (upstream, activations) = (gradient + row * m, kept + row * h)
          let isFirst = row == rows.lowerBound
          factor.multiply(upstream, rows: count, into: tile)
          ad_rectify_back(activations, count * h, tails.0.slope ?? 1, tile)
          ad_add_column_sums(tile, count, h, sums)
          ad_add_column_sums(upstream, count, m, sums + h)
          LayerFactor.multiply(
            transposed: tile, columns: h, source + row * d, columns: d, rows: count,
            into: first + block * h * d, accumulates: !isFirst)
          LayerFactor.multiply(
            transposed: upstream, columns: m, activations, columns: h, rows: count,
            into: second + block * m * h, accumulates: !isFirst)
        }
      }
      for (weight, parts) in [(hidden.weight, first), (output.weight, second)]
      where weight.needsGradient {
        writeSum(
          parts, partCount: blocks.blockCount, count: weight.count, to: weight.gradientToWrite())
      }
      for (bias, start) in [(hidden.bias, 0), (output.bias, h)] {
        guard let bias, bias.needsGradient else { continue }
        let target = bias.gradientToAddTo()
        for column in 0..<bias.count {
          target[column] += Float(
            (0..<blocks.blockCount).reduce(0) { $0 + sums[$1 * (h + m) + start + column] })
        }
      }
    }
    return y
  }
}

/// Rows that go through both layers at once: their hidden layer and its gradient fill half of a
/// second-level cache. Processors with tiles of 16-bit floats have larger ones, and split the
/// weights anew for each of these.
private let tileHeight = SplitTiles.areAvailable ? 256 : 128

/// Calls `body` with the first row and the number of rows of each tile.
private func forEachTile(of rows: Range<Int>, _ body: (Int, Int) -> Void) {
  for first in stride(from: rows.lowerBound, to: rows.upperBound, by: tileHeight) {
    body(first, min(tileHeight, rows.upperBound - first))
  }
}
