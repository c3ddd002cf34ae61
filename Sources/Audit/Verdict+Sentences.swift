import Calibration
import DataQuality
import ProjectionCost
import Redundancy

// The sentences of a verdict beside its headline.

extension Verdict {
  static func recommendation(
    _ advice: Advice, _ redundancy: Redundancy, _ evidence: VerdictEvidence
  ) -> String {
    switch advice {
    case .undetermined:
      return redundancy == .undetermined
        ? "Measure the overlap to get one."
        : "No rank is recommended: that needs the spectrum of features, and relabelings "
          + "(--permutations)."
    case .fixData:
      let issue = evidence.quality?.issues.first.map { " \($0.finding) \($0.advice)" } ?? ""
      return "Fix the data first: without \(grouped(evidence.cleaned?.removed ?? 0)) suspicious items "
        + "\(percent(evidence.lostWithoutSuspicious ?? 0)) of the overlap beyond chance is gone."
        + issue
    case .leave:
      switch redundancy {
      case .none: return "Leave the features as they are: there is nothing to remove."
      case .classOnly:
        return "Leave the features as they are: what repeats is the class, and damping it would "
          + "cost what the classes say."
      default:
        return "Leave the features as they are: their neighbourhoods repeat each other, but no "
          + "linear direction stands above chance, so there is none to project away."
      }
    case .project: return projection(evidence)
    }
  }

  private static func projection(_ evidence: VerdictEvidence) -> String {
    guard let rank = evidence.calibration?.rank else { return "" }
    let ranks =
      rank.rank == rank.largestRank
      ? "k = \(rank.rank)" : "k in \(rank.rank) to \(rank.largestRank), the smaller first,"
    let strengths = rank.strengths.map {
      " and λ from \(significant($0.lower)) to \(significant($0.upper))"
    }
    return "Project with \(ranks)\(strengths ?? "").\(priceOfProjection(evidence))"
  }

  /// What the label probes say of the projection that was measured, where there are labels.
  private static func priceOfProjection(_ evidence: VerdictEvidence) -> String {
    guard let cost = evidence.cost, let own = cost.ways.first(where: { $0.damping == .shared })
    else { return "" }
    let losses = zip(evidence.names, zip(cost.before, own.modalities)).compactMap {
      name, pair -> String? in
      guard let before = pair.0.linearAccuracy, let after = pair.1.linearAccuracy else {
        return nil
      }
      return "\(name) \(percent(before.value)) → \(percent(after.value))"
    }
    guard !losses.isEmpty else { return "" }
    return " With k = \(cost.rank) and λ = \(significant(cost.strength)) a linear probe of the labels "
      + "goes from \(losses.joined(separator: ", "))."
  }

  static func findings(_ evidence: VerdictEvidence) -> [Finding] {
    [
      evidence.quality.flatMap { finding($0, cleaned: evidence.cleaned, evidence) },
      classFinding(evidence), evidence.spectrum.map { finding($0, evidence.calibration) },
      evidence.similarity.flatMap { finding($0, evidence.calibration) },
    ].compactMap { $0 } + (evidence.fisher ?? []).compactMap(finding)
      + [evidence.tsne.map(finding), evidence.theorems.map(finding)].compactMap { $0 }
  }

  private static func finding(
    _ quality: QualityReport, cleaned: CleanedNumbers?, _ evidence: VerdictEvidence
  ) -> Finding? {
    let pressing = quality.issues.filter { $0.severity != .note }
    guard let worst = pressing.first else { return nil }
    let others = pressing.count > 1 ? " Data quality lists \(pressing.count - 1) more." : ""
    let moved = cleaned.flatMap { cleaned in
      evidence.judged.flatMap { judged in
        cleaned.rows.first { $0.label == "overlap@\(judged.k)" }.map {
          " Without \(grouped(cleaned.removed)) suspicious items the overlap at \(judged.k) is "
            + "\(percent($0.cleaned))."
        }
      }
    }
    return Finding(
      text: worst.finding + others + (moved ?? ""), diagnostic: .quality, pairing: nil)
  }

  private static func classFinding(_ evidence: VerdictEvidence) -> Finding? {
    guard evidence.calibration?.areClassesClusters == false, let classes = evidence.classes,
      let common = classes.overall.commonSameClass
    else { return nil }
    let explained = evidence.calibrated?.explainedByClasses.map {
      "; pairings within the same class reach \(percent($0)) of the overlap beyond chance"
    }
    return Finding(
      text: "Of the neighbours that both modalities name, \(percent(common)) are of the item's own "
        + "class (chance \(percent(classes.overall.chanceSameClass)))\(explained ?? "").",
      diagnostic: .classes, pairing: .paired)
  }

  private static func finding(
    _ spectrum: CovarianceSpectrum, _ calibration: AuditCalibration?
  ) -> Finding {
    let count = calibration?.spectrum?.directionsAboveNull ?? spectrum.directionsAboveNoise
    let bar = calibration?.spectrum == nil ? "the noise edge" : "random pairings"
    let subject = switch count {
    case 0: "No shared direction stands"
    case 1: "One shared direction stands"
    default: "\(count) shared directions stand"
    }
    let held = count > 0 && count <= spectrum.cumulativeEnergy.count
      ? " and hold\(count == 1 ? "s" : "") \(percent(spectrum.cumulativeEnergy[count - 1])) of the "
        + "squared covariance" : ""
    let within = calibration?.spectrumWithinClasses.flatMap { within in
      calibration?.areClassesClusters == false
        ? "; within classes, \(within.directionsAboveNull)" : nil
    }
    return Finding(
      text: "\(subject) above \(bar)\(held)\(within ?? "").", diagnostic: .spectrum,
      pairing: .paired)
  }

  private static func finding(
    _ similarity: Similarity, _ calibration: AuditCalibration?
  ) -> Finding? {
    similarity.linearCKA.map { value in
      let p = calibration?.similarity?.debiasedAlignment.map { ", p = \(significant($0.pValue))" }
      return Finding(
        text: "Debiased linear CKA is \(significant(value)) (0 for independent features, 1 for "
          + "equal ones up to rotation and scale\(p ?? "")).",
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
