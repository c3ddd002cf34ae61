import Neighbors
import Redundancy
import Statistics

/// How far two modalities' neighbourhoods agree beyond chance, by every list statistic.
///
/// Overlaps at several lengths are looked at together, so theirs are corrected for the choice of
/// the length by the maximum statistic.
///
/// - Reference: [GWB26].
public struct CalibratedNeighbors: Codable, Sendable, Equatable {
  /// One statistic beside its nulls.
  public struct Statistic: Codable, Sendable, Equatable {
    /// Against free relabelings: any item may be paired with any other.
    public let free: CalibratedValue?
    /// Against relabelings within classes: only what goes beyond the class counts.
    public let withinClasses: CalibratedValue?
    /// How much of the agreement beyond chance the classes explain,
    /// (mean within classes − free mean)/(observed − free mean), 0 to 1; nil without classes, or
    /// where the observed value is not above what free relabelings reach.
    public let explainedByClasses: Double?

    init(free: CalibratedValue?, withinClasses: CalibratedValue?) {
      self.free = free
      self.withinClasses = withinClasses
      if let free, let withinClasses, free.observed > free.threshold,
        free.observed > free.nullMean
      {
        let share =
          (withinClasses.nullMean - free.nullMean) / (free.observed - free.nullMean)
        explainedByClasses = min(max(share, 0), 1)
      } else {
        explainedByClasses = nil
      }
    }
  }

  /// A statistic of the nearest `k` neighbours.
  public struct Level: Codable, Sendable, Equatable {
    /// List length.
    public let k: Int
    public let statistic: Statistic
  }

  /// The lists of one item in both modalities are compared.
  public let pairing: Pairing
  /// Number of anchors M.
  public let anchorCount: Int
  /// The retrieval overlap at every length.
  public let overlaps: [Level]
  /// The overlap at ten, on its own.
  public let mutualNeighbors: Level?
  /// Rank-biased overlap to a depth.
  public let rankBiasedOverlap: Level
  /// The longest common subsequence.
  public let subsequence: Level
  /// The nearest-neighbour alignment, where there were features.
  public let alignment: Level?

  /// Calibrates lists.
  ///
  /// - Parameters:
  ///   - lists: Both modalities' lists.
  ///   - free: Free relabelings.
  ///   - withinClasses: Relabelings within classes, where there are classes.
  /// - Precondition: as ``NeighborNull/statistics(under:)``.
  /// - Complexity: that of ``NeighborNull/statistics(under:)`` for all relabelings.
  public init(_ lists: NeighborNull, free: Relabelings, withinClasses: Relabelings? = nil) {
    self.init(
      lists, free: lists.statistics(under: free),
      withinClasses: withinClasses.map { lists.statistics(under: $0) })
  }

  /// Calibrates lists by statistics of relabelings that are at hand.
  public init(
    _ lists: NeighborNull, free: NeighborStatistics, withinClasses: NeighborStatistics? = nil
  ) {
    let observed = lists.observed
    func statistic(_ values: (NeighborStatistics) -> [Double]?) -> Statistic? {
      guard let value = values(observed)?.first, let null = values(free) else { return nil }
      return Statistic(
        free: CalibratedValue(observed: value, null: null),
        withinClasses: withinClasses.flatMap(values).flatMap {
          CalibratedValue(observed: value, null: $0)
        })
    }
    func corrected(_ null: NeighborStatistics?) -> [CalibratedValue?] {
      guard let null else { return observed.overlaps.map { _ in nil } }
      return CalibratedValue.corrected(
        observed: observed.overlaps.map { $0[0] }, null: null.overlaps,
        maximum: observed.overlaps.map { _ in 1 })
    }
    pairing = .paired
    anchorCount = lists.anchorCount
    overlaps = zip(lists.listLengths, zip(corrected(free), corrected(withinClasses))).map {
      Level(k: $0, statistic: Statistic(free: $1.0, withinClasses: $1.1))
    }
    func level(_ k: Int, _ values: (NeighborStatistics) -> [Double]?) -> Level? {
      statistic(values).map { Level(k: k, statistic: $0) }
    }
    func certain(_ k: Int, _ values: (NeighborStatistics) -> [Double]) -> Level {
      level(k, values) ?? Level(k: k, statistic: Statistic(free: nil, withinClasses: nil))
    }
    mutualNeighbors = level(NeighborStatistics.mutualLength) { $0.mutualNeighbors }
    rankBiasedOverlap = certain(lists.rankBiasedDepth) { $0.rankBiasedOverlaps }
    subsequence = certain(lists.subsequenceLength) { $0.subsequences }
    alignment = level(lists.alignmentLength) { $0.alignments }
  }
}
