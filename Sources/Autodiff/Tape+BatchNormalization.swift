import LinearAlgebra

extension Tape {
  /// Every column of x with mean 0 and variance 1 over the rows, then scaled and shifted:
  ///
  ///     y = γ ⊙ (x − μ)/√(σ² + ε) + β,  μ and σ² the column means and variances of this x
  ///
  /// The gradient flows through μ and σ² too.
  ///
  /// - Shapes: x is n × m; `scale` γ and `shift` β are 1 × m.
  /// - Returns: y, n × m; μ and the biased variance σ² as constants, 1 × m.
  /// - Complexity: O(n·m).
  /// - Reference: [IS15], Algorithm 1.
  public func batchNormalized(
    _ x: Tensor, scale: Tensor, shift: Tensor, epsilon: Double = 1e-5
  ) -> (value: Tensor, mean: Tensor, variance: Tensor) {
    let (n, m) = (x.rowCount, x.columnCount)
    precondition(n > 0, "a batch of no rows")
    precondition(scale.count == m && shift.count == m, "scale and shift are not 1 x \(m)")
    let y = make(n, m, from: x, scale, shift)
    let (mean, variance) = (make(1, m, from: []), make(1, m, from: []))
    nonisolated(unsafe) let (unit, inverse) = (scratch(n * m), scratch(m))
    nonisolated(unsafe) let (source, target) = (x.value, y.value)
    nonisolated(unsafe) let (centre, gamma, beta) = (mean.value, scale.value, shift.value)

    let sums = columnTotals(n, m) { row, sums in
      for c in 0..<m { sums[c] += Double(source[row * m + c]) }
    }
    for c in 0..<m { centre[c] = Float(sums[c] / Double(n)) }
    let squares = columnTotals(n, m) { row, sums in
      for c in 0..<m {
        let part = Double(source[row * m + c]) - Double(centre[c])
        sums[c] += part * part
      }
    }
    for c in 0..<m {
      variance.value[c] = Float(squares[c] / Double(n))
      inverse[c] = Float(1 / (squares[c] / Double(n) + epsilon).squareRoot())
    }
    forEachBlock(n, size: 256) { rows in
      for row in rows {
        for c in 0..<m {
          let at = row * m + c
          unit[at] = (source[at] - centre[c]) * inverse[c]
          target[at] = gamma[c] * unit[at] + beta[c]
        }
      }
    }

    record(y) { [self] gradient in
      nonisolated(unsafe) let gradient = gradient
      let total = columnTotals(n, m) { row, sums in
        for c in 0..<m { sums[c] += Double(gradient[row * m + c]) }
      }
      let along = columnTotals(n, m) { row, sums in
        for c in 0..<m { sums[c] += Double(gradient[row * m + c]) * Double(unit[row * m + c]) }
      }
      if shift.needsGradient {
        let result = shift.gradientToAddTo()
        for c in 0..<m { result[c] += Float(total[c]) }
      }
      if scale.needsGradient {
        let result = scale.gradientToAddTo()
        for c in 0..<m { result[c] += Float(along[c]) }
      }
      guard x.needsGradient else { return }
      nonisolated(unsafe) let (means, slopes) = (scratch(m), scratch(m))
      for c in 0..<m {
        means[c] = Float(total[c] / Double(n))
        slopes[c] = Float(along[c] / Double(n))
      }
      nonisolated(unsafe) let result = x.gradientToAddTo()
      forEachBlock(n, size: 256) { rows in
        for row in rows {
          for c in 0..<m {
            let at = row * m + c
            result[at] +=
              gamma[c] * inverse[c] * (gradient[at] - means[c] - slopes[c] * unit[at])
          }
        }
      }
    }
    return (y, mean, variance)
  }
}
