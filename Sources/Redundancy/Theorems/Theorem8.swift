import LinearAlgebra

extension TheoremChecks {
  /// Theorem 8: the projection strength trades redundancy against everything else.
  ///
  ///     ‖C̃‖_F² = (1 − λ)⁴R_k + Σ_{i>k} σᵢ²,  R_k = Σ_{i≤k} σᵢ²,  d/dλ = −4(1 − λ)³R_k
  ///
  /// C̃ = Q_v·C·Q_t is formed from the data's covariance.
  ///
  /// Verdict: `holds` iff the formula is within 1e-12 ‖C‖_F² over the grid, the derivative within
  /// 1e-6 of central differences at λ = 0.1 … 0.9 and zero at λ = 1 (so "negative" is true below 1
  /// only), and R_k grows with k; `not applicable` when the modalities do not covary. That varying
  /// λ traverses a Pareto frontier is about training runs and is not measured.
  ///
  /// - Complexity: O(p·q·k) for each of some 60 evaluations, or 30 where the grid is reduced.
  /// - Reference: [CLEAR26], Theorem 8 and Equations 49 to 51.
  public static func theorem8(_ evidence: TheoremEvidence) -> TheoremVerdict {
    let k = evidence.context.rank
    let whole = evidence.covariance.matrix.squaredNorm
    var formulaError = 0.0
    for rank in evidence.gridRanks {
      let damping = DampedCovariance(evidence, rank: rank)
      for strength in evidence.gridStrengths {
        let measured = damping.squaredNorm(strength: strength)
        let formula = dampedSingularValues(
          evidence.singularValues, rank: rank, strength: strength
        ).reduce(0) { $0 + $1 * $1 }
        formulaError = max(formulaError, abs(measured - formula))
      }
    }
    let removable = evidence.singularValues.prefix(k).reduce(0) { $0 + $1 * $1 }
    let damping = DampedCovariance(evidence, rank: k)
    let derivatives = (1...9).map { tenths in
      let strength = Double(tenths) / 10
      let exact = -4 * (1 - strength) * (1 - strength) * (1 - strength) * removable
      // A step in proportion to 1 − λ keeps the error of a quartic at 4e-8 of its slope.
      let measured = slope(damping, at: strength, step: 2e-4 * (1 - strength))
      return (measured: measured, error: ratio(abs(measured - exact), abs(exact)))
    }
    // An even function about λ = 1 has a zero difference for every step, so a wide one is best.
    let last = slope(damping, at: 1, step: 0.1)
    let removed = evidence.ranks.map { rank in
      whole - DampedCovariance(evidence, rank: rank).squaredNorm(strength: 1)
    }
    let increments = zip(removed, removed.dropFirst()).map { $1 - $0 }

    let error = ratio(formulaError, whole)
    var checks: [TheoremVerdict.Check] = [
      .atMost("largest error of the formula / ‖C‖_F²", error, 0, tolerance: 1e-12),
      .atMost("largest relative error of the derivative, λ = 0.1 … 0.9",
        derivatives.compactMap(\.error).max(), 0, tolerance: 1e-6),
      .atMost("largest derivative / ‖C‖_F², λ = 0.1 … 0.9: below zero",
        derivatives.map(\.measured).max().flatMap { ratio($0, whole) }, 0),
      .atMost("|derivative| / ‖C‖_F² at λ = 1", ratio(abs(last), whole), 0, tolerance: 1e-12),
      .atLeast("smallest growth of R_k / ‖C‖_F² from rank to rank",
        increments.min().flatMap { ratio($0, whole) }, 0, tolerance: 1e-12),
    ]
    let isExact = checks.noneFails
    checks.append(
      .atLeast("share of strengths on the Pareto frontier (needs training runs)", nil, 1))
    return TheoremVerdict(
      id: "theorem-8", title: "Soft projection as risk minimisation",
      statement: "The redundancy left after the projection is (1 − λ)⁴R_k plus the rest of the "
        + "spectrum and falls as λ grows; varying λ traverses the Pareto frontier.",
      verdict: whole > 0 ? (isExact ? .holds : .fails) : .notApplicable,
      measured: error, tolerance: 1e-12,
      measure: "largest error of the formula in units of ‖C‖_F²; at most the tolerance",
      explanation: whole > 0
        ? "The formula is off by \(words(error)) of ‖C‖_F², of which the first \(k) directions "
          + "hold \(words(ratio(100 * removable, whole))) %. The derivative is negative below "
          + "λ = 1 and zero there. The Pareto claim needs training runs and was not checked."
        : "The modalities do not covary at all, so there is nothing to damp.",
      checks: checks)
  }

  /// The slope of ‖C̃‖_F² in λ by a central difference.
  private static func slope(
    _ damping: DampedCovariance, at strength: Double, step: Double
  ) -> Double {
    let above = damping.matrix(strength: strength + step)
    let below = damping.matrix(strength: strength - step)
    // ‖A‖² − ‖B‖² = ⟨A − B, A + B⟩ keeps the digits that a difference of squares would lose.
    let difference = above.elements.withUnsafeBufferPointer { above in
      below.elements.withUnsafeBufferPointer { below in
        var sum = 0.0
        for index in 0..<above.count {
          sum += (above[index] - below[index]) * (above[index] + below[index])
        }
        return sum
      }
    }
    return difference / (2 * step)
  }
}

/// C̃ = Q_v·C·Q_t as a function of λ, with the data's covariance and the subspace under test.
private struct DampedCovariance {
  private let covariance: Matrix<Double>
  private let u: Matrix<Double>
  private let w: Matrix<Double>
  /// UᵀC, CW and UᵀCW.
  private let left: Matrix<Double>
  private let right: Matrix<Double>
  private let core: Matrix<Double>

  init(_ evidence: TheoremEvidence, rank: Int) {
    covariance = evidence.covariance.matrix
    u = evidence.context.subspace.first.leadingColumns(rank)
    w = evidence.context.subspace.second.leadingColumns(rank)
    left = product(u, .transposed, covariance, .none)
    right = product(covariance, w)
    core = product(u, .transposed, right, .none)
  }

  /// C − λU(UᵀC) − λ(CW − λU·UᵀCW)Wᵀ.
  func matrix(strength: Double) -> Matrix<Double> {
    var result = covariance
    result.subtract(product(u, left), times: strength)
    var half = right
    half.subtract(product(u, core), times: strength)
    result.subtract(product(half, .none, w, .transposed), times: strength)
    return result
  }

  func squaredNorm(strength: Double) -> Double { matrix(strength: strength).squaredNorm }
}
