import LinearAlgebra

/// Linear layers of features that stay as they are and are mostly zero.
extension Tape {
  /// x·Wᵀ + b for some rows of x, each once.
  ///
  /// - Shapes: x is n × d, `weight` W is m × d, `bias` b is 1 × m; the result has a row for each of
  ///   `rows`.
  /// - Complexity: 2·rows·d·m operations, and as many again for each gradient; for sparse features
  ///   2·entries·m backwards.
  public func linear(
    _ x: Tensor, distinct rows: [Int32], weight: Tensor, bias: Tensor? = nil
  ) -> Tensor {
    guard let features = x.sparseFeatures, SparseFeatures.suits(weight) else {
      return linear(gathered(x, distinct: rows), weight: weight, bias: bias)
    }
    return linear(
      features, rows, weight: weight,
      LayerTail(bias: bias, slope: nil, width: weight.rowCount))
  }

  /// A linear layer of all rows or some.
  func linear(
    _ x: SparseFeatures, _ chosen: [Int32]? = nil, weight: Tensor, _ tail: LayerTail
  ) -> Tensor {
    let (n, d, m) = (chosen?.count ?? x.rows.rowCount, weight.columnCount, weight.rowCount)
    let width = SparseFeatures.slabWidth(m)
    let y = make(n, m, from: [weight] + (tail.bias.map { [$0] } ?? []))
    nonisolated(unsafe) let columns = scratch(m * d)
    transpose(weight.value, slabs: m / width, rows: width, columns: d, into: columns)
    nonisolated(unsafe) let target = y.value
    x.rows.forEachTile(chosen) { tile in
      tail.begin(target + tile.rows.lowerBound * m, rowCount: tile.rows.count)
      for slab in 0..<m / width {
        tile.addProduct(
          columns + slab * d * width, width: width, to: target + slab * width, stride: m)
      }
      tail.end(target + tile.rows.lowerBound * m, rowCount: tile.rows.count)
    }
    record(y) { [self] gradient in
      tail.pullBack(gradient, at: y, on: self)
      guard weight.needsGradient else { return }
      let rowCount = x.rows.rowCount
      nonisolated(unsafe) let upstream = self.scratch(rowCount * m)
      if chosen != nil { clear(upstream, count: rowCount * m) }
      cutIntoSlabs(
        gradient, n, m, width: width, rows: chosen, slabRowCount: rowCount, into: upstream)
      nonisolated(unsafe) let product = self.scratch(m * d)
      x.columns.forEachTile { tile in
        for slab in 0..<m / width {
          let base = product + slab * d * width
          (base + tile.rows.lowerBound * width).update(
            repeating: 0, count: tile.rows.count * width)
          tile.addProduct(
            upstream + slab * rowCount * width, width: width, to: base, stride: width)
        }
      }
      let (base, accumulates) = weight.gradientToWrite()
      transpose(
        product, slabs: m / width, rows: d, columns: width, into: base, accumulates: accumulates)
    }
    return y
  }
}

extension SparseFeatures {
  /// Whether a product with the transpose of `weight` can be cut into slabs.
  static func suits(_ weight: Tensor) -> Bool { weight.rowCount % 64 == 0 }

  /// Of m columns of a result, those that are made at once.
  static func slabWidth(_ m: Int) -> Int { m % 128 == 0 ? 128 : 64 }
}
