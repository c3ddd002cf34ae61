import Foundation

/// σ(x) = 1/(1 + e⁻ˣ), without overflow.
package func logistic(_ x: Float) -> Float {
  let e = exp(-abs(x))
  return x >= 0 ? 1 / (1 + e) : e / (1 + e)
}

/// ln(1 + eˣ), without overflow.
package func softplus(_ x: Float) -> Float {
  max(x, 0) + log1p(exp(-abs(x)))
}
