import Calibration
import LinearAlgebra
import Neighbors
import Redundancy
import Statistics

/// Every pair of three or more modalities, and the projection that is fitted to all at once.
public struct PairMatrix: Codable, Sendable, Equatable {
  /// One pair.
  public struct Pair: Codable, Sendable, Equatable {
    public let first: String
    public let second: String
    /// The overlap of the lists of ``PairMatrix/listLength`` neighbours, its p-value corrected for
    /// the choice among the pairs; nil without relabelings.
    public let overlap: CalibratedValue?
    /// The overlap itself.
    public let overlapMean: Double
    /// What random lists have in common.
    public let overlapRandom: Double
    /// Debiased linear alignment, corrected likewise; nil without features or relabelings.
    public let alignment: CalibratedValue?
    /// Directions above the null; nil without features or relabelings.
    public let directionsAboveNull: Int?
    /// Share of ‖C‖²_F that is left under the projection fitted to this pair alone, and under the
    /// stacked one; nil without features, or where the rank is more than they have.
    public let leftByOwnProjection: Double?
    public let leftByStackedProjection: Double?
  }

  public let pairing: Pairing
  public let modalities: [String]
  /// List length K.
  public let listLength: Int
  public let pairs: [Pair]
  /// Rank and strength of the stacked projection: the leading left singular vectors of each
  /// modality's covariances with all the others side by side.
  public let rank: Int
  public let strength: Double
}

/// A modality as the pairs take it.
struct PairedModality {
  let name: String
  let lists: NeighborLists
  let features: Matrix<Float>?
}

extension PairMatrix {
  static let usualListLength = 20

  /// Measures all pairs under the same relabelings.
  ///
  /// - Throws: ``OverlapError``, ``RedundancyError``, ``LinearAlgebraError``.
  init(
    _ modalities: [PairedModality], itemCount: Int, options: AuditOptions, streams: RandomStreams
  ) throws {
    let length = min(Self.usualListLength, modalities.map(\.lists.width).min() ?? 1)
    let places = modalities.indices.flatMap { i in
      modalities.indices.filter { $0 > i }.map { (i, $0) }
    }
    let overlaps = try PairOverlaps(
      modalities, places, length: length, itemCount: itemCount, options: options, streams: streams)
    let spectra = try PairSpectra(
      modalities, places, itemCount: itemCount, options: options, streams: streams)
    let stacked = try Self.stackedProjection(modalities, options)
    pairing = .paired
    self.modalities = modalities.map(\.name)
    listLength = length
    rank = options.rank
    strength = options.strength
    pairs = try places.indices.map { place in
      let (i, j) = places[place]
      let left = try Self.left(modalities, i, j, stacked: stacked, options)
      return Pair(
        first: modalities[i].name, second: modalities[j].name,
        overlap: overlaps.calibrated[place], overlapMean: overlaps.means[place],
        overlapRandom: Double(length) / Double(itemCount - 1),
        alignment: spectra.alignments[place],
        directionsAboveNull: spectra.directionsAboveNull[place],
        leftByOwnProjection: left.own, leftByStackedProjection: left.stacked)
    }
  }

  /// The projection of all modalities together; nil where one has no features or too few.
  private static func stackedProjection(
    _ modalities: [PairedModality], _ options: AuditOptions
  ) throws -> NullSpaceProjection? {
    let matrices = modalities.compactMap(\.features)
    guard matrices.count == modalities.count,
      options.rank <= matrices.map(\.columnCount).min() ?? 0
    else { return nil }
    return try NullSpaceProjection(
      modalities: matrices, rank: options.rank, strength: options.strength)
  }

  /// The share of ‖C‖²_F that both projections leave of one pair.
  private static func left(
    _ modalities: [PairedModality], _ i: Int, _ j: Int, stacked: NullSpaceProjection?,
    _ options: AuditOptions
  ) throws -> (own: Double?, stacked: Double?) {
    guard let x = modalities[i].features, let y = modalities[j].features else {
      return (nil, nil)
    }
    let subspace = try SharedSubspace(between: x, and: y)
    let energy = subspace.singularValues.reduce(0) { $0 + $1 * $1 }
    guard energy > 0 else { return (nil, nil) }
    let own =
      options.rank <= subspace.singularValues.count
      ? try NullSpaceProjection(subspace, rank: options.rank, strength: options.strength)
        .apply(toCovariance: subspace.covariance.matrix) : nil
    let both = stacked?.apply(toCovariance: subspace.covariance.matrix, of: i, and: j)
    return (
      own.map { $0.squaredFrobeniusNorm / energy }, both.map { $0.squaredFrobeniusNorm / energy }
    )
  }
}

/// Overlaps of all pairs.
private struct PairOverlaps {
  var means: [Double] = []
  var calibrated: [CalibratedValue?] = []

  init(
    _ modalities: [PairedModality], _ places: [(Int, Int)], length: Int, itemCount: Int,
    options: AuditOptions, streams: RandomStreams
  ) throws {
    let relabelings = neighborRelabelings(
      itemCount: itemCount, anchors: modalities[0].lists.anchors, count: options.permutations,
      streams: streams, purpose: "pairs")
    var null: [[Double]] = []
    for (i, j) in places {
      let lists = try NeighborNull(
        modalities[i].lists, modalities[j].lists, itemCount: itemCount, listLengths: [length])
      means.append(lists.observed.overlaps[0][0])
      null.append(options.permutations > 0 ? lists.statistics(under: relabelings).overlaps[0] : [])
    }
    calibrated = CalibratedValue.corrected(
      observed: means, null: null, maximum: means.map { _ in 1 })
  }
}

/// Spectra of all pairs, each modality compressed once.
private struct PairSpectra {
  var alignments: [CalibratedValue?]
  var directionsAboveNull: [Int?]

  init(
    _ modalities: [PairedModality], _ places: [(Int, Int)], itemCount: Int, options: AuditOptions,
    streams: RandomStreams
  ) throws {
    alignments = places.map { _ in nil }
    directionsAboveNull = places.map { _ in nil }
    guard options.permutations > 0 else { return }
    let factors = try modalities.map { modality in
      try modality.features.map { try PrincipalFactors(of: $0, streams: streams) }
    }
    let relabelings = Relabelings(
      itemCount: itemCount, count: options.permutations, streams: streams, purpose: "pairs")
    var measured: [(place: Int, values: (observed: Double, null: [Double]))] = []
    for (place, (i, j)) in places.enumerated() {
      guard let x = factors[i], let y = factors[j] else { continue }
      let null = try SpectrumNull(PairedFactors(x, y), relabelings: relabelings, streams: streams)
      directionsAboveNull[place] = CalibratedSpectrum(null).directionsAboveNull
      if let values = null.debiasedAlignments { measured.append((place, values)) }
    }
    let corrected = CalibratedValue.corrected(
      observed: measured.map(\.values.observed), null: measured.map(\.values.null),
      maximum: measured.map { _ in 1 })
    for (index, value) in corrected.enumerated() { alignments[measured[index].place] = value }
  }
}
