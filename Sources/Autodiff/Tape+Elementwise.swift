extension Tape {
  /// a + b.
  public func sum(_ a: Tensor, _ b: Tensor) -> Tensor {
    requireEqualShapes(a, b)
    let y = make(a.rowCount, a.columnCount, from: a, b)
    nonisolated(unsafe) let (source, other, target) = (a.value, b.value, y.value)
    forEachBlock(y.count) { range in
      for i in range { target[i] = source[i] + other[i] }
    }
    record(y) { gradient in
      for input in [a, b] where input.needsGradient {
        write(gradient, count: y.count, to: input.gradientToWrite())
      }
    }
    return y
  }

  /// a − b.
  public func difference(_ a: Tensor, _ b: Tensor) -> Tensor {
    requireEqualShapes(a, b)
    let y = make(a.rowCount, a.columnCount, from: a, b)
    nonisolated(unsafe) let (source, other, target) = (a.value, b.value, y.value)
    forEachBlock(y.count) { range in
      for i in range { target[i] = source[i] - other[i] }
    }
    record(y) { gradient in
      for (input, sign) in [(a, 1), (b, -1)] as [(Tensor, Float)] where input.needsGradient {
        write(gradient, scaledBy: sign, count: y.count, to: input.gradientToWrite())
      }
    }
    return y
  }

  /// a ⊙ b, element by element.
  public func multiplied(_ a: Tensor, _ b: Tensor) -> Tensor {
    requireEqualShapes(a, b)
    let y = make(a.rowCount, a.columnCount, from: a, b)
    nonisolated(unsafe) let (source, other, target) = (a.value, b.value, y.value)
    forEachBlock(y.count) { range in
      for i in range { target[i] = source[i] * other[i] }
    }
    record(y) { gradient in
      nonisolated(unsafe) let gradient = gradient
      for (input, factor) in [(a, other), (b, source)] where input.needsGradient {
        let (base, accumulates) = input.gradientToWrite()
        nonisolated(unsafe) let (factor, result) = (factor, base)
        forEachBlock(y.count) { range in
          if accumulates {
            for i in range { result[i] += factor[i] * gradient[i] }
          } else {
            for i in range { result[i] = factor[i] * gradient[i] }
          }
        }
      }
    }
    return y
  }

  /// s·x for a number s that may be trained.
  ///
  /// - Shapes: s is 1 × 1.
  public func scaledByScalar(_ x: Tensor, by s: Tensor) -> Tensor {
    let scale = s.scalar
    let y = make(x.rowCount, x.columnCount, from: x, s)
    write(x.value, scaledBy: scale, count: x.count, to: (y.value, false))
    record(y) { gradient in
      nonisolated(unsafe) let (gradient, source) = (gradient, x.value)
      if x.needsGradient {
        write(gradient, scaledBy: scale, count: x.count, to: x.gradientToWrite())
      }
      if s.needsGradient {
        s.gradientToAddTo()[0] += Float(
          blockSum(x.count) { range in
            var sum = 0.0
            for i in range { sum += Double(source[i]) * Double(gradient[i]) }
            return sum
          })
      }
    }
    return y
  }

  /// x as a constant: no gradient flows back through it. Nothing is copied.
  public func detached(_ x: Tensor) -> Tensor {
    let view = rows(0..<x.rowCount, of: x)
    view.needsGradient = false
    return view
  }
}

private func requireEqualShapes(_ a: Tensor, _ b: Tensor) {
  precondition(
    a.rowCount == b.rowCount && a.columnCount == b.columnCount,
    "\(a.rowCount) x \(a.columnCount) and \(b.rowCount) x \(b.columnCount)")
}
