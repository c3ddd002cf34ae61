import Calibration
import DataQuality
import Datasets
import Information
import LinearAlgebra
import NeighborEmbedding
import Neighbors
import ProjectionCost
import Redundancy
import Statistics

/// Measures a data set: every diagnostic that was asked for and that its modalities allow.
///
/// The first two modalities are compared. A modality that comes as precomputed neighbour lists
/// takes part in the retrieval overlap alone; what else was asked for is listed as skipped.
///
/// A projection that comes with the data set is the one measured, with its rank and strength in
/// place of those of `options`.
///
/// Of many items (``AuditOptions/exactLimit``) neighbours are searched for a sample of anchors,
/// among all items and exactly, and what costs more than some passes over the features is measured
/// on a sample of the items; covariances, spectra, alignments and the quality of the data stay those
/// of all. Notes say which is which.
///
/// - Parameters:
///   - baseline: The embeddings of a model trained without projection, whose spectrum is compared
///     with the projected one of `dataset`.
///   - progress: Told, in a few words, what is being done.
/// - Throws: ``RedundancyError``, ``DatasetError`` when the data is unsuitable, ``BaselineError``
///   when the baseline is that of other data.
/// - Complexity: dominated by exact neighbour search, O(n²·d), or O(m·n·d) for m anchors; memory
///   beyond the features is O(m·d + n) where there are samples of m.
public func audit(
  _ dataset: FeatureDataset, options: AuditOptions, baseline: FeatureDataset? = nil,
  progress: @escaping @Sendable (String) -> Void = { _ in }
) throws -> AuditFindings {
  var options = options.sampling(dataset.itemCount)
  // Neighbour lists cannot be had for a sample of the items.
  if !dataset.neighborLists.isEmpty { options.sample = nil }
  if let fitted = dataset.projection {
    options.rank = fitted.rank
    options.strength = fitted.strength
  }
  if let baseline { try requireComparable(dataset, baseline: baseline) }
  var auditor = try Auditor(
    dataset: dataset, options: options, baseline: baseline, progress: progress)
  for diagnostic in auditor.order { try auditor.run(diagnostic) }
  try auditor.measureSample()
  return auditor.findings
}

/// What an audit found: the numbers of the report, and the maps that only the figures show.
public struct AuditFindings: Sendable, MeasuredNumbers {
  let dataset: FeatureDataset
  let options: AuditOptions
  var inspections: [ModalityInspection] = []
  var quality: QualityReport?
  var cleaned: CleanedNumbers?
  public internal(set) var calibration: AuditCalibration?
  var classes: ClassBreakdown?
  var cost: ProjectionCosts?
  var information: InformationSplit?
  var pairs: PairMatrix?
  var clouds: CloudDistances?
  var drift: [ModalityAngle]?
  var baseline: BaselineComparison?
  public internal(set) var spectrum: CovarianceSpectrum?
  public internal(set) var retrievalOverlap: [RetrievalOverlap]?
  var scoreDensity: ScoreDensity?
  public internal(set) var slicedWasserstein: SlicedWasserstein?
  public internal(set) var tsne: MapComparison?
  public internal(set) var fisher: [FisherDiscriminantRatio]?
  public internal(set) var similarity: Similarity?
  var theorems: [TheoremVerdict]?
  var skipped: [SkippedDiagnostic] = []
  var notes: [String] = []
  var timings: [String: Double] = [:]

  /// The maps before and after projection, 2n × 2: the first modality's points, then the second's.
  public internal(set) var maps: (before: Matrix<Double>, after: Matrix<Double>)?

  /// The report, with where it came from.
  public func report(provenance: Provenance) -> RedundancyReport {
    let pairing = Dictionary(
      uniqueKeysWithValues: Diagnostic.allCases.compactMap { diagnostic in
        diagnostic.card.pairing.map { (diagnostic.reportKey, $0) }
      })
    return RedundancyReport(
      verdict: Verdict(
        VerdictEvidence(
          names: dataset.modalities.map(\.name), overlap: retrievalOverlap, spectrum: spectrum,
          similarity: similarity, fisher: fisher, tsne: tsne, theorems: theorems,
          calibration: calibration, quality: quality, cleaned: cleaned, classes: classes,
          cost: cost)),
      dataset: DatasetSummary(
        name: dataset.name, items: dataset.itemCount, users: dataset.interactions?.userCount,
        interactions: dataset.interactions?.users.count,
        sparsity: dataset.interactions?.sparsity, modalities: inspections,
        neighborLists: dataset.neighborLists.isEmpty
          ? nil : dataset.neighborLists.map { .init(name: $0.modality, width: $0.width) }),
      checkpoint: dataset.trained.map {
        CheckpointSummary(
          trained: $0, isOwnProjection: dataset.projection != nil, drift: drift)
      },
      parameters: options, quality: quality, cleaned: cleaned, calibration: calibration,
      spectrum: spectrum, baseline: baseline,
      retrievalOverlap: retrievalOverlap, scoreDensity: scoreDensity, classes: classes,
      similarity: similarity, pairs: pairs, cost: cost, information: information, fisher: fisher,
      slicedWasserstein: slicedWasserstein, clouds: clouds, tsne: tsne, theorems: theorems,
      measures: MeasureCatalog.all.map(\.card),
      pairing: pairing.merging(["scoreDensity": .marginal, "clouds": .marginal]) { $1 },
      skipped: skipped, notes: dataset.notes + notes, timings: timings, provenance: provenance)
  }
}
