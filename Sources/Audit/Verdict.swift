import Redundancy

/// The report in plain words, computed by stated rules from calibrated, paired evidence alone.
public struct Verdict: Codable, Sendable, Equatable {
  /// How much of the modalities' neighbourhoods repeats.
  public enum Redundancy: String, Codable, Sendable {
    /// Nothing paired was measured.
    case undetermined
    /// No more than random pairings give.
    case none
    /// More than random pairings, and no more than pairings within the same class.
    case classOnly
    /// A calibrated score below 0.05.
    case small
    /// A calibrated score of 0.05 to 0.25.
    case moderate
    /// A calibrated score of at least 0.25.
    case large
  }

  /// What to do.
  public enum Advice: String, Codable, Sendable {
    case undetermined
    /// Suspicious items account for more than a fifth of the overlap beyond chance.
    case fixData
    /// There is nothing, or no more than the classes, to remove.
    case leave
    /// Directions stand above the null.
    case project
  }

  /// One sentence with the number behind it.
  public struct Finding: Codable, Sendable, Equatable {
    public let text: String
    public let diagnostic: Diagnostic
    /// Whether the number looks at which rows belong together; nil for the quality of the data.
    public let pairing: Pairing?
  }

  public let redundancy: Redundancy
  /// The verdict in one sentence.
  public let headline: String
  public let advice: Advice
  /// What to do, in one or two sentences.
  public let recommendation: String
  /// What it rests on, and what else is worth knowing.
  public let findings: [Finding]
}

extension Verdict {
  /// The list length at which neighbourhoods are judged, or the longest one below it.
  static let judgedLength = 20
  /// Share of the overlap beyond chance that suspicious items may account for.
  static let toleratedLoss = 0.2

  /// Applies the rules to what was measured.
  ///
  /// Redundancy is judged on one number: the mean overlap of the two lists of 20 nearest neighbours
  /// (the longest measured length up to 20). It is `none` when its p-value, corrected for the choice
  /// among the lengths, is above 0.05 under free relabelings, `classOnly` when that is so only
  /// within given classes, and otherwise graded by the calibrated score. Without relabelings the
  /// overlap itself takes the score's place, and three standard errors that of the p-value.
  ///
  /// The advice is `fixData` when more than a fifth of the overlap beyond chance is gone without
  /// the suspicious items, `leave` for `none` and `classOnly` or when no direction stands above the
  /// null, else `project`. Marginal numbers are findings and never move the verdict.
  package init(_ evidence: VerdictEvidence) {
    redundancy = Self.redundancy(evidence)
    headline = Self.headline(redundancy, evidence)
    advice = Self.advice(redundancy, evidence)
    recommendation = Self.recommendation(advice, redundancy, evidence)
    findings = Self.findings(evidence)
  }

  private static func redundancy(_ evidence: VerdictEvidence) -> Redundancy {
    guard let judged = evidence.judged else { return .undetermined }
    guard let free = evidence.calibrated?.free else {
      guard judged.mean - 3 * (judged.standardError ?? 0) > judged.random else { return .none }
      return graded(judged.mean)
    }
    guard (free.correctedPValue ?? free.pValue) <= 0.05 else { return .none }
    return evidence.exceedsClasses == false ? .classOnly : graded(free.score)
  }

  private static func graded(_ score: Double) -> Redundancy {
    if score >= 0.25 { return .large }
    return score >= 0.05 ? .moderate : .small
  }

  private static func advice(
    _ redundancy: Redundancy, _ evidence: VerdictEvidence
  ) -> Advice {
    if evidence.lostWithoutSuspicious ?? 0 > toleratedLoss { return .fixData }
    switch redundancy {
    case .undetermined: return .undetermined
    case .none, .classOnly: return .leave
    case .small, .moderate, .large:
      guard let rank = evidence.calibration?.rank else { return .undetermined }
      return rank.rank > 0 ? .project : .leave
    }
  }

  private static func headline(
    _ redundancy: Redundancy, _ evidence: VerdictEvidence
  ) -> String {
    guard let judged = evidence.judged else {
      return "No verdict: without the retrieval overlap there is no paired evidence to judge by."
    }
    let names = evidence.names
    let certainty = evidence.calibrated?.free.map {
      ", p = \(significant($0.correctedPValue ?? $0.pValue)), calibrated \(significant($0.score))"
    }
    let share =
      "of the \(judged.k) items nearest by \(names[1]), \(percent(judged.mean)) are also among the "
      + "\(judged.k) nearest by \(names[0]) (chance \(percent(judged.random)), lift "
      + "\(significant(judged.lift))\(certainty ?? ""))"
    return switch redundancy {
    case .undetermined, .none: "No redundancy of neighbourhoods was found: \(share)."
    case .classOnly: "The modalities repeat the classes and no more: \(share)."
    case .small: "The modalities repeat little of each other: \(share)."
    case .moderate: "The modalities partly repeat each other: \(share)."
    case .large: "The modalities largely repeat each other: \(share)."
    }
  }
}
