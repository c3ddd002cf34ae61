import Foundation

/// The regularized incomplete beta function
///
///     I_x(a, b) = 1/B(a, b) · ∫₀ˣ t^(a−1)·(1−t)^(b−1) dt
///
/// by its continued fraction, with the symmetry I_x(a, b) = 1 − I_{1−x}(b, a) where that converges
/// sooner.
///
/// - Precondition: a and b are positive and x lies in 0...1.
/// - Complexity: O(√max(a, b)) steps.
/// - Reference: [AS64], 26.5.8; [Lentz76].
public func regularizedIncompleteBeta(_ a: Double, _ b: Double, at x: Double) -> Double {
  precondition(a > 0 && b > 0 && (0...1).contains(x), "I_\(x)(\(a), \(b)) is not defined")
  guard x > 0, x < 1 else { return x }
  let logFront =
    logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x)
  let front = exp(logFront)
  return x < (a + 1) / (a + b + 2)
    ? front / a * betaFraction(a, b, x) : 1 - front / b * betaFraction(b, a, 1 - x)
}

/// The continued fraction of I_x(a, b), by Lentz's method.
private func betaFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
  // Keeps a vanishing denominator from dividing.
  func guarded(_ value: Double) -> Double { abs(value) < 1e-300 ? 1e-300 : value }
  var c = 1.0
  var d = 1 / guarded(1 - (a + b) * x / (a + 1))
  var value = d
  for step in 1...100_000 {
    let m = Double(step)
    let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    var factor = 1.0
    for coefficient in [even, odd] {
      d = 1 / guarded(1 + coefficient * d)
      c = guarded(1 + coefficient / c)
      factor = c * d
      value *= factor
    }
    if abs(factor - 1) < 1e-15 { break }
  }
  return value
}

/// ln Γ(x) for positive x.
///
/// The C library's is not safe on several threads, as it leaves the sign in a global.
private func logGamma(_ x: Double) -> Double {
  var sign: Int32 = 0
  return lgamma_r(x, &sign)
}
