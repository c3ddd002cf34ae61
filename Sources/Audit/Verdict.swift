import Redundancy

/// The report in plain words, computed by stated rules from paired evidence alone.
public struct Verdict: Codable, Sendable, Equatable {
  /// How much of the modalities' neighbourhoods repeats.
  public enum Redundancy: String, Codable, Sendable {
    /// Nothing paired was measured.
    case undetermined
    /// The overlap of neighbourhoods is within three standard errors of chance.
    case none
    /// Above chance, below 5 % of neighbours.
    case small
    /// 5 % to 25 % of neighbours.
    case moderate
    /// At least 25 % of neighbours.
    case large
  }

  /// One sentence with the number behind it.
  public struct Finding: Codable, Sendable, Equatable {
    public let text: String
    public let diagnostic: Diagnostic
    public let pairing: Pairing
  }

  public let redundancy: Redundancy
  /// The verdict in one sentence.
  public let headline: String
  /// What it rests on, and what else is worth knowing.
  public let findings: [Finding]
}

extension Verdict {
  /// The list length at which neighbourhoods are judged, or the longest one below it.
  static let judgedLength = 20

  /// Applies the rules to what was measured.
  ///
  /// Redundancy is judged on one paired number: the mean overlap of the two lists of 20 nearest
  /// neighbours (the longest measured length up to 20), against chance and its standard error.
  /// Marginal numbers are reported as findings and never move the verdict.
  package init(
    names: [String], overlap: [RetrievalOverlap]?, spectrum: CovarianceSpectrum?,
    similarity: Similarity?, fisher: [FisherDiscriminantRatio]?, tsne: MapComparison?,
    theorems: [TheoremVerdict]?
  ) {
    let judged = overlap?.filter { $0.k <= Self.judgedLength }.max { $0.k < $1.k }
      ?? overlap?.min { $0.k < $1.k }
    redundancy = judged.map(Self.judge) ?? .undetermined
    headline = Self.headline(redundancy, judged: judged, names: names)
    findings =
      [spectrum.map(Self.finding), similarity.flatMap(Self.finding)].compactMap { $0 }
      + (fisher ?? []).compactMap(Self.finding)
      + [tsne.map(Self.finding), theorems.map(Self.finding)].compactMap { $0 }
  }

  private static func judge(_ overlap: RetrievalOverlap) -> Redundancy {
    guard overlap.mean - 3 * (overlap.standardError ?? 0) > overlap.random else { return .none }
    if overlap.mean >= 0.25 { return .large }
    return overlap.mean >= 0.05 ? .moderate : .small
  }

  private static func headline(
    _ redundancy: Redundancy, judged: RetrievalOverlap?, names: [String]
  ) -> String {
    guard let judged else {
      return "No verdict: without the retrieval overlap there is no paired evidence to judge by."
    }
    let evidence =
      "of the \(judged.k) items nearest by \(names[1]), \(percent(judged.mean)) are also among the "
      + "\(judged.k) nearest by \(names[0]) (chance \(percent(judged.random)), lift "
      + "\(significant(judged.lift)))"
    return switch redundancy {
    case .undetermined, .none: "No redundancy of neighbourhoods was found: \(evidence)."
    case .small: "The modalities repeat little of each other: \(evidence)."
    case .moderate: "The modalities partly repeat each other: \(evidence)."
    case .large: "The modalities largely repeat each other: \(evidence)."
    }
  }

  private static func finding(_ spectrum: CovarianceSpectrum) -> Finding {
    let above =
      spectrum.directionsAboveNoise == 1
      ? "One shared direction stands above the noise edge"
      : "\(spectrum.directionsAboveNoise) shared directions stand above the noise edge"
    let held = spectrum.rank90.map { "; \($0) hold 90 % of the squared covariance" } ?? ""
    return Finding(text: "\(above)\(held).", diagnostic: .spectrum, pairing: .paired)
  }

  private static func finding(_ similarity: Similarity) -> Finding? {
    similarity.linearCKA.map {
      Finding(
        text: "Debiased linear CKA is \(significant($0)) (0 for independent features, 1 for equal "
          + "ones up to rotation and scale).",
        diagnostic: .similarity, pairing: .paired)
    }
  }

  private static func finding(_ fisher: FisherDiscriminantRatio) -> Finding? {
    guard let ratio = fisher.medianRatio else { return nil }
    let consequence =
      ratio < 1
      ? "separate the classes worse than the rest, so damping them costs little class information"
      : "separate the classes better than the rest, so damping them costs class information"
    return Finding(
      text: "In \(fisher.modality) the shared directions \(consequence) (median FDR∥/FDR⊥ "
        + "\(significant(ratio))).",
      diagnostic: .fisher, pairing: .paired)
  }

  private static func finding(_ maps: MapComparison) -> Finding {
    Finding(
      text: "On the map the modalities share \(percent(maps.before.overlap)) of their mass before "
        + "projection and \(percent(maps.after.overlap)) after (ceiling "
        + "\(percent(maps.before.ceiling))); this ignores the pairing and is no evidence of "
        + "redundancy.",
      diagnostic: .tsne, pairing: .marginal)
  }

  private static func finding(_ theorems: [TheoremVerdict]) -> Finding {
    let counts = Dictionary(grouping: theorems, by: \.verdict).mapValues(\.count)
    let parts = TheoremVerdict.Verdict.allCases.compactMap { outcome in
      counts[outcome].map { "\(outcome.rawValue) \($0)" }
    }
    return Finding(
      text: "Of \(theorems.count) statements of the paper on these features: "
        + parts.joined(separator: ", ") + ".",
      diagnostic: .theorems, pairing: .paired)
  }
}
