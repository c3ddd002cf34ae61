import Foundation

/// The least information I_Q(V,T;Y) over the distributions Q with the (V,Y) and (T,Y) marginals of
/// a table, found by a primal-dual interior point method.
///
///     f(q) = Σ q log(q / (s·p(y))),  s(v,t) = Σ_y q(v,t,y),  A·q = b,  q > 0
///
/// ∇f = log(q/(s·p)) and f is homogeneous, so that for every potentials ν
///
///     f* ≥ b·ν − log max_{v,t} Σ_y p(y) exp((Aᵀν)(v,t,y)),
///
/// which certifies how far the best point is from the minimum.
///
/// - Reference: the program, [BROJA14]; its dual, [MTV18]; the method, [BV04], section 11.7.
struct LeastInformation {
  /// I* in bits.
  let value: Double
  /// `value` minus the best lower bound, in bits.
  let gap: Double
  /// Newton steps taken.
  let iterations: Int

  /// More steps than any table has been seen to need.
  static let iterationLimit = 100

  init(_ table: JointTable) {
    let program = MarginalProgram(table)
    let tolerance = PartialInformation.tolerance * log(2)
    var point = InteriorPoint(program)
    var best = Double.infinity
    var bound = -Double.infinity
    var centering = 0.1
    var steps = 0
    while true {
      // Comparisons with NaN are false: a point that rounding has spoilt changes nothing.
      let reached = program.information(point.q)
      let lower = program.lowerBound(point.potentials)
      if reached < best { best = reached }
      if lower > bound, lower.isFinite { bound = lower }
      guard best - bound > tolerance, steps < Self.iterationLimit,
        let length = point.advance(in: program, centering: centering)
      else { break }
      centering = length > 0.5 ? 0.1 : 0.5
      steps += 1
    }
    value = best / log(2)
    gap = max(0, best - bound) / log(2)
    iterations = steps
  }
}
