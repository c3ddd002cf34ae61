import LinearAlgebra
import Redundancy
import Statistics

/// How far the spectral numbers would move with other items: jackknife errors over random groups.
///
/// Every group is left out once; its share of the sums of the compressed modalities is subtracted
/// and the means are moved accordingly. Of the tail of a wide modality only the items' own norms
/// follow; its covariances stay those of all items.
///
/// - Reference: [ET93], chapter 11.
public struct SpectrumIntervals: Codable, Sendable, Equatable {
  /// σ₁ … σ₁₀; nil where there are too few items.
  public let singularValues: [GroupJackknife?]
  /// Debiased linear centred kernel alignment; nil where it is undefined without some group.
  public let debiasedAlignment: GroupJackknife?
  /// Share of Σσ² in the leading ``directions``; nil for none, or when nothing covaries.
  public let leadingEnergy: GroupJackknife?
  /// The directions whose share of the energy was asked for.
  public let directions: Int

  /// Singular values that get an interval.
  public static let count = 10

  /// - Parameters:
  ///   - pair: The compressed modalities.
  ///   - directions: The number of leading directions whose energy is wanted, such as
  ///     ``CalibratedSpectrum/directionsAboveNull``.
  ///   - streams: Draws the groups.
  /// - Throws: ``LinearAlgebraError`` when a decomposition does not converge.
  /// - Complexity: 6·n·r² operations, and O(n·r + r³) for each of 20 groups.
  public init(
    _ pair: PairedFactors, directions: Int, streams: RandomStreams
  ) throws(LinearAlgebraError) {
    precondition(directions >= 0, "a number of directions is not negative, got \(directions)")
    self.directions = directions
    // Two at least; a group of one item is as small as they get.
    let groupCount = min(GroupJackknife.usualGroupCount, pair.itemCount)
    let moments = GroupMoments(
      pair,
      groups: GroupJackknife.groups(
        itemCount: pair.itemCount, count: groupCount, streams: streams),
      groupCount: groupCount)
    let alignment = PairAlignment(wide: pair.wide, narrow: pair.narrow)
    let observed = try pair.observed(alignment)
    let results: [Result<LeftOutGroup, LinearAlgebraError>] = Parallel.map(groupCount) { group in
      Result { () throws(LinearAlgebraError) in
        try LeftOutGroup(group, of: moments, in: pair, alignment)
      }
    }
    var left: [LeftOutGroup] = []
    for result in results { left.append(try result.get()) }
    singularValues = observed.singularValues.prefix(Self.count).enumerated().map { i, value in
      GroupJackknife(estimate: value, leaveOneOut: left.map { $0.singularValues[i] })
    }
    let alignments = left.compactMap(\.debiasedAlignment)
    debiasedAlignment =
      alignments.count == left.count
      ? observed.debiasedAlignment.flatMap {
        GroupJackknife(estimate: $0, leaveOneOut: alignments)
      } : nil
    func share(_ values: [Double]) -> Double {
      values.prefix(directions).reduce(0) { $0 + $1 * $1 }
        / values.reduce(0) { $0 + $1 * $1 }
    }
    leadingEnergy =
      directions > 0
      ? GroupJackknife(
        estimate: share(observed.singularValues),
        leaveOneOut: left.map { share($0.singularValues) }) : nil
  }
}
