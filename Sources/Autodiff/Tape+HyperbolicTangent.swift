internal import CAutodiff

extension Tape {
  /// tanh x.
  public func tanh(_ x: Tensor) -> Tensor {
    let y = make(x.rowCount, x.columnCount, from: x)
    nonisolated(unsafe) let (source, target) = (x.value, y.value)
    forEachBlock(y.count) { range in
      ad_tanh(source + range.lowerBound, range.count, target + range.lowerBound)
    }
    record(y) { gradient in
      nonisolated(unsafe) let gradient = gradient
      let (base, accumulates) = x.gradientToWrite()
      nonisolated(unsafe) let result = base
      forEachBlock(y.count) { range in
        if accumulates {
          for i in range { result[i] += gradient[i] * (1 - target[i] * target[i]) }
        } else {
          for i in range { result[i] = gradient[i] * (1 - target[i] * target[i]) }
        }
      }
    }
    return y
  }
}
