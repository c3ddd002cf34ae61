import LinearAlgebra
import Statistics

/// How far two modalities cover the same ground in one planar map.
///
/// The map is centred and divided by its root-mean-square radius. Both clouds are counted in
/// 50 × 50 cells over their joint bounding box enlarged by 5 %, smoothed by a Gaussian of 1.5 cells
/// cut off at 4, and compared as Σ min(p, q).
///
/// - Reference: [CLEAR26], Figure 6.
public struct MapOverlap: Codable, Sendable, Equatable {
  /// Clouds are compared, not pairs of points.
  public let pairing: Pairing
  /// Σ min(p, q) over cells, 0 (disjoint) to 1 (equal).
  public let overlap: Double
  /// The overlap of two random halves of one modality, mean over both modalities: what samples of
  /// this size reach when there is no difference.
  public let ceiling: Double
  /// Σ min over 100 bins of the horizontal axis, smoothed by 1.5 bins.
  public let marginalX: Double
  /// The same for the vertical axis.
  public let marginalY: Double
  /// Sliced Wasserstein distance of the normalised clouds.
  public let slicedWasserstein: SlicedWassersteinDistance
}

/// Compares the two modalities of a planar map.
///
/// - Shapes: `map` is 2n × 2: the first modality's n points, then the second's.
/// - Parameters:
///   - projections: Directions of the sliced Wasserstein distance.
///   - streams: Splits modality i in halves, for the purpose `overlap-halves` and item i, and draws
///     directions as ``slicedWasserstein(_:_:projections:streams:)`` does.
/// - Throws: ``OverlapError``.
/// - Complexity: O(n·projections).
/// - Reference: [CLEAR26], Figure 6 and Equation 17.
public func mapOverlap(
  _ map: Matrix<Double>, projections: Int = 512, streams: RandomStreams
) throws(OverlapError) -> MapOverlap {
  let count = map.rowCount / 2
  guard map.columnCount == 2, map.rowCount.isMultiple(of: 2), count >= 2 else {
    throw .mapShape(rows: map.rowCount, columns: map.columnCount)
  }
  if let index = map.elements.firstIndex(where: { !$0.isFinite }) {
    throw .nonFinite(modality: index / 2 < count ? 0 : 1, row: index / 2 % count)
  }
  let normalized = normalizedMap(map)
  let grid = MapGrid(normalized)
  let first = grid.cells(of: normalized, rows: Array(0..<count))
  let second = grid.cells(of: normalized, rows: Array(count..<2 * count))
  let ceilings = (0..<2).map { modality in
    var generator = streams.generator(for: "overlap-halves", item: modality)
    let order = generator.permutation(count).map { $0 + modality * count }
    return overlapCoefficient(
      grid.cells(of: normalized, rows: Array(order[..<(count / 2)])),
      grid.cells(of: normalized, rows: Array(order[(count / 2)...])))
  }
  let marginals = (0..<2).map { axis in
    let bins = BinGrid(
      lower: grid.axes[axis].lower, upper: grid.axes[axis].upper, count: 100)
    let values = normalized.column(axis)
    return overlapCoefficient(
      gaussianSmoothed(bins.shares(of: values[..<count])),
      gaussianSmoothed(bins.shares(of: values[count...])))
  }
  let points = Matrix<Float>(normalized)
  return MapOverlap(
    pairing: .marginal, overlap: overlapCoefficient(first, second),
    ceiling: (ceilings[0] + ceilings[1]) / 2, marginalX: marginals[0], marginalY: marginals[1],
    slicedWasserstein: try slicedWasserstein(
      points.rows(0..<count), points.rows(count..<2 * count), projections: projections,
      streams: streams))
}

/// The map-free companion of ``mapOverlap(_:projections:streams:)``: the mean overlap of the two
/// clouds in feature space, projected on random directions and counted in 100 bins over their joint
/// range.
///
/// - Shapes: `a` is n × d, `b` m × d.
/// - Parameter streams: Draws direction l, for the purpose `overlap-directions` and item l.
/// - Throws: ``OverlapError``.
/// - Complexity: O((n + m)·d·directions).
public func directionalOverlap(
  _ a: Matrix<Float>, _ b: Matrix<Float>, directions: Int = 256, streams: RandomStreams
) throws(OverlapError) -> Double {
  guard directions >= 1 else { throw .directionCount(directions) }
  try requireComparableClouds(a, b)
  let drawn = RandomProjections(
    count: directions, width: a.columnCount, purpose: "overlap-directions", streams: streams)
  let overlaps = drawn.map(a, b) { first, second -> Double in
    let samples = [first.map(Double.init), second.map(Double.init)]
    guard let bins = BinGrid(covering: samples, count: 100) else { return 0 }
    return overlapCoefficient(bins.shares(of: samples[0]), bins.shares(of: samples[1]))
  }
  return overlaps.reduce(0, +) / Double(directions)
}

/// The map about its centre, divided by its root-mean-square radius; a map of equal points stays
/// at the origin.
public func normalizedMap(_ map: Matrix<Double>) -> Matrix<Double> {
  let count = Double(map.rowCount)
  let center = (0..<2).map { map.column($0).reduce(0, +) / count }
  var result = map
  for row in 0..<map.rowCount {
    for axis in 0..<2 { result[row, axis] -= center[axis] }
  }
  let radius = (result.squaredFrobeniusNorm / count).squareRoot()
  guard radius > 0 else { return result }
  for index in result.elements.indices { result.elements[index] /= radius }
  return result
}

/// Square cells over the enlarged bounding box of a map.
private struct MapGrid {
  let axes: [BinGrid]

  init(_ map: Matrix<Double>) {
    axes = (0..<2).map { axis in
      let values = map.column(axis)
      let lower = values.min() ?? 0
      let upper = values.max() ?? 0
      let margin = 0.025 * (upper - lower)
      return BinGrid(lower: lower - margin, upper: upper + margin, count: 50)
    }
  }

  /// The smoothed shares of the points in `rows`.
  func cells(of map: Matrix<Double>, rows: [Int]) -> [Double] {
    let side = axes[0].count
    var shares = [Double](repeating: 0, count: side * side)
    for row in rows {
      shares[axes[1].bin(of: map[row, 1]) * side + axes[0].bin(of: map[row, 0])] += 1
    }
    let count = Double(rows.count)
    return gaussianSmoothed(shares.map { $0 / count }, rowCount: side)
  }
}
