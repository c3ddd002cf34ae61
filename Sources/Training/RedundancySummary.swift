import LinearAlgebra
import Neighbors
import Redundancy
import Statistics

/// What two encoded modalities share at the end of an epoch, without and with the projection.
///
/// "Before" are the encoder's outputs V and T as they are, "after" are the same with the
/// projection in force. What the features leave undefined is absent: a covariance of zero has no
/// spectrum, equal items have no nearest ones.
///
/// - Reference: [CLEAR26], Figures 1, 5 and 6.
public struct RedundancySummary: Codable, Sendable, Equatable {
  /// Redundancy rank k: of the projection, or that the numbers below are reported for.
  public let rank: Int
  /// Projection strength λ, 0 to 1.
  public let strength: Double
  /// Singular values of the covariance of V and T, largest first; empty where there is none to
  /// speak of: features that are not finite or constant, fewer than three items.
  public let singularValuesBefore: [Double]
  public let singularValuesAfter: [Double]
  /// exp of the entropy of σ/Σσ, 1 to the number of values.
  public let effectiveRankBefore: Double?
  public let effectiveRankAfter: Double?
  /// Share of Σσ² in the first k values, 0 to 1.
  public let energyOfTopBefore: Double?
  public let energyOfTopAfter: Double?
  /// Sliced Wasserstein distance of V and T, in their unit.
  public let slicedWassersteinBefore: Double?
  public let slicedWassersteinAfter: Double?
  /// Mean share of common items among the ``listLength`` nearest of a sample of items, 0 to 1.
  public let overlapBefore: Double?
  public let overlapAfter: Double?
  /// The overlap that random lists would have.
  public let overlapRandom: Double?
  /// Largest principal angles between this epoch's and the previous epoch's leading k left and
  /// right singular subspaces, in degrees, 0 to 90; absent in the first epoch.
  public let angles: [Double]?

  /// List length of the overlap.
  public static let listLength = 20
  /// Items whose lists are compared; enough for a standard error of one percentage point, at the
  /// cost of a few milliseconds.
  static let anchorCount = 500
  /// Directions of the Wasserstein distance; over 64 coordinates its standard error is about 2 %.
  static let projectionCount = 64
}

extension RedundancySummary {
  /// The subspace that ``measure(before:after:rank:strength:previous:seed:)`` would return.
  static func subspace(of features: [Matrix<Float>]) -> SharedSubspace? {
    sharedSubspace(FeaturePair(features[0], features[1]))
  }

  /// Measures the first two of several modalities.
  ///
  /// - Parameters:
  ///   - before: Encoder outputs, items × width each.
  ///   - after: The same under the projection in force; `before` again where there is none.
  ///   - rank: Redundancy rank k.
  ///   - strength: Projection strength λ; 0 where there is no projection.
  ///   - previous: The subspace that the previous epoch's measurement returned.
  ///   - seed: Decides the directions of the Wasserstein distance and the sample of items.
  /// - Returns: The numbers, and this epoch's shared subspace for the next; nil where there is
  ///   none.
  /// - Precondition: there are two or more modalities, with the same shapes before and after.
  /// - Complexity: for n items of width d, O(n·d² + d³), and 4·500·n·d for the overlaps.
  public static func measure(
    before: [Matrix<Float>], after: [Matrix<Float>], rank: Int, strength: Double,
    previous: SharedSubspace?, seed: UInt64
  ) -> (summary: RedundancySummary, subspace: SharedSubspace?) {
    precondition(
      before.count >= 2 && before.count == after.count,
      "\(before.count) modalities before and \(after.count) after; two of each are needed")
    // Features that nothing projects are measured once.
    let pairs = (before == after ? [before] : [before, after]).map { FeaturePair($0[0], $0[1]) }
    let subspaces = pairs.map(sharedSubspace)
    let spectra = subspaces.map { Spectrum($0, rank: rank) }
    let streams = RandomStreams(seed: seed)
    let distances = wasserstein(pairs, subspace: subspaces[0], streams: streams)
    let overlaps = pairs.map { overlap($0, streams: streams) }
    let last = pairs.count - 1
    let summary = RedundancySummary(
      rank: rank, strength: strength,
      singularValuesBefore: spectra[0].singularValues,
      singularValuesAfter: spectra[last].singularValues,
      effectiveRankBefore: spectra[0].effectiveRank,
      effectiveRankAfter: spectra[last].effectiveRank,
      energyOfTopBefore: spectra[0].energyOfTop, energyOfTopAfter: spectra[last].energyOfTop,
      slicedWassersteinBefore: distances[0], slicedWassersteinAfter: distances[last],
      overlapBefore: overlaps[0]?.mean, overlapAfter: overlaps[last]?.mean,
      overlapRandom: overlaps[0]?.random,
      angles: turning(from: previous, to: subspaces[0], rank: rank))
    return (summary, subspaces[0])
  }
}

/// The spectrum of one covariance, in the numbers of the summary.
private struct Spectrum {
  let singularValues: [Double]
  var effectiveRank: Double?
  var energyOfTop: Double?

  init(_ subspace: SharedSubspace?, rank: Int) {
    singularValues = subspace?.singularValues ?? []
    let shape = SpectralSummary(singularValues: singularValues)
    effectiveRank = shape.effectiveRank
    energyOfTop = shape.cumulativeEnergy.prefix(rank).last
  }
}

/// The shared subspace, or nil where the features have none: not finite, too few items, or nothing
/// shared beyond rounding.
private func sharedSubspace(_ features: FeaturePair) -> SharedSubspace? {
  guard
    let subspace = try? SharedSubspace(between: features.first, and: features.second),
    let largest = subspace.singularValues.first
  else { return nil }
  // Single precision resolves 2⁻²⁴ of a value: a covariance below 2⁻⁴⁸ of the magnitudes is what
  // rounding leaves of zero, and its directions mean nothing.
  let energy = features.first.squaredFrobeniusNorm * features.second.squaredFrobeniusNorm
  let scale = energy.squareRoot() / Double(features.first.rowCount)
  return largest > 0x1p-48 * scale ? subspace : nil
}

/// The distances of all pairs, in coordinates of one width.
private func wasserstein(
  _ pairs: [FeaturePair], subspace: SharedSubspace?, streams: RandomStreams
) -> [Double?] {
  guard let subspace else { return pairs.map { _ in nil } }
  let coordinates = SharedCoordinates(subspace)
  return pairs.map { pair in
    let expressed = coordinates.express(pair)
    let distance = try? slicedWasserstein(
      expressed.first, expressed.second, projections: RedundancySummary.projectionCount,
      streams: streams)
    return distance.flatMap { $0.value.isFinite ? $0.value : nil }
  }
}

private func overlap(_ features: FeaturePair, streams: RandomStreams) -> RetrievalOverlap? {
  let items = features.first.rowCount
  // The order of equally near items says nothing of the features.
  guard items == features.second.rowCount, !hasEqualRows(features.first),
    !hasEqualRows(features.second)
  else { return nil }
  var generator = streams.generator(for: "anchors")
  let anchors = generator.sample(min(RedundancySummary.anchorCount, items), from: items)
  let length = RedundancySummary.listLength
  guard
    let first = try? cosineNeighbors(features.first, count: length, anchors: anchors, scored: 0),
    let second = try? cosineNeighbors(features.second, count: length, anchors: anchors, scored: 0),
    let overlaps = try? retrievalOverlaps(
      first, second, itemCount: items, listLengths: [length])
  else { return nil }
  return overlaps.levels.first
}

/// Whether all rows are one.
private func hasEqualRows(_ matrix: Matrix<Float>) -> Bool {
  guard matrix.rowCount > 0 else { return true }
  let first = matrix.row(0)
  return (1..<matrix.rowCount).allSatisfy { matrix.row($0).elementsEqual(first) }
}

/// How far the leading subspaces turned; nil unless both epochs have k directions.
private func turning(
  from previous: SharedSubspace?, to current: SharedSubspace?, rank: Int
) -> [Double]? {
  guard let previous, let current, rank >= 1,
    [previous, current].allSatisfy({
      SpectralSummary(singularValues: $0.singularValues).numericalRank >= rank
    })
  else { return nil }
  let pairs = [(previous.first, current.first), (previous.second, current.second)]
  guard pairs.allSatisfy({ $0.rowCount == $1.rowCount }) else { return nil }
  let angles = pairs.compactMap { earlier, later in
    try? largestPrincipalAngle(
      between: earlier.leadingColumns(rank), and: later.leadingColumns(rank))
  }
  return angles.count == 2 ? angles : nil
}
