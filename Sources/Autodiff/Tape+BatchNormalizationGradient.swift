import LinearAlgebra

extension Tape {
  /// What batch normalisation hands back to its input for the gradient e of its output, as values
  /// that are differentiated again:
  ///
  ///     v = γτ ⊙ (e − ē − u ⊙ c),  u = (x − μ) ⊙ τ,  τ = 1/√(σ² + ε),  c = mean of e ⊙ u
  ///
  /// with means over the rows. For the gradient w of v, and with k and p the means of w ⊙ u and
  /// w ⊙ e, the pullback is
  ///
  ///     ∂e = γτ ⊙ (w − w̄ − u ⊙ k),  ∂γ = nτ ⊙ (p − w̄ē − kc)
  ///     ∂x = −γτ² ⊙ (c ⊙ (w − w̄) + k ⊙ (e − ē) + u ⊙ (p − w̄ē − 3kc))
  ///
  /// A gradient penalty needs it, for it penalises what the backward pass computes.
  ///
  /// - Shapes: x and `upstream` e are n × m; `scale` γ is 1 × m; the result is n × m.
  /// - Complexity: O(n·m).
  /// - Reference: [IS15]; [GAADC17] for the penalty.
  public func batchNormalizedGradient(
    _ x: Tensor, scale: Tensor, upstream e: Tensor, epsilon: Double = 1e-5
  ) -> Tensor {
    let (n, m) = (x.rowCount, x.columnCount)
    precondition(n > 0, "a batch of no rows")
    precondition(e.rowCount == n && e.columnCount == m, "upstream is not \(n) x \(m)")
    precondition(scale.count == m, "scale is not 1 x \(m)")
    let v = make(n, m, from: x, scale, e)
    nonisolated(unsafe) let (unit, inverse) = (scratch(n * m), scratch(m))
    nonisolated(unsafe) let (source, target) = (x.value, v.value)
    nonisolated(unsafe) let (gamma, upstream) = (scale.value, e.value)

    let mean = columnAverages(n, m) { row, sums in
      for c in 0..<m { sums[c] += Double(source[row * m + c]) }
    }
    let variance = columnAverages(n, m) { row, sums in
      for c in 0..<m {
        let part = Double(source[row * m + c]) - mean[c]
        sums[c] += part * part
      }
    }
    for c in 0..<m { inverse[c] = Float(1 / (variance[c] + epsilon).squareRoot()) }
    let centre = mean.map { Float($0) }
    forEachBlock(n, size: 256) { rows in
      for row in rows {
        for c in 0..<m {
          unit[row * m + c] = (source[row * m + c] - centre[c]) * inverse[c]
        }
      }
    }
    let (eMean, eAlong) = averages(of: upstream, along: unit, n, m)
    let (eCentre, eSlope) = (eMean.map { Float($0) }, eAlong.map { Float($0) })
    forEachBlock(n, size: 256) { rows in
      for row in rows {
        for c in 0..<m {
          let at = row * m + c
          target[at] =
            gamma[c] * inverse[c] * (upstream[at] - eCentre[c] - unit[at] * eSlope[c])
        }
      }
    }

    record(v) { gradient in
      nonisolated(unsafe) let gradient = gradient
      let (wMean, wAlong) = averages(of: gradient, along: unit, n, m)
      let (wCentre, wSlope) = (wMean.map { Float($0) }, wAlong.map { Float($0) })
      if e.needsGradient {
        nonisolated(unsafe) let result = e.gradientToAddTo()
        forEachBlock(n, size: 256) { rows in
          for row in rows {
            for c in 0..<m {
              let at = row * m + c
              result[at] +=
                gamma[c] * inverse[c] * (gradient[at] - wCentre[c] - unit[at] * wSlope[c])
            }
          }
        }
      }
      guard scale.needsGradient || x.needsGradient else { return }
      let product = columnAverages(n, m) { row, sums in
        for c in 0..<m {
          sums[c] += Double(gradient[row * m + c]) * Double(upstream[row * m + c])
        }
      }
      let rest = (0..<m).map { product[$0] - wMean[$0] * eMean[$0] }
      if scale.needsGradient {
        let result = scale.gradientToAddTo()
        for c in 0..<m {
          result[c] += Float(Double(n) * Double(inverse[c]) * (rest[c] - wAlong[c] * eAlong[c]))
        }
      }
      guard x.needsGradient else { return }
      let slope = (0..<m).map { Float(rest[$0] - 3 * wAlong[$0] * eAlong[$0]) }
      nonisolated(unsafe) let result = x.gradientToAddTo()
      forEachBlock(n, size: 256) { rows in
        for row in rows {
          for c in 0..<m {
            let at = row * m + c
            let ofW = eSlope[c] * (gradient[at] - wCentre[c])
            let ofE = wSlope[c] * (upstream[at] - eCentre[c])
            result[at] -=
              gamma[c] * inverse[c] * inverse[c] * (ofW + ofE + unit[at] * slope[c])
          }
        }
      }
    }
    return v
  }
}

/// The column means of e and of e ⊙ u.
private func averages(
  of e: UnsafePointer<Float>, along u: UnsafePointer<Float>, _ n: Int, _ m: Int
) -> (mean: [Double], along: [Double]) {
  nonisolated(unsafe) let (e, u) = (e, u)
  let mean = columnAverages(n, m) { row, sums in
    for c in 0..<m { sums[c] += Double(e[row * m + c]) }
  }
  let along = columnAverages(n, m) { row, sums in
    for c in 0..<m { sums[c] += Double(e[row * m + c]) * Double(u[row * m + c]) }
  }
  return (mean, along)
}

private func columnAverages(
  _ n: Int, _ m: Int,
  _ body: @Sendable (_ row: Int, _ sums: UnsafeMutableBufferPointer<Double>) -> Void
) -> [Double] {
  columnTotals(n, m, body).map { $0 / Double(n) }
}
