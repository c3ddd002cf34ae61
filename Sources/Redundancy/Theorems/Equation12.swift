extension TheoremChecks {
  /// Equation 12: the covariance has no more directions than there are categories.
  ///
  /// Verdict: `holds` iff the numerical rank, the number of σᵢ > 1e-10 σ₁, is at most the number of
  /// classes; `not applicable` without classes or covariance. Effective ranks are measured beside
  /// it: the stable rank Σσ²/σ₁² and the smallest number of directions with 90 % of Σσ².
  ///
  /// - Complexity: O(min(p, q)).
  /// - Reference: [CLEAR26], Equation 12; [RV07b] for the stable rank.
  public static func equation12(_ evidence: TheoremEvidence) -> TheoremVerdict {
    let ranks = EffectiveRanks(evidence.singularValues)
    let classCount = evidence.context.classes.map { Set($0.filter { $0 >= 0 }).count }
    let bound = classCount.map(Double.init)
    let checks: [TheoremVerdict.Check] = [
      .atMost("numerical rank of C", ranks.map { Double($0.numerical) }, bound),
      .atMost("stable rank Σσ²/σ₁²", ranks?.stable, bound),
      .atMost("directions with 90 % of Σσ²", ranks.map { Double($0.ninetyPercent) }, bound),
    ]
    let effective =
      "its stable rank is \(words(ranks?.stable)), and \(ranks?.ninetyPercent ?? 0) directions "
      + "hold 90 % of Σσ²"
    let explanation =
      if ranks == nil {
        "The modalities do not covary at all."
      } else if let classCount {
        "C has numerical rank \(ranks?.numerical ?? 0) of at most \(evidence.singularValues.count) "
          + "with \(classCount) classes (\(evidence.context.classDescription)); \(effective)."
      } else {
        "There are no classes to compare with. C has numerical rank \(ranks?.numerical ?? 0); "
          + "\(effective)."
      }
    return TheoremVerdict(
      id: "equation-12", title: "Low rank of the covariance",
      statement: "The rank of the covariance is at most the number of categories.",
      verdict: checks[0].verdict, measured: checks[0].measured, tolerance: bound,
      measure: "numerical rank (σᵢ > 1e-10 σ₁); at most the number of classes",
      explanation: explanation, checks: checks)
  }
}

/// Three ways to count the directions of a spectrum.
private struct EffectiveRanks {
  let numerical: Int
  let stable: Double
  let ninetyPercent: Int

  /// Nil for a spectrum of zeros.
  init?(_ sigma: [Double]) {
    guard let largest = sigma.first, largest > 0 else { return nil }
    numerical = sigma.count { $0 > 1e-10 * largest }
    let total = sigma.reduce(0) { $0 + $1 * $1 }
    stable = total / (largest * largest)
    var sum = 0.0
    let index = sigma.firstIndex {
      sum += $0 * $0
      return sum >= 0.9 * total
    }
    ninetyPercent = (index ?? sigma.count - 1) + 1
  }
}
