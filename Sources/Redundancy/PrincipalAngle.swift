import Foundation
import LinearAlgebra

/// The largest principal angle between two subspaces of one dimension, in degrees.
///
///     θ = atan2(σ_max(B − A·AᵀB), σ_min(AᵀB))
///
/// Its sine and cosine are both computed, so that it is accurate near 0 as well as near 90.
///
/// - Shapes: `a` and `b` are d × k with orthonormal columns, k ≥ 1.
/// - Range: 0 (the same subspace) to 90 (some direction of one is orthogonal to the other).
/// - Throws: ``LinearAlgebraError`` when a basis is not finite.
/// - Complexity: O(d·k²).
/// - Reference: [BG73].
public func largestPrincipalAngle(
  between a: Matrix<Double>, and b: Matrix<Double>
) throws(LinearAlgebraError) -> Double {
  precondition(
    a.rowCount == b.rowCount && a.columnCount == b.columnCount && a.columnCount >= 1,
    "bases of \(a.rowCount) x \(a.columnCount) and \(b.rowCount) x \(b.columnCount)")
  let cosines = product(a, .transposed, b, .none)
  let cosine = try singularValues(cosines).last ?? 0
  let sine = try singularValues(b - product(a, cosines)).first ?? 0
  return atan2(sine, cosine) * 180 / .pi
}
