import Foundation

extension TheoremChecks {
  /// Equation 13: the best rank under a penalty per direction.
  ///
  ///     min over k of Σ_{i>k} σᵢ² + penalty·k  is reached at  k* = #{i : σᵢ² > penalty}
  ///
  /// Verdict: `holds` iff a search over all ranks gives k* for each of 60 penalties from 1e-8 to
  /// 2 times σ₁²; `not applicable` when σ₁ = 0.
  ///
  /// - Complexity: O(60·min(p, q)).
  /// - Reference: [CLEAR26], Equation 13.
  public static func equation13(_ evidence: TheoremEvidence) -> TheoremVerdict {
    let sigma = evidence.singularValues
    let largest = sigma.first ?? 0
    let penalties = (0..<60).map { step in
      largest * largest * pow(10, -8 + (8 + log10(2.0)) * Double(step) / 59)
    }
    let pairs = penalties.map { (search: searchedRank(sigma, $0), closed: closedRank(sigma, $0)) }
    let wrong = pairs.count { $0.search != $0.closed }
    let check = TheoremVerdict.Check.equal(
      "penalties (of 60) where a search over all ranks differs from k*",
      largest > 0 ? Double(wrong) : nil, 0, tolerance: 0)
    return TheoremVerdict(
      id: "equation-13", title: "Optimal rank under a penalty",
      statement: "The rank that balances energy left over against a penalty per direction is the "
        + "number of σᵢ² above the penalty.",
      verdict: check.verdict, measured: check.measured, tolerance: 0,
      measure: "penalties, of 60, where a search over all ranks disagrees; none for the claim",
      explanation: largest > 0
        ? "Searching all ranks agreed with the closed form for \(60 - wrong) of 60 penalties; k* "
          + "goes from \(pairs.first?.closed ?? 0) at 1e-8 σ₁² to \(pairs.last?.closed ?? 0) at "
          + "2 σ₁²."
        : "The modalities do not covary at all, so every rank leaves the same energy.",
      checks: [check])
  }

  /// The smallest rank that minimises the objective, by evaluating it for every rank.
  package static func searchedRank(_ sigma: [Double], _ penalty: Double) -> Int {
    // Summed from the tail so that small values are not lost beside large ones.
    var left = [Double](repeating: 0, count: sigma.count + 1)
    for index in sigma.indices.reversed() {
      left[index] = left[index + 1] + sigma[index] * sigma[index]
    }
    var best = 0
    var bestValue = left[0]
    for rank in 1..<left.count {
      let value = left[rank] + penalty * Double(rank)
      if value < bestValue { (best, bestValue) = (rank, value) }
    }
    return best
  }

  /// #{i : σᵢ² > penalty}.
  package static func closedRank(_ sigma: [Double], _ penalty: Double) -> Int {
    sigma.count { $0 * $0 > penalty }
  }
}
