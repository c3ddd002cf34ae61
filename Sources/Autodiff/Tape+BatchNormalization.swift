internal import CAutodiff

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
    let columns = StandardColumns(
      x, unit: scratch(n * m), inverse: scratch(m), epsilon: epsilon, scale: scale, shift: shift,
      into: y.value)
    for c in 0..<m {
      mean.value[c] = Float(columns.mean[c])
      variance.value[c] = Float(columns.variance[c])
    }
    record(y) { gradient in
      let (total, along) = columns.pullBack(
        gradient, scale: scale, into: x.needsGradient ? x.gradientToWrite() : nil)
      if shift.needsGradient {
        let result = shift.gradientToAddTo()
        for c in 0..<m { result[c] += Float(Double(n) * total[c]) }
      }
      if scale.needsGradient {
        let result = scale.gradientToAddTo()
        for c in 0..<m { result[c] += Float(Double(n) * along[c]) }
      }
    }
    return (y, mean, variance)
  }
}

/// The columns u = (x − μ)·τ, τ = 1/√(σ² + ε), and what is computed with them: always a strip of
/// columns at a time, which stays in cache, and every column from the first row to the last.
struct StandardColumns {
  /// μ and the biased σ² of every column.
  let mean: [Double]
  let variance: [Double]
  /// u, rows × columns.
  let unit: UnsafeMutablePointer<Float>
  /// τ.
  let inverse: UnsafeMutablePointer<Float>
  let rowCount: Int
  let columnCount: Int

  /// - Parameters:
  ///   - unit, inverse: Room for u and τ.
  ///   - y: Where γ ⊙ u + β goes, if it is wanted, for the scale γ and the shift β.
  init(
    _ x: Tensor, unit: UnsafeMutablePointer<Float>, inverse: UnsafeMutablePointer<Float>,
    epsilon: Double, scale: Tensor? = nil, shift: Tensor? = nil,
    into y: UnsafeMutablePointer<Float>? = nil
  ) {
    let (n, m) = (x.rowCount, x.columnCount)
    self.unit = unit
    self.inverse = inverse
    rowCount = n
    columnCount = m
    nonisolated(unsafe) let (source, unit, inverse) = (x.value, unit, inverse)
    nonisolated(unsafe) let (gamma, beta, target) = (scale?.value, shift?.value, y)
    let moments = inStrips(m) { first, width, mean, variance in
      ad_standardize_columns(
        source + first, n, m, width, epsilon, gamma.map { $0 + first }, beta.map { $0 + first },
        unit + first, target.map { $0 + first }, inverse + first, mean, variance)
    }
    mean = moments.first
    variance = moments.second
  }

  /// target (+)= γτ ⊙ (g − ḡ − u ⊙ k) for a gradient g, if there is a target.
  ///
  /// - Returns: ḡ and k, the column means of g and of g ⊙ u.
  func pullBack(
    _ gradient: UnsafePointer<Float>, scale: Tensor,
    into target: (base: UnsafeMutablePointer<Float>, accumulates: Bool)?
  ) -> (mean: [Double], along: [Double]) {
    let (n, m) = (rowCount, columnCount)
    nonisolated(unsafe) let (gradient, gamma, target) = (gradient, scale.value, target)
    nonisolated(unsafe) let (unit, inverse) = (unit, inverse)
    let means = inStrips(m) { first, width, mean, along in
      ad_standardize_columns_back(
        gradient + first, unit + first, n, m, width, gamma + first, inverse + first,
        target?.accumulates == true ? 1 : 0, target.map { $0.base + first }, mean, along)
    }
    return (means.first, means.second)
  }
}

/// Two numbers for each of m columns, which `body` writes for a strip of them.
func inStrips(
  _ m: Int,
  _ body: @Sendable (
    _ first: Int, _ width: Int, UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>
  ) -> Void
) -> (first: [Double], second: [Double]) {
  var (first, second) = ([Double](repeating: 0, count: m), [Double](repeating: 0, count: m))
  first.withUnsafeMutableBufferPointer { first in
    second.withUnsafeMutableBufferPointer { second in
      guard let firstBase = first.baseAddress, let secondBase = second.baseAddress else { return }
      nonisolated(unsafe) let (ofFirst, ofSecond) = (firstBase, secondBase)
      forEachBlock(m, size: Int(AD_STRIP)) { strip in
        let start = strip.lowerBound
        body(start, strip.count, ofFirst + start, ofSecond + start)
      }
    }
  }
  return (first, second)
}
