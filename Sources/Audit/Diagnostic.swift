import Redundancy

/// The diagnostics of a report, in the order in which a page shows them.
public enum Diagnostic: String, CaseIterable, Codable, Sendable {
  case quality, spectrum, overlap, classes, similarity, pairs, cost, information, fisher, swd, tsne
  case theorems
}

extension Diagnostic {
  /// The key of this diagnostic in `report.json`.
  public var reportKey: String {
    switch self {
    case .overlap: "retrievalOverlap"
    case .swd: "slicedWasserstein"
    default: rawValue
    }
  }
}

/// What a diagnostic is, in words: the page, the schema and the tests read it from here.
public struct DiagnosticCard: Sendable {
  /// Heading.
  public let title: String
  /// The question it answers.
  public let question: String
  /// Whether it uses which rows belong together; nil for what is no comparison.
  public let pairing: Pairing?
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
    case .quality:
      DiagnosticCard(
        title: "Data quality",
        question: "Can these features be believed?",
        pairing: nil,
        formula: "suspicious: missing rows, rows equal to the mean, one vector of max(5, n/1000) items",
        source: "[RNI10] for hubs",
        reading:
          "What was found, the worst first, and what to do about it. Where items are missing, imputed "
          + "or share one vector, the headline numbers are measured again without them: a number that "
          + "moves was about the defect, not about the content.",
        caveats:
          "Ordinary pairs of duplicates stay: shops do sell the same thing twice. Near duplicates and "
          + "hubs are seen only where neighbours were searched.")
    case .classes:
      DiagnosticCard(
        title: "Class by class",
        question: "Where is the redundancy?",
        pairing: .paired,
        formula: "overlap_c(K) = mean over the items i of class c of |A_K(i) ∩ B_K(i)| / K",
        source: "Figure 1, within classes",
        reading:
          "Classes with the largest overlap come first. Beside it: how many neighbours are of the "
          + "item's own class in either modality and among the common ones, and which share of the "
          + "energy along the shared directions the class holds.",
        caveats:
          "Small classes have large errors and are counted together below ten items. Classes that "
          + "come from clustering one modality favour that modality.")
    case .pairs:
      DiagnosticCard(
        title: "All pairs of modalities",
        question: "Which modalities repeat each other?",
        pairing: .paired,
        formula: "p̃ = (1 + #{max over pairs of z_null ≥ z}) / (K + 1)",
        source: "[GWB26], [WY93]; the stacked projection, Section 3.5",
        reading:
          "The p-values are corrected for the choice among the pairs. The stacked projection takes the "
          + "directions that each modality shares with all the others at once; the last columns say "
          + "what it leaves of each pair's squared covariance, against a projection fitted to the "
          + "pair alone.",
        caveats: "The other sections are about the first two modalities.")
    case .cost:
      DiagnosticCard(
        title: "What the projection costs",
        question: "What is lost with the shared directions, and would other directions do?",
        pairing: .paired,
        formula: "x̃ = x − λ A(Bᵀx), rank k and strength λ the same for all",
        source: "[CLEAR26]; canonical directions, [Hot36]; least-squares erasure, [BSRCRB23]",
        reading:
          "Each row damps as many directions, chosen in another way. Read down a column: a good choice "
          + "leaves little shared covariance and overlap, and costs little variance, few neighbours "
          + "and little accuracy of the label probes. Random directions are the yardstick.",
        caveats:
          "For λ < 1 the map is invertible, so an unregularised linear probe could not change; the "
          + "ridge probe says what becomes weak, not what vanishes. Neighbours are those of a sample "
          + "of anchors.")
    case .information:
      DiagnosticCard(
        title: "Information about a task",
        question: "What do both modalities say about a task, what only one, and what only both "
          + "together?",
        pairing: .paired,
        formula: "I(V,T;Y) = redundant + unique_V + unique_T + synergistic",
        source: "[BROJA14]; co-information, [McG54]; Equation 2",
        reading:
          "Bits about the task after each modality was made discrete. Redundant bits are said by "
          + "either modality alone, synergistic ones only by both together. Co-information is their "
          + "difference, so it can be negative.",
        caveats:
          "The bits are those of the discrete symbols, not of the features, and sampling inflates "
          + "them, most of all the synergistic part.")
    case .spectrum:
      DiagnosticCard(
        title: "Covariance spectrum",
        question: "How many directions do the two modalities share, and how strongly?",
        pairing: .paired,
        formula: "C = V̄ᵀT̄ / N = U Σ Wᵀ,   x̃ = x (I − λ U_k U_kᵀ)",
        source: "Equations 3–5, 9, 10, 12 and 13; Figure 5",
        reading:
          "Each singular value σᵢ is the covariance of one pair of directions. Directions above the "
          + "dotted noise edge are stronger than independent features of the same scale would give; "
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
