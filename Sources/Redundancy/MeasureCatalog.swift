import LinearAlgebra
import Neighbors
import Statistics

/// One measure of two modalities: what it is, and how it is taken.
public struct Measure: Sendable {
  /// What it is.
  public let card: MeasureCard
  /// How far what it draws at random moves the value, as a share of the value: about one standard
  /// error at some hundreds of items, 0 where nothing is drawn.
  public let samplingError: Double
  /// The value for features n × p and n × q, nil where the data leaves it undefined; a measure
  /// that compares coordinates takes p = q.
  public let evaluate: Evaluation

  public typealias Evaluation = @Sendable (
    _ first: Matrix<Float>, _ second: Matrix<Float>, _ streams: RandomStreams
  ) throws -> Double?

  public init(
    _ card: MeasureCard, samplingError: Double = 0, evaluate: @escaping Evaluation
  ) {
    self.card = card
    self.samplingError = samplingError
    self.evaluate = { first, second, streams in
      try evaluate(first, second, streams).flatMap { $0.isFinite ? $0 : nil }
    }
  }
}

/// Every measure of two modalities, by its card.
public enum MeasureCatalog {
  /// The measures, those that use the pairing first.
  public static let all = paired + marginal

  /// Measures that use which rows belong together.
  public static let paired = [
    Measure(CenteredKernelAlignment.debiasedCard) { first, second, _ in
      try CenteredKernelAlignment(between: first, and: second).debiased
    },
    Measure(CenteredKernelAlignment.biasedCard) { first, second, _ in
      try CenteredKernelAlignment(between: first, and: second).biased
    },
    Measure(CanonicalCorrelation.card) { first, second, _ in
      try CanonicalCorrelation(JointCovariance(between: first, and: second)).correlations.first
    },
    Measure(RetrievalOverlap.card) { first, second, _ in
      try mutualNearestNeighbors(
        neighbors(first, 10), neighbors(second, 10), itemCount: first.rowCount)
    },
    Measure(RankBiasedOverlap.card) { first, second, _ in
      try RankBiasedOverlap(
        neighbors(first, 100), neighbors(second, 100), itemCount: first.rowCount
      ).mean
    },
    Measure(NeighborSubsequence.card) { first, second, _ in
      try NeighborSubsequence(
        neighbors(first, 10), neighbors(second, 10), itemCount: first.rowCount
      ).mean
    },
    Measure(SecondOrderNeighbors.card) { first, second, _ in
      try SecondOrderNeighbors(
        neighbors(first, 10), neighbors(second, 10), features: (first, second)
      ).mean
    },
    Measure(NearestNeighborAlignment.card) { first, second, _ in
      try NearestNeighborAlignment(
        neighbors(first, 10), neighbors(second, 10), features: (first, second)
      ).value
    },
    Measure(SVCCA.card) { first, second, _ in try SVCCA(between: first, and: second).value },
    Measure(ProjectionWeightedCCA.card) { first, second, _ in
      try ProjectionWeightedCCA(between: first, and: second).value
    },
    Measure(ProcrustesSimilarity.card) { first, second, _ in
      try ProcrustesSimilarity(between: first, and: second).similarity
    },
    Measure(ProcrustesSimilarity.angleCard) { first, second, _ in
      try ProcrustesSimilarity(between: first, and: second).angle
    },
    Measure(CovarianceSpectrum.leadingCard) { first, second, _ in
      try singularValues(covariance(first, second)).first
    },
    Measure(CovarianceSpectrum.normCard) { first, second, _ in
      try covariance(first, second).squaredFrobeniusNorm.squareRoot()
    },
  ]

  /// Measures that compare the clouds as a whole.
  public static let marginal = [
    Measure(ScoreDensity.card) { first, second, streams in
      try scoreDensity(
        neighbors(first, ScoreDensity.usualLength), neighbors(second, ScoreDensity.usualLength),
        names: ("first", "second"), streams: streams
      ).overlapCoefficient
    },
    Measure(ModalityGap.card) { first, second, _ in
      ModalityGap(between: first, and: second).distance
    },
    Measure(SlicedWasserstein.card, samplingError: 0.03) { first, second, streams in
      try slicedWasserstein(first, second, streams: streams).value
    },
    Measure(MaxSlicedWasserstein.card, samplingError: 0.01) { first, second, streams in
      try MaxSlicedWasserstein(between: first, and: second, streams: streams).value
    },
    Measure(EnergyDistance.card, samplingError: 0.02) { first, second, streams in
      try EnergyDistance(between: first, and: second, streams: streams).value
    },
    Measure(TwoSampleClassifier.card, samplingError: 0.02) { first, second, streams in
      try TwoSampleClassifier(between: first, and: second, streams: streams).auc
    },
  ]

  /// The neighbour lists of `count` items, or as many as there are.
  ///
  /// - Throws: `NeighborError` for fewer than two items.
  private static func neighbors(
    _ features: Matrix<Float>, _ count: Int
  ) throws -> NeighborLists {
    try cosineNeighbors(features, count: max(1, min(count, features.rowCount - 1)))
  }

  private static func covariance(
    _ first: Matrix<Float>, _ second: Matrix<Float>
  ) throws(RedundancyError) -> Matrix<Double> {
    try requireComparable(first, second)
    return crossCovariance(first, second).matrix
  }
}
