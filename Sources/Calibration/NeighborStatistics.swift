/// The statistics of two modalities' neighbour lists, for one pairing or many.
public struct NeighborStatistics: Sendable, Equatable {
  /// List lengths K of ``overlaps``.
  public let listLengths: [Int]
  /// For each length the mean share of common items, one value for each pairing.
  public let overlaps: [[Double]]
  /// Mean share of common items among the ten nearest; nil where the lists are shorter.
  public let mutualNeighbors: [Double]?
  /// Mean extrapolated rank-biased overlap.
  public let rankBiasedOverlaps: [Double]
  /// Mean longest common subsequence, as a share of its list length.
  public let subsequences: [Double]
  /// Nearest-neighbour alignment; nil without features, or where it has no value.
  public let alignments: [Double]?

  /// Neighbours of ``mutualNeighbors``.
  public static let mutualLength = 10
}
