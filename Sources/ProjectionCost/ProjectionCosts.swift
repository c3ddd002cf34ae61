import LinearAlgebra
import Neighbors
import Redundancy
import Statistics

/// What CLEAR's projection costs each of two modalities, beside other ways of choosing as many
/// directions.
///
/// The same rank k and strength λ are used by all. Neighbours are the nearest items under the
/// cosine of uncentred features, of a seeded sample of anchors among all items; labels are read by
/// those neighbours' vote and by a linear probe.
///
/// The linear probe is a ridge regression: for λ < 1 every map here is invertible and an
/// unregularised linear probe could not change. What the ridge probe loses is what becomes weak,
/// not what vanishes.
///
/// - Reference: [CLEAR26]; [BSRCRB23].
public struct ProjectionCosts: Codable, Sendable, Equatable {
  /// Redundancy rank k.
  public let rank: Int
  /// Projection strength λ.
  public let strength: Double
  /// The ridge of whitened ways, as a share of the mean variance of a modality's features.
  public let regularization: Double
  /// Number of anchors.
  public let anchorCount: Int
  /// List length K of the neighbour numbers.
  public let listLength: Int
  /// Share of common neighbours that both modalities have before.
  public let overlapBefore: MeasuredShare
  /// The share K/(n − 1) of two independent random lists.
  public let overlapChance: Double
  /// Number of different labels, where there are labels.
  public let classCount: Int?
  /// The share of the largest class, which a probe that knows nothing reaches.
  public let chanceAccuracy: Double?
  /// Label probes before, of the first and of the second modality.
  public let before: [ProbeBaseline]
  /// Every way but the random one, CLEAR's first.
  public let ways: [DampingCost]
  /// The random way; nil when no draw was asked for.
  public let random: RandomControl?

  /// Anchors that are usual: shares are then known to about 0.02.
  public static let usualAnchorCount = 256
  /// Neighbours of each anchor, where there are as many other items.
  public static let usualListLength = 10
  /// Principal coordinates that the linear probe reads.
  static let probeWidth = 256
  private static let foldCount = 5

  /// Measures the costs of damping `features`.
  ///
  /// - Parameters:
  ///   - features: Two modalities, n × p and n × q.
  ///   - subspace: Their shared subspace, where it is already known.
  ///   - joint: Their covariances, where they are already known.
  ///   - labels: The class of every item, any integers; nil without labels. Clusters of the
  ///     features themselves are no labels.
  ///   - randomDraws: Random subspaces of the control; 5 to 20 are usual.
  ///   - streams: Seeds anchors, folds and random subspaces.
  /// - Throws: ``RedundancyError/itemCountMismatch(first:second:)``,
  ///   ``RedundancyError/tooFewItems(count:needed:)``,
  ///   ``RedundancyError/rankOutOfRange(rank:available:)``,
  ///   ``RedundancyError/strengthOutOfRange(_:)``,
  ///   ``RedundancyError/labelCountMismatch(labels:items:)``, and `LinearAlgebraError` or
  ///   `NeighborError` when features are not finite.
  /// - Complexity: for each modality of width d: n·d² operations for the covariance, d³/3 for the
  ///   whitening, 2·m·n·d for m anchors, 1000·d² for principal directions, 2·n·d·k for each way.
  public init(
    of features: FeaturePair, subspace: SharedSubspace? = nil, joint: JointCovariance? = nil,
    rank: Int, strength: Double, labels: [Int]? = nil, randomDraws: Int = 10,
    regularization: Double = CanonicalCorrelation.defaultRegularization, streams: RandomStreams
  ) throws {
    precondition(randomDraws >= 0, "a number of draws is not negative, got \(randomDraws)")
    let n = features.first.rowCount
    if let labels, labels.count != n {
      throw RedundancyError.labelCountMismatch(labels: labels.count, items: n)
    }
    let subspace = try subspace ?? SharedSubspace(between: features.first, and: features.second)
    let joint =
      try joint
      ?? JointCovariance(
        between: features.first, and: features.second, covariance: subspace.covariance)
    // Before the maker, whose factors are as large as the covariances.
    let principal = try [joint.first, joint.second].map {
      try principalDirections($0, count: max(rank, Self.probeWidth))
    }
    releaseFreedMemory()
    let maker = try DampingMapMaker(
      subspace, joint, rank: rank, strength: strength, regularization: regularization)
    let maps =
      try [
        maker.shared(), maker.trailing(), maker.principal(principal), maker.canonical(),
        maker.leastSquares(),
      ] + (0..<randomDraws).map { maker.random(draw: $0, streams: streams) }

    var generator = streams.generator(for: "projection-cost-anchors")
    let anchors = generator.sample(min(Self.usualAnchorCount, n), from: n)
    let length = min(Self.usualListLength, n - 1)
    let classes = labels.map { Set($0).count }
    let readable = (classes ?? 0) > 1 ? labels : nil
    let folds = stratifiedFolds(
      labels: readable ?? [], count: min(Self.foldCount, n), streams: streams)
    // One modality after the other: each holds a copy of its features only while it is measured.
    func measured(
      _ matrix: Matrix<Float>, _ covariance: Matrix<Double>, _ directions: Matrix<Double>,
      _ maps: [LowRankMap]
    ) throws -> MeasuredModality {
      let modality = try DampedModality(
        matrix, covariance: covariance,
        directions: directions.leadingColumns(min(directions.columnCount, Self.probeWidth)),
        anchors: anchors, listLength: length, labels: readable, folds: folds)
      return MeasuredModality(
        lists: modality.lists, baseline: modality.baseline, costs: try modality.costs(of: maps))
    }
    let first = try measured(features.first, joint.first, principal[0], maps.map(\.first))
    let second = try measured(features.second, joint.second, principal[1], maps.map(\.second))
    let shared = Parallel.map(maps.count) { way in
      Result { try SharedCovarianceLeft(subspace, maps[way]) }
    }
    let costs = try maps.indices.map { way in
      DampingCost(
        damping: maps[way].damping, sharedCovariance: try shared[way].get(),
        overlap: try commonNeighbors(
          first.costs[way].lists, second.costs[way].lists, itemCount: n),
        modalities: [first.costs[way].cost, second.costs[way].cost])
    }

    self.rank = rank
    self.strength = strength
    self.regularization = regularization
    anchorCount = anchors.count
    listLength = length
    overlapBefore = try commonNeighbors(first.lists, second.lists, itemCount: n)
    overlapChance = Double(length) / Double(n - 1)
    classCount = classes
    chanceAccuracy = labels.map { labels in
      let sizes = Dictionary(labels.map { ($0, 1) }, uniquingKeysWith: +).values
      return Double(sizes.max() ?? 0) / Double(n)
    }
    before = [first.baseline, second.baseline]
    ways = costs.filter { $0.damping != .random }
    random = RandomControl(costs.filter { $0.damping == .random }, reference: costs[0])
  }
}

/// One modality's numbers before and after every map.
private struct MeasuredModality {
  let lists: NeighborLists
  let baseline: ProbeBaseline
  let costs: [(cost: ModalityCost, lists: NeighborLists)]
}
