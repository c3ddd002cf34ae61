import Calibration

/// The paired numbers of an audit beside what random pairings give, and how sure they are.
///
/// - Reference: [GWB26].
public struct AuditCalibration: Codable, Sendable, Equatable {
  /// Number of relabelings K.
  public let permutations: Int
  /// α: how often unrelated modalities get a positive calibrated score.
  public let level: Double
  /// The classes within which the restricted relabelings stay; nil when there are none.
  public internal(set) var classes: String?
  /// Whether they come from the features themselves: what they explain is then not only category.
  public internal(set) var areClassesClusters: Bool?
  /// List statistics.
  public internal(set) var neighbors: CalibratedNeighbors?
  /// The second-order similarity of the neighbourhoods; nil without features.
  public internal(set) var secondOrder: CalibratedSecondOrderNeighbors?
  /// Errors of the overlap by leaving out groups of items.
  public internal(set) var overlapIntervals: OverlapIntervals?
  /// Singular values against free relabelings, and against those within classes.
  public internal(set) var spectrum: CalibratedSpectrum?
  public internal(set) var spectrumWithinClasses: CalibratedSpectrum?
  /// Errors of singular values, their energy and the alignment by leaving out groups of items.
  public internal(set) var spectrumIntervals: SpectrumIntervals?
  /// Redundancy rank k and projection strength λ that follow.
  public internal(set) var rank: RankRecommendation?
  /// Alignments and canonical correlations, likewise.
  public internal(set) var similarity: CalibratedSimilarity?
  public internal(set) var similarityWithinClasses: CalibratedSimilarity?

  init(permutations: Int, level: Double) {
    self.permutations = permutations
    self.level = level
  }
}
