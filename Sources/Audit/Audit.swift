import Datasets
import LinearAlgebra
import NeighborEmbedding
import Neighbors
import Redundancy
import Statistics

/// Measures a data set: every diagnostic that was asked for and that its modalities allow.
///
/// The first two modalities are compared. A modality that comes as precomputed neighbour lists
/// takes part in the retrieval overlap alone; what else was asked for is listed as skipped.
///
/// - Parameter progress: Told, in a few words, what is being done.
/// - Throws: ``RedundancyError``, ``DatasetError`` when the data is unsuitable.
/// - Complexity: dominated by exact neighbour search, O(n²·d).
public func audit(
  _ dataset: FeatureDataset, options: AuditOptions,
  progress: @escaping @Sendable (String) -> Void = { _ in }
) throws -> AuditFindings {
  var auditor = try Auditor(dataset: dataset, options: options, progress: progress)
  for diagnostic in Diagnostic.allCases where options.diagnostics.contains(diagnostic) {
    try auditor.run(diagnostic)
  }
  return auditor.findings
}

/// What an audit found: the numbers of the report, and the maps that only the figures show.
public struct AuditFindings: Sendable {
  let dataset: FeatureDataset
  let options: AuditOptions
  var inspections: [ModalityInspection] = []
  var spectrum: CovarianceSpectrum?
  var retrievalOverlap: [RetrievalOverlap]?
  var scoreDensity: ScoreDensity?
  var slicedWasserstein: SlicedWasserstein?
  var tsne: MapComparison?
  var fisher: [FisherDiscriminantRatio]?
  var similarity: Similarity?
  var theorems: [TheoremVerdict]?
  var skipped: [SkippedDiagnostic] = []
  var notes: [String] = []
  var timings: [String: Double] = [:]

  /// The maps before and after projection, 2n × 2: the first modality's points, then the second's.
  public internal(set) var maps: (before: Matrix<Double>, after: Matrix<Double>)?

  /// The report, with where it came from.
  public func report(provenance: Provenance) -> RedundancyReport {
    let pairing = Dictionary(
      uniqueKeysWithValues: Diagnostic.allCases.map { ($0.reportKey, $0.card.pairing) })
    return RedundancyReport(
      verdict: Verdict(
        names: dataset.modalities.map(\.name), overlap: retrievalOverlap, spectrum: spectrum,
        similarity: similarity, fisher: fisher, tsne: tsne, theorems: theorems),
      dataset: DatasetSummary(
        name: dataset.name, items: dataset.itemCount, users: dataset.interactions?.userCount,
        interactions: dataset.interactions?.users.count,
        sparsity: dataset.interactions?.sparsity, modalities: inspections,
        neighborLists: dataset.neighborLists.isEmpty
          ? nil : dataset.neighborLists.map { .init(name: $0.modality, width: $0.width) }),
      parameters: options, spectrum: spectrum, retrievalOverlap: retrievalOverlap,
      scoreDensity: scoreDensity, slicedWasserstein: slicedWasserstein, tsne: tsne,
      fisher: fisher, similarity: similarity, theorems: theorems,
      pairing: pairing.merging(["scoreDensity": .marginal]) { $1 },
      skipped: skipped, notes: dataset.notes + notes, timings: timings, provenance: provenance)
  }
}
