import Foundation
import LinearAlgebra
import Statistics

/// A random matrix F with E[F·Fᵀ] = I and F·Fᵀ·ν a Wishart matrix of ν degrees of freedom.
///
/// For ν ≥ order it is triangular: normal numbers below the diagonal and roots of χ² with
/// ν, ν − 1, … degrees of freedom on it, so that a draw costs order²/2 numbers however large ν is.
/// Below that it is order × ⌈ν⌉ normal numbers.
///
/// - Precondition: ν is at least 1.
/// - Complexity: O(order·min(order, ν)).
/// - Reference: [OF66].
package func wishartFactor(
  order: Int, freedom: Double, using generator: inout some RandomNumberGenerator
) -> Matrix<Double> {
  precondition(freedom >= 1, "a Wishart matrix has a degree of freedom, got \(freedom)")
  guard freedom >= Double(order) else {
    let columns = Int(freedom.rounded(.up))
    let scale = 1 / Double(columns).squareRoot()
    return Matrix(
      rowCount: order, columnCount: columns,
      elements: generator.normals(order * columns).map { $0 * scale })
  }
  let scale = 1 / freedom.squareRoot()
  let normals = generator.normals(order * (order - 1) / 2)
  var next = 0
  var factor = Matrix<Double>(rowCount: order, columnCount: order)
  for row in 0..<order {
    for column in 0..<row {
      factor.elements[row * order + column] = normals[next] * scale
      next += 1
    }
    factor.elements[row * order + row] =
      chiSquare(freedom - Double(row), using: &generator).squareRoot() * scale
  }
  return factor
}

/// A number from the χ² distribution with any positive degrees of freedom, by rejection from a
/// cubed normal number.
///
/// - Reference: [MT00].
package func chiSquare(
  _ freedom: Double, using generator: inout some RandomNumberGenerator
) -> Double {
  let shape = freedom / 2
  guard shape >= 1 else {
    // Γ(a) is Γ(a + 1) times a power of a uniform number.
    let boost = pow(1 - generator.uniform(), 1 / shape)
    return chiSquare(freedom + 2, using: &generator) * boost
  }
  let d = shape - 1.0 / 3
  let c = 1 / (9 * d).squareRoot()
  while true {
    let x = generator.normals(1)[0]
    let cube = (1 + c * x) * (1 + c * x) * (1 + c * x)
    guard cube > 0 else { continue }
    // From (0, 1], so that the logarithm is finite.
    let u = 1 - generator.uniform()
    if log(u) < x * x / 2 + d - d * cube + d * log(cube) { return 2 * d * cube }
  }
}
