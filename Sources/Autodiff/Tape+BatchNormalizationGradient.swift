internal import CAutodiff

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
    let columns = StandardColumns(x, unit: scratch(n * m), inverse: scratch(m), epsilon: epsilon)
    let (eMean, eAlong) = columns.pullBack(e.value, scale: scale, into: (v.value, false))

    record(v) { gradient in
      let (mean, along) = columns.pullBack(
        gradient, scale: scale, into: e.needsGradient ? e.gradientToWrite() : nil)
      guard scale.needsGradient || x.needsGradient else { return }
      let rest = columns.pullBackTwice(
        gradient, mean: mean, along: along, upstream: e.value, mean: eMean, along: eAlong,
        scale: scale, into: x.needsGradient ? x.gradientToAddTo() : nil)
      guard scale.needsGradient else { return }
      let result = scale.gradientToAddTo()
      for c in 0..<m {
        result[c] += Float(
          Double(n) * Double(columns.inverse[c]) * (rest[c] - along[c] * eAlong[c]))
      }
    }
    return v
  }
}

extension StandardColumns {
  /// Adds the gradient of x, for a gradient w of v, to `result`, if it is wanted.
  ///
  /// - Parameters:
  ///   - mean, along: Column means of w and of w ⊙ u, then those of the upstream e.
  /// - Returns: p − w̄ē for every column.
  fileprivate func pullBackTwice(
    _ gradient: UnsafePointer<Float>, mean: [Double], along: [Double],
    upstream: UnsafePointer<Float>, mean upstreamMean: [Double], along upstreamAlong: [Double],
    scale: Tensor, into result: UnsafeMutablePointer<Float>?
  ) -> [Double] {
    let (n, m) = (rowCount, columnCount)
    nonisolated(unsafe) let (gradient, upstream, result) = (gradient, upstream, result)
    nonisolated(unsafe) let (unit, inverse, gamma) = (unit, inverse, scale.value)
    return inStrips(m) { first, width, rest, _ in
      let strip = first..<first + width
      ad_standardize_columns_twice_back(
        gradient + first, upstream + first, unit + first, n, m, width, gamma + first,
        inverse + first, Array(mean[strip]), Array(along[strip]), Array(upstreamMean[strip]),
        Array(upstreamAlong[strip]), result.map { $0 + first }, rest)
    }.first
  }
}
