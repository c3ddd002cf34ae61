import LinearAlgebra

extension TheoremChecks {
  /// Theorem 1: classes are hard to tell apart in the shared subspace.
  ///
  ///     FDR = ‖m₁ − m₂‖² / (Var₁ + Var₂);  the claim is FDR∥ ≪ FDR⊥
  ///
  /// Verdict: `holds` iff the median over class pairs of FDR∥/FDR⊥ is at most 0.1 in every
  /// modality where it is defined; `not applicable` when it is defined in none. Beside it: that
  /// every pair has FDR∥ < FDR⊥, that the ratio is below the 5th percentile of random subspaces of
  /// the same rank, and two identities that have to be exact, S_total = S_B + S_W in each subspace
  /// (1e-10 relative) and x∥·x⊥ = 0 (1e-12 relative).
  ///
  /// - Complexity: O(n·(p + q)·k).
  /// - Reference: [CLEAR26], Theorem 1.
  public static func theorem1(_ evidence: TheoremEvidence) -> TheoremVerdict {
    let context = evidence.context
    let bound = 1 / muchGreater
    var checks: [TheoremVerdict.Check] = []
    for summary in context.fisher {
      checks += [
        .atMost("\(summary.modality): median of FDR∥/FDR⊥", summary.medianRatio, bound),
        .atLeast("\(summary.modality): share of class pairs with FDR∥ < FDR⊥",
          summary.shareBelowOne, 1),
        .atMost("\(summary.modality): percentile of that median among random subspaces",
          summary.randomPercentile, 5),
      ]
    }
    let classes = evidence.classMembers(minimumCount: 10) ?? []
    let sides = [
      (context.first, evidence.covariance.firstMean, context.subspace.first),
      (context.second, evidence.covariance.secondMean, context.subspace.second),
    ]
    for (name, side) in zip(context.names, sides) {
      let identity = ScatterIdentity(
        side.0, center: side.1, basis: side.2.leadingColumns(context.rank),
        groups: classes.isEmpty ? [Array(0..<evidence.itemCount)] : classes)
      checks += [
        .atMost("\(name): |S_total − S_B − S_W| / S_total in the shared subspace",
          classes.isEmpty ? nil : identity.parallelError, 0, tolerance: 1e-10),
        .atMost("\(name): |S_total − S_B − S_W| / S_total outside it",
          classes.isEmpty ? nil : identity.perpendicularError, 0, tolerance: 1e-10),
        .atMost("\(name): largest |x∥·x⊥| / ‖x‖²", identity.orthogonalityError, 0,
          tolerance: 1e-12),
      ]
    }

    let medians = context.fisher.compactMap { summary in
      summary.medianRatio.map { (summary.modality, $0) }
    }
    let worst = medians.map(\.1).max()
    let verdict: TheoremVerdict.Verdict =
      worst.map { $0 <= bound ? .holds : .fails } ?? .notApplicable
    let numbers = medians.map { "\(words($0.1)) for \($0.0)" }.joined(separator: ", ")
    let explanation =
      worst == nil
      ? "There are no classes to tell apart, or no pair of them with scatter on both sides."
      : "With \(context.classDescription) as classes, the median over class pairs of FDR∥/FDR⊥ is "
        + "\(numbers); the claim needs \(bound) or less."
    return TheoremVerdict(
      id: "theorem-1", title: "Discriminability degradation",
      statement: "In the shared subspace two classes are far harder to tell apart than outside it: "
        + "the Fisher ratio there is much smaller.",
      verdict: verdict, measured: worst, tolerance: bound,
      measure: "largest over the modalities of the median over class pairs of FDR∥/FDR⊥; "
        + "at most 0.1 for the claim",
      explanation: explanation, checks: checks)
  }
}
