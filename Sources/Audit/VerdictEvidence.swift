import Calibration
import DataQuality
import ProjectionCost
import Redundancy
import Statistics

/// What a verdict is computed from.
package struct VerdictEvidence {
  package var names: [String]
  package var overlap: [RetrievalOverlap]?
  package var spectrum: CovarianceSpectrum?
  package var similarity: Similarity?
  package var fisher: [FisherDiscriminantRatio]?
  package var tsne: MapComparison?
  package var theorems: [TheoremVerdict]?
  package var calibration: AuditCalibration?
  package var quality: QualityReport?
  package var cleaned: CleanedNumbers?
  package var classes: ClassBreakdown?
  package var cost: ProjectionCosts?

  package init(
    names: [String], overlap: [RetrievalOverlap]? = nil, spectrum: CovarianceSpectrum? = nil,
    similarity: Similarity? = nil, fisher: [FisherDiscriminantRatio]? = nil,
    tsne: MapComparison? = nil, theorems: [TheoremVerdict]? = nil,
    calibration: AuditCalibration? = nil, quality: QualityReport? = nil,
    cleaned: CleanedNumbers? = nil, classes: ClassBreakdown? = nil, cost: ProjectionCosts? = nil
  ) {
    self.names = names
    self.overlap = overlap
    self.spectrum = spectrum
    self.similarity = similarity
    self.fisher = fisher
    self.tsne = tsne
    self.theorems = theorems
    self.calibration = calibration
    self.quality = quality
    self.cleaned = cleaned
    self.classes = classes
    self.cost = cost
  }
}

extension VerdictEvidence {
  /// The overlap at 20 neighbours, at the longest length below where there is none, or else at the
  /// shortest.
  package var judged: RetrievalOverlap? {
    overlap?.filter { $0.k <= Verdict.judgedLength }.max { $0.k < $1.k }
      ?? overlap?.min { $0.k < $1.k }
  }

  /// The judged overlap beside its nulls.
  var calibrated: CalibratedNeighbors.Statistic? {
    judged.flatMap { judged in
      calibration?.neighbors?.overlaps.first { $0.k == judged.k }?.statistic
    }
  }

  /// Whether the judged overlap goes beyond what classes explain; nil where there are none but
  /// clusters of the features themselves, or no relabelings.
  var exceedsClasses: Bool? {
    guard calibration?.areClassesClusters == false, let within = calibrated?.withinClasses else {
      return nil
    }
    return (within.correctedPValue ?? within.pValue) <= CalibratedValue.level
  }

  /// How much of the overlap beyond chance is gone without the suspicious items; nil where nothing
  /// was measured without them.
  package var lostWithoutSuspicious: Double? {
    guard let judged, judged.mean > judged.random,
      let row = cleaned?.rows.first(where: { $0.label == "overlap@\(judged.k)" })
    else { return nil }
    return (row.all - row.cleaned) / (judged.mean - judged.random)
  }
}
