import LinearAlgebra
import Redundancy

/// How much of the covariance between two modalities is left when both are damped.
///
///     C' = P·C·Rᵀ,  energy = ‖C'‖²_F / ‖C‖²_F,  leading = σ₁(C') / σ₁(C)
///
/// with P and R the maps of the first and of the second modality.
public struct SharedCovarianceLeft: Codable, Sendable, Equatable {
  /// Share of the squared covariance; an oblique map can exceed 1.
  public let energy: Double
  /// The leading singular value, as a share of the one before.
  public let leading: Double

  /// What `maps` leave of the covariance in `subspace`; nil when there is none to begin with.
  ///
  /// With C = U·diag(σ)·Wᵀ only coordinates in U and in the part of A outside it are needed: the
  /// core that is decomposed has r + k rows and columns, r = min(p, q).
  ///
  /// - Throws: ``LinearAlgebraError``.
  /// - Complexity: O((p + q)·r·k + (r + k)³).
  public init?(_ subspace: SharedSubspace, _ maps: DampingMaps) throws(LinearAlgebraError) {
    let values = subspace.singularValues
    let before = values.reduce(0) { $0 + $1 * $1 }
    guard before > 0 else { return nil }
    // Not left to rounding: an identity leaves everything.
    guard maps.first.strength > 0 || maps.second.strength > 0 else {
      energy = 1
      leading = 1
      return
    }
    var left = mapped(subspace.first, by: maps.first)
    for row in 0..<left.rowCount {
      for column in values.indices { left[row, column] *= values[column] }
    }
    let core = product(left, .none, mapped(subspace.second, by: maps.second), .transposed)
    energy = core.squaredFrobeniusNorm / before
    leading = (try singularValues(core).first ?? 0) / values[0]
  }
}

/// P·U in an orthonormal frame that starts with U itself, (r + k) × r.
private func mapped(_ basis: Matrix<Double>, by map: LowRankMap) -> Matrix<Double> {
  let reads = product(map.b, .transposed, basis, .none)
  let inside = product(basis, .transposed, map.a, .none)
  let outside = map.a - product(basis, inside)
  let frame = orthonormalBasis(outside)
  let beyond = product(frame, .transposed, outside, .none)
  var result = product(inside.stacked(above: beyond), reads)
  for index in result.elements.indices { result.elements[index] *= -map.strength }
  for i in 0..<basis.columnCount { result[i, i] += 1 }
  return result
}
