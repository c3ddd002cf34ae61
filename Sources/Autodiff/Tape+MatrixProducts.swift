import LinearAlgebra

extension Tape {
  /// a·b.
  ///
  /// - Shapes: a is n × k, b is k × m; the result is n × m.
  /// - Complexity: 2·n·k·m operations, and as many again for each gradient.
  public func product(_ a: Tensor, _ b: Tensor) -> Tensor {
    let (n, k, m) = (a.rowCount, a.columnCount, b.columnCount)
    requireInner(k, b.rowCount)
    let y = make(n, m, from: a, b)
    multiply(Factor(a), Factor(b), into: (y.value, false), n, m, inner: k)
    record(y) { gradient in
      let upstream = Factor(base: gradient, stride: m)
      if a.needsGradient {
        multiply(upstream, Factor(transposed: b), into: a.gradientToWrite(), n, k, inner: m)
      }
      if b.needsGradient {
        multiply(Factor(transposed: a), upstream, into: b.gradientToWrite(), k, m, inner: n)
      }
    }
    return y
  }

  /// a·bᵀ: every inner product of a row of a with a row of b.
  ///
  /// - Shapes: a is n × k, b is m × k; the result is n × m.
  /// - Complexity: 2·n·k·m operations, and as many again for each gradient.
  public func product(_ a: Tensor, transposed b: Tensor) -> Tensor {
    let (n, k, m) = (a.rowCount, a.columnCount, b.rowCount)
    requireInner(k, b.columnCount)
    let y = make(n, m, from: a, b)
    multiply(Factor(a), Factor(transposed: b), into: (y.value, false), n, m, inner: k)
    record(y) { gradient in
      if a.needsGradient {
        let upstream = Factor(base: gradient, stride: m)
        multiply(upstream, Factor(b), into: a.gradientToWrite(), n, k, inner: m)
      }
      if b.needsGradient {
        let upstream = Factor(base: gradient, stride: m, transposition: .transposed)
        multiply(upstream, Factor(a), into: b.gradientToWrite(), m, k, inner: n)
      }
    }
    return y
  }

  /// aᵀ·b.
  ///
  /// - Shapes: a is k × n, b is k × m; the result is n × m.
  /// - Complexity: 2·n·k·m operations, and as many again for each gradient.
  public func product(transposed a: Tensor, _ b: Tensor) -> Tensor {
    let (n, k, m) = (a.columnCount, a.rowCount, b.columnCount)
    requireInner(k, b.rowCount)
    let y = make(n, m, from: a, b)
    multiply(Factor(transposed: a), Factor(b), into: (y.value, false), n, m, inner: k)
    record(y) { gradient in
      if a.needsGradient {
        let upstream = Factor(base: gradient, stride: m, transposition: .transposed)
        multiply(Factor(b), upstream, into: a.gradientToWrite(), k, n, inner: m)
      }
      if b.needsGradient {
        let upstream = Factor(base: gradient, stride: m)
        multiply(Factor(a), upstream, into: b.gradientToWrite(), k, m, inner: n)
      }
    }
    return y
  }

  /// xᵀ.
  public func transposed(_ x: Tensor) -> Tensor {
    let y = make(x.columnCount, x.rowCount, from: x)
    transpose(x.value, x.rowCount, x.columnCount, into: (y.value, false))
    record(y) { gradient in
      transpose(gradient, y.rowCount, y.columnCount, into: x.gradientToWrite())
    }
    return y
  }
}

private func requireInner(_ a: Int, _ b: Int) {
  precondition(a == b, "inner dimensions differ: \(a) and \(b)")
}

private typealias Factor = DenseKernels.Operand<Float>

extension Factor {
  fileprivate init(_ tensor: Tensor) {
    self.init(base: tensor.value, stride: tensor.columnCount)
  }

  fileprivate init(transposed tensor: Tensor) {
    self.init(base: tensor.value, stride: tensor.columnCount, transposition: .transposed)
  }
}

/// target (+)= a·b, where the target is `rows` × `columns`.
private func multiply(
  _ a: Factor, _ b: Factor,
  into target: (base: UnsafeMutablePointer<Float>, accumulates: Bool), _ rows: Int, _ columns: Int,
  inner: Int
) {
  DenseKernels.product(
    a, b,
    .init(
      base: target.base, stride: columns, rows: rows, columns: columns, inner: inner,
      accumulates: target.accumulates))
}

/// target (+)= xᵀ, in tiles of which both sides stay in cache.
private func transpose(
  _ x: UnsafePointer<Float>, _ rowCount: Int, _ columnCount: Int,
  into target: (base: UnsafeMutablePointer<Float>, accumulates: Bool)
) {
  nonisolated(unsafe) let (x, target) = (x, target)
  forEachBlock(columnCount, size: 32) { columns in
    for first in stride(from: 0, to: rowCount, by: 32) {
      for column in columns {
        for row in first..<min(first + 32, rowCount) {
          let at = column * rowCount + row
          let value = x[row * columnCount + column]
          target.base[at] = target.accumulates ? target.base[at] + value : value
        }
      }
    }
  }
}
