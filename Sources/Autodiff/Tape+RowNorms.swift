extension Tape {
  /// 1/max(‖x_r‖, floor) of every row r, n × 1: what rows of another matrix are divided by when
  /// they stand for those of x. Below the floor there is no gradient.
  ///
  /// - Complexity: O(elements).
  public func inverseRowNorms(_ x: Tensor, floor: Double = 1e-12) -> Tensor {
    let width = x.columnCount
    let y = make(x.rowCount, 1, from: x)
    nonisolated(unsafe) let (source, target) = (x.value, y.value)
    // In double precision throughout: of norms near the floor, single precision has no squares.
    @Sendable func norm(_ row: Int) -> Double {
      var sum = 0.0
      for i in row * width..<(row + 1) * width { sum += Double(source[i]) * Double(source[i]) }
      return sum.squareRoot()
    }
    forEachBlock(x.rowCount, size: 256) { rows in
      for row in rows { target[row] = Float(1 / max(norm(row), floor)) }
    }
    record(y) { gradient in
      nonisolated(unsafe) let (gradient, result) = (gradient, x.gradientToAddTo())
      forEachBlock(x.rowCount, size: 256) { rows in
        for row in rows {
          let norm = norm(row)
          guard norm > floor else { continue }
          let factor = -Double(gradient[row]) / (norm * norm * norm)
          for i in row * width..<(row + 1) * width {
            result[i] += Float(factor * Double(source[i]))
          }
        }
      }
    }
    return y
  }
}
