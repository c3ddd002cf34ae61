import Redundancy

/// The diagnostics of a report, in the order in which a page shows them.
public enum Diagnostic: String, CaseIterable, Codable, Sendable {
  case spectrum, overlap, swd, tsne, fisher, similarity, theorems
}

/// What a diagnostic is, in words: the page, the schema and the tests read it from here.
public struct DiagnosticCard: Sendable {
  /// Heading.
  public let title: String
  /// The question it answers.
  public let question: String
  /// Whether it uses which rows belong together.
  public let pairing: Pairing
  /// The formula it implements, in Unicode.
  public let formula: String
  /// Where the formula stands.
  public let source: String
  /// How to read the numbers.
  public let reading: String
  /// What the numbers do not say.
  public let caveats: String
}

extension Diagnostic {
  /// The card of this diagnostic.
  public var card: DiagnosticCard {
    switch self {
    case .spectrum:
      DiagnosticCard(
        title: "Covariance spectrum",
        question: "How many directions do the two modalities share, and how strongly?",
        pairing: .paired,
        formula: "C = V̄ᵀT̄ / N = U Σ Wᵀ,   x̃ = x (I − λ U_k U_kᵀ)",
        source: "Equations 3–5, 9, 10, 12 and 13; Figure 5",
        reading:
          "Each singular value σᵢ is the covariance of one pair of directions. Directions above the "
          + "dashed noise edge are stronger than independent features of the same scale would give; "
          + "a few of them holding most of Σσ² is what the projection removes.",
        caveats:
          "Independent noise also has a long-tailed spectrum at these shapes, so a bend in the curve "
          + "proves nothing. After projection σ₁…σ_k shrink by (1 − λ)² by construction "
          + "(Theorem 5): that part of the figure is arithmetic, not evidence. The noise edge is an "
          + "upper bound for independent Gaussian features with these covariances.")
    case .overlap:
      DiagnosticCard(
        title: "Retrieval overlap",
        question: "Do the two modalities retrieve the same neighbours?",
        pairing: .paired,
        formula: "ratio(K) = meanᵢ |A_K(i) ∩ B_K(i)| / K,   random = K / (N − 1)",
        source: "Figure 1",
        reading:
          "For every item, the K most similar other items by cosine in each modality; the ratio is "
          + "the share found by both. Lift is the ratio divided by what two random lists give.",
        caveats:
          "Items that share one imputed or duplicated vector in both modalities agree with each "
          + "other and can fake a lift. Lift cannot exceed (N − 1)/K. The densities of the scores "
          + "on the left ignore the pairing: similar scores do not mean similar neighbours.")
    case .swd:
      DiagnosticCard(
        title: "Sliced Wasserstein distance",
        question: "How far apart do the two clouds of features lie?",
        pairing: .marginal,
        formula: "SWD = (1/L) Σ_l W₁(θ_lᵀV, θ_lᵀT),   θ_l uniform on the unit sphere",
        source: "Equation 17",
        reading:
          "The mean over L random directions of the distance between the two projected samples, with "
          + "its Monte-Carlo standard error. Zero means equal distributions. Raw values have the "
          + "units of the features.",
        caveats:
          "It ignores which rows belong together: shuffling one modality leaves it unchanged, so it "
          + "says nothing about redundancy on its own. Damping directions shrinks the features, "
          + "which can lower the raw value; the rescaled rows remove that effect.")
    case .tsne:
      DiagnosticCard(
        title: "t-SNE of both modalities",
        question: "Do the two modalities occupy the same regions of one map?",
        pairing: .marginal,
        formula: "KL(P‖Q) minimised over the map;   Overlap = Σ_cells min(p, q)",
        source: "Figure 6",
        reading:
          "One map of all 2N points. Overlap is the shared mass of the two smoothed densities, 0 "
          + "(apart) to 1 (equal); the ceiling is what two halves of one modality reach, so compare "
          + "with that rather than with 1. Trustworthiness tells how far neighbours on the map can "
          + "be believed.",
        caveats:
          "Overlap ignores the pairing: shuffling one modality's rows leaves the map unchanged. "
          + "Maps distort distances, and clouds with different means or scales always fall apart.")
    case .fisher:
      DiagnosticCard(
        title: "Fisher discriminant ratios",
        question: "Do the shared directions carry the classes, or the rest?",
        pairing: .paired,
        formula: "FDR = ‖m₁ − m₂‖² / (Var₁ + Var₂), inside and outside span(U_k)",
        source: "Theorem 1",
        reading:
          "The median over class pairs of FDR∥/FDR⊥. Below 1 the shared directions separate the "
          + "classes worse than the rest; above 1 they separate them better, and damping them costs "
          + "class information. The percentile compares with 100 random subspaces of rank k.",
        caveats:
          "The answer depends on the classes. Content classes come from clustering one of the "
          + "modalities, which favours that modality's own strong directions.")
    case .similarity:
      DiagnosticCard(
        title: "Companion measures",
        question: "What do other measures of similarity say?",
        pairing: .paired,
        formula: "CKA = HSIC(V, T) / √(HSIC(V, V) HSIC(T, T))",
        source: "[KNLH19], [SSGBB12], [MZF24], [HCWI24]",
        reading:
          "Debiased linear CKA is 0 on average for independent features (and may be slightly "
          + "negative), 1 for features equal up to rotation and scale. Canonical correlations are "
          + "those of the best-matching directions after whitening with a ridge.",
        caveats:
          "The biased CKA grows with width over items and is shown only because others print it. "
          + "Canonical correlations are optimistic when widths are not small against N. The "
          + "modality gap ignores the pairing.")
    case .theorems:
      DiagnosticCard(
        title: "Theorems and equations",
        question: "Which statements of the paper are true on these features?",
        pairing: .paired,
        formula: "measured side against claimed side, with a tolerance",
        source: "Theorems 1–8, Equations 2, 4, 12 and 13",
        reading:
          "“Holds” and “fails” are computed from the numbers shown. “Premise not met” means that the "
          + "statement has a condition that this data does not satisfy; “not applicable” that it "
          + "needs something that is not there.",
        caveats:
          "Exact identities are checked to rounding; empirical claims are judged on this data set "
          + "alone, at this rank and strength.")
    }
  }
}
