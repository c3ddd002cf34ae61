/// Numeric checks of the paper's Theorems 1 to 8 and Equations 2, 4, 12 and 13 on one data set.
///
/// "≫" is read as a ratio of at least 10, "≈" as a relative difference of at most 5 %. No verdict
/// is fixed: each follows from measured numbers by the rule in its function's documentation.
///
/// - Reference: [CLEAR26].
public enum TheoremChecks {
  /// All statements in the paper's order, theorems first.
  ///
  /// - Throws: ``TheoremError``, ``RedundancyError`` for input that does not fit together,
  ///   `LinearAlgebraError` when a decomposition does not converge or data is not finite.
  /// - Complexity: a handful of covariances, O(n·p·q) each; the whole grid of ranks and strengths
  ///   only where it is affordable.
  public static func all(_ context: TheoremContext) throws -> [TheoremVerdict] {
    let evidence = try TheoremEvidence(context)
    return [
      theorem1(evidence),
      proposition2(evidence),
      corollary3(evidence),
      try theorem4(evidence),
      try theorem5(evidence),
      try theorem6(evidence),
      corollary7(evidence),
      theorem8(evidence),
      equation2(evidence),
      equation4(evidence),
      equation12(evidence),
      equation13(evidence),
    ]
  }

  /// a ≫ b.
  static let muchGreater = 10.0
  /// a ≈ b, relative.
  static let approximately = 0.05
}
