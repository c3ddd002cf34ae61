import Foundation
import LinearAlgebra

/// A point of a ``MarginalProgram`` with its potentials ν and slacks z of q ≥ 0.
struct InteriorPoint {
  private(set) var q: [Double]
  private(set) var potentials: [Double]
  private var slacks: [Double]

  init(_ program: MarginalProgram) {
    q = program.start
    potentials = [Double](repeating: 0, count: program.marginals.count)
    slacks = [Double](repeating: 1, count: q.count)
  }

  /// One Newton step towards ∇f = Aᵀν + z, A·q = b, q·z = μ with μ = `centering` · mean(q·z).
  ///
  /// The Hessian is diag(1/q) − 1·1ᵀ/s within each (v, t). With z/q on its diagonal it is inverted
  /// by one rank-one correction for each, whose denominator Σ q·z/(1 + z) has no cancellation; what
  /// remains is a system in the marginals.
  ///
  /// - Returns: The share of the step that could be taken; nil when rounding allows none.
  mutating func advance(in program: MarginalProgram, centering: Double) -> Double? {
    let count = Double(max(q.count, 1))
    let target = centering * zip(q, slacks).reduce(0) { $0 + $1.0 * $1.1 } / count
    let spread = program.spread(potentials)
    let gradient = program.gradient(q)
    let force = q.indices.map { spread[$0] - gradient[$0] + target / q[$0] }
    let inverse = InverseHessian(program, q: q, slacks: slacks)
    let reached = program.marginals(of: q)
    let response = program.marginals(of: inverse.applied(to: force))
    let residual = program.marginals.indices.map {
      program.marginals[$0] - reached[$0] - response[$0]
    }
    guard let change = inverse.solving(residual) else { return nil }
    let pull = program.spread(change)
    let dq = inverse.applied(to: q.indices.map { force[$0] + pull[$0] })
    let dz = q.indices.map { target / q[$0] - slacks[$0] - slacks[$0] / q[$0] * dq[$0] }
    let primal = Self.length(q, dq)
    let dual = Self.length(slacks, dz)
    guard primal.isFinite, dual.isFinite else { return nil }
    for i in q.indices {
      q[i] += primal * dq[i]
      slacks[i] += dual * dz[i]
    }
    for row in potentials.indices { potentials[row] += dual * change[row] }
    return min(primal, dual)
  }

  /// The share of a step, at most 1, that stays inside.
  private static func length(_ values: [Double], _ changes: [Double]) -> Double {
    zip(values, changes).reduce(1) { length, pair in
      pair.1 < 0 ? min(length, -0.99 * pair.0 / pair.1) : pair.1.isNaN ? .nan : length
    }
  }
}

/// (∇²f + diag(z/q))⁻¹, and the inverse of A·(…)⁻¹·Aᵀ.
private struct InverseHessian {
  private let program: MarginalProgram
  /// q/(1 + z).
  private let diagonal: [Double]
  /// Σ q·z/(1 + z) for each (v, t).
  private let denominators: [Double]

  init(_ program: MarginalProgram, q: [Double], slacks: [Double]) {
    self.program = program
    diagonal = zip(q, slacks).map { $0 / (1 + $1) }
    denominators = program.pairSums(zip(diagonal, slacks).map { $0 * $1 })
  }

  func applied(to x: [Double]) -> [Double] {
    let scaled = zip(diagonal, x).map { $0 * $1 }
    let sums = program.pairSums(scaled)
    return scaled.indices.map { i in
      let pair = program.cells[i].pair
      return scaled[i] + diagonal[i] * sums[pair] / denominators[pair]
    }
  }

  /// The solution of A·(…)⁻¹·Aᵀ·x = b, or nil when rounding has made it singular.
  func solving(_ b: [Double]) -> [Double]? {
    let order = b.count
    var system = Matrix<Double>(rowCount: order, columnCount: order)
    for (pair, cells) in program.pairs.enumerated() {
      let entries = cells.flatMap { i in program.cells[i].rows.map { (row: $0, cell: i) } }
      for a in entries {
        for b in entries {
          let coupling = diagonal[a.cell] * diagonal[b.cell] / denominators[pair]
          system[a.row, b.row] += coupling + (a.cell == b.cell ? diagonal[a.cell] : 0)
        }
      }
    }
    // Marginals of very different size are brought to one scale before they are factored.
    let scales = (0..<order).map { 1 / system[$0, $0].squareRoot() }
    for row in 0..<order {
      for column in 0..<order { system[row, column] *= scales[row] * scales[column] }
      system[row, row] += 1e-15
    }
    guard let factor = try? Cholesky(system) else { return nil }
    let right = Matrix(
      rowCount: order, columnCount: 1, elements: zip(b, scales).map { $0 * $1 })
    let x = factor.solvingLowerTransposed(factor.solvingLower(right)).elements
    return zip(x, scales).map { $0 * $1 }
  }
}
