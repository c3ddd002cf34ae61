import LinearAlgebra
import Statistics

/// What is done to the rows of a modality before clouds are compared.
public enum FeatureScaling: String, Codable, Sendable, CaseIterable {
  /// Nothing.
  case raw
  /// Every row is divided by its norm; zero rows stay.
  case rowNormalized = "rownorm"
  /// The modality is divided by its root-mean-square row norm.
  case rootMeanSquare = "rms"
}

/// A sliced Wasserstein distance and how well the directions drawn determine it.
public struct SlicedWassersteinDistance: Codable, Sendable, Equatable {
  /// (1/L)·Σ_l W₁ of the clouds projected on direction l, in the unit of the features.
  public let value: Double
  /// Standard error over the directions; nil for a single one.
  public let standardError: Double?
  /// Number of directions L.
  public let projections: Int
}

/// The sliced Wasserstein distance between two modalities, before and after a projection.
///
/// The distance compares clouds: shuffling one modality's rows leaves it unchanged. Unscaled, it
/// has the unit of the features and shrinks with them.
///
/// - Reference: [CLEAR26], Equation 17; [BRPP15].
public struct SlicedWasserstein: Codable, Sendable, Equatable {
  /// The card of the unscaled distance. A common rotation changes which directions are drawn, so
  /// the value stays within what the directions leave open.
  public static let card = MeasureCard(
    name: "sliced-wasserstein", title: "Sliced Wasserstein distance",
    direction: .fallsWithLikeness, lowerBound: 0, upperBound: nil, isSymmetric: true,
    invariances: [.itemOrder, .brokenPairing, .commonRotation], source: "[CLEAR26], [BRPP15]")

  /// The distances under one scaling.
  public struct Scaled: Codable, Sendable, Equatable {
    public let name: FeatureScaling
    public let before: Double
    public let after: Double
    public let standardErrorBefore: Double?
    public let standardErrorAfter: Double?
  }

  public let pairing: Pairing
  /// Distance of the features as they are, before the projection.
  public let before: Double
  /// The same after the projection, on the same directions.
  public let after: Double
  public let standardErrorBefore: Double?
  public let standardErrorAfter: Double?
  /// Number of directions L.
  public let projections: Int
  /// Which coordinates were compared, in one sentence.
  public let coordinates: String
  /// The distances under every scaling, the unscaled ones first.
  public let scalings: [Scaled]
}

/// The sliced Wasserstein distance between two clouds of one width.
///
///     SWD = (1/L)·Σ_l W₁(θ_l·A, θ_l·B),  θ_l uniform on the unit sphere
///
/// W₁ is exact: the mean distance of sorted projections, or for clouds of different sizes the area
/// between their quantile functions.
///
/// - Shapes: `a` is n × d, `b` m × d.
/// - Parameter streams: Draws direction l, for the purpose `projection-directions` and item l.
/// - Throws: ``OverlapError``.
/// - Complexity: O((n + m)·d·L): sorting is linear.
/// - Reference: [CLEAR26], Equation 17; [BRPP15].
public func slicedWasserstein(
  _ a: Matrix<Float>, _ b: Matrix<Float>, projections: Int = 512, streams: RandomStreams
) throws(OverlapError) -> SlicedWassersteinDistance {
  try slicedDistances(a, b, scalings: [.raw], projections: projections, streams: streams)[0]
}

/// The sliced Wasserstein distances between two modalities before and after a projection, under
/// every ``FeatureScaling``.
///
/// - Parameters:
///   - before: The features.
///   - after: The projected features, of the same shapes.
///   - subspace: The subspace of `before`; its leading directions are the coordinates when the
///     widths differ.
///   - streams: Draws direction l, for the purpose `projection-directions` and item l.
/// - Throws: ``OverlapError``.
/// - Complexity: O(n·w·L) for compared width w.
/// - Reference: [CLEAR26], Equation 17; [BRPP15].
public func slicedWasserstein(
  before: FeaturePair, after: FeaturePair, subspace: SharedSubspace, projections: Int = 512,
  streams: RandomStreams
) throws(OverlapError) -> SlicedWasserstein {
  let coordinates = SharedCoordinates(subspace)
  return try comparison(
    coordinates.express(before), coordinates.express(after), coordinates.sentence, projections,
    streams)
}

/// The same, for what `projection` makes of `features`.
///
/// - Complexity: as above; the projected features are not held where the widths differ.
public func slicedWasserstein(
  of features: FeaturePair, under projection: NullSpaceProjection, subspace: SharedSubspace,
  projections: Int = 512, streams: RandomStreams
) throws(OverlapError) -> SlicedWasserstein {
  let coordinates = SharedCoordinates(subspace)
  return try comparison(
    coordinates.express(features), coordinates.express(features, under: projection),
    coordinates.sentence, projections, streams)
}

/// The distances of features that are expressed in coordinates of one width.
private func comparison(
  _ before: FeaturePair, _ after: FeaturePair, _ coordinates: String, _ projections: Int,
  _ streams: RandomStreams
) throws(OverlapError) -> SlicedWasserstein {
  var distances: [[SlicedWassersteinDistance]] = []
  for pair in [before, after] {
    distances.append(
      try slicedDistances(
        pair.first, pair.second, scalings: FeatureScaling.allCases, projections: projections,
        streams: streams))
  }
  let scalings = FeatureScaling.allCases.enumerated().map { index, name in
    SlicedWasserstein.Scaled(
      name: name, before: distances[0][index].value, after: distances[1][index].value,
      standardErrorBefore: distances[0][index].standardError,
      standardErrorAfter: distances[1][index].standardError)
  }
  return SlicedWasserstein(
    pairing: .marginal, before: scalings[0].before, after: scalings[0].after,
    standardErrorBefore: scalings[0].standardErrorBefore,
    standardErrorAfter: scalings[0].standardErrorAfter, projections: projections,
    coordinates: coordinates, scalings: scalings)
}

/// The distance under each of `scalings`, from the same projections.
private func slicedDistances(
  _ a: Matrix<Float>, _ b: Matrix<Float>, scalings: [FeatureScaling], projections: Int,
  streams: RandomStreams
) throws(OverlapError) -> [SlicedWassersteinDistance] {
  guard projections >= 1 else { throw .directionCount(projections) }
  try requireComparableClouds(a, b)
  let drawn = RandomProjections(
    count: projections, width: a.columnCount, purpose: "projection-directions", streams: streams)
  let distances = projectedDistances(a, b, scalings: scalings, drawn)
  return scalings.indices.map { index in
    let values = distances.map { $0[index] }
    return SlicedWassersteinDistance(
      value: mean(values) ?? 0, standardError: standardError(values), projections: projections)
  }
}

/// Throws unless both clouds have points of one width without NaN or infinity.
func requireComparableClouds(
  _ a: Matrix<Float>, _ b: Matrix<Float>
) throws(OverlapError) {
  guard a.rowCount > 0, b.rowCount > 0, a.columnCount > 0 else { throw .empty }
  guard a.columnCount == b.columnCount else {
    throw .widthMismatch(first: a.columnCount, second: b.columnCount)
  }
  for (modality, cloud) in [a, b].enumerated() {
    if let row = rowNorms(cloud).firstIndex(where: { !$0.isFinite }) {
      throw .nonFinite(modality: modality, row: row)
    }
  }
}
