import Calibration
import DataQuality
import Datasets
import Information
import NeighborEmbedding
import ProjectionCost
import Redundancy

/// Everything that one audit found, as it is written to `report.json`.
///
/// A diagnostic that did not run is absent, and ``skipped`` says why.
public struct RedundancyReport: Codable, Sendable, Equatable, MeasuredNumbers {
  /// Name and version of the format; its JSON Schema has the same name.
  public static let currentSchema = "redundancy-report-2"

  public var schema = RedundancyReport.currentSchema
  public var verdict: Verdict
  public var dataset: DatasetSummary
  /// The trained model that the features come from, where they do.
  public var checkpoint: CheckpointSummary?
  public var parameters: AuditOptions
  /// Defects of the data.
  public var quality: QualityReport?
  /// Headline numbers without the items that the defects touch; absent when there are none.
  public var cleaned: CleanedNumbers?
  /// The paired numbers beside what random pairings give; absent without relabelings.
  public var calibration: AuditCalibration?
  public var spectrum: CovarianceSpectrum?
  public var baseline: BaselineComparison?
  public var retrievalOverlap: [RetrievalOverlap]?
  public var scoreDensity: ScoreDensity?
  public var classes: ClassBreakdown?
  public var similarity: Similarity?
  /// All pairs of three or more modalities.
  public var pairs: PairMatrix?
  public var cost: ProjectionCosts?
  public var information: InformationSplit?
  public var fisher: [FisherDiscriminantRatio]?
  public var slicedWasserstein: SlicedWasserstein?
  public var clouds: CloudDistances?
  public var tsne: MapComparison?
  public var theorems: [TheoremVerdict]?
  /// How this report differs from the one that it was to be compared with.
  public var differences: ReportDifference?
  /// Direction, range, symmetry and invariances of every measure.
  public var measures: [MeasureCard]
  /// Whether each diagnostic uses which rows belong together, by its key in this report.
  public var pairing: [String: Pairing]
  /// Diagnostics that were asked for and could not run.
  public var skipped: [SkippedDiagnostic]
  /// Remarks on data and measures, each a sentence.
  public var notes: [String]
  /// Seconds spent, by diagnostic.
  public var timings: [String: Double]
  public var provenance: Provenance
}

/// A diagnostic that could not run, and why.
public struct SkippedDiagnostic: Codable, Sendable, Equatable {
  public let diagnostic: Diagnostic
  public let reason: String

  public init(diagnostic: Diagnostic, reason: String) {
    self.diagnostic = diagnostic
    self.reason = reason
  }
}

/// The data set as it was read.
public struct DatasetSummary: Codable, Sendable, Equatable {
  public let name: String
  public let items: Int
  public let users: Int?
  public let interactions: Int?
  /// 1 − interactions/(users·items).
  public let sparsity: Double?
  /// The modalities that came as features.
  public let modalities: [ModalityInspection]
  /// The modalities that came as precomputed neighbour lists, where there are any.
  public let neighborLists: [StoredLists]?

  /// Neighbour lists that were read instead of searched.
  public struct StoredLists: Codable, Sendable, Equatable {
    public let name: String
    /// Neighbours per item, the item itself among them.
    public let width: Int
  }

  /// The modalities with their widths, as a reader wants them named.
  public var modalityDescriptions: [String] {
    modalities.map { "\($0.name) (\($0.dimension) wide)" }
      + (neighborLists ?? []).map { "\($0.name) (lists of \($0.width) neighbours)" }
  }
}

/// t-SNE before and after projection.
public struct MapComparison: Codable, Sendable, Equatable {
  public let pairing: Pairing
  public let before: MapSummary
  public let after: MapSummary
}

/// The quality of one map and what it shows.
public struct MapSummary: Codable, Sendable, Equatable {
  public let klDivergence: Double
  /// Trustworthiness at 10 neighbours, and how many points it was measured on.
  public let trustworthiness: Double?
  public let trustworthinessAnchors: Int
  /// Shared mass of the two smoothed densities on the map, 0...1.
  public let overlap: Double
  /// The overlap of two random halves of one modality: what overlap can reach at this size.
  public let ceiling: Double
  public let marginalX: Double
  public let marginalY: Double
  /// Sliced Wasserstein distance on the map scaled to root-mean-square radius 1.
  public let mapSlicedWasserstein: Double
  /// Mean overlap along 256 random directions of the features themselves: no map involved.
  public let directionalOverlap: Double
  public let points: Int
}

/// Where the numbers come from.
public struct Provenance: Codable, Sendable, Equatable {
  public let version: String
  public let command: String
  /// Nil when nothing was drawn at random.
  public let seed: UInt64?
  public let threads: Int
  public let openblas: String
  /// SHA-256 of every input file, or of the generated matrices.
  public let digests: [String: String]
  /// When the report was made, ISO 8601.
  public let date: String

  public init(
    version: String, command: String, seed: UInt64?, threads: Int, openblas: String,
    digests: [String: String], date: String
  ) {
    self.version = version
    self.command = command
    self.seed = seed
    self.threads = threads
    self.openblas = openblas
    self.digests = digests
    self.date = date
  }
}
