import LinearAlgebra
import Statistics

/// The largest Wasserstein distance between two clouds projected on one direction.
///
///     max-SWD = max_θ W₁(θ·A, θ·B),  ‖θ‖ = 1
///
/// The best of the sampled directions is refined by projected subgradient ascent, so the value is
/// a lower bound of the maximum and at least the best sampled one. In many dimensions random
/// directions see little of what one direction holds; this one looks for it.
///
/// - Range: 0 to the Wasserstein distance of the clouds, in the unit of the features.
/// - Reference: [DHSSPFSF19].
public struct MaxSlicedWasserstein: Codable, Sendable, Equatable {
  /// Shuffling the rows of one modality changes nothing.
  public let pairing: Pairing
  /// The largest distance found.
  public let value: Double
  /// The largest distance on a sampled direction.
  public let sampled: Double
  /// Number of sampled directions L.
  public let projections: Int
  /// Refining steps that found a larger distance.
  public let steps: Int

  public static let card = MeasureCard(
    name: "max-sliced-wasserstein", title: "Max-sliced Wasserstein distance",
    direction: .fallsWithLikeness, lowerBound: 0, upperBound: nil, isSymmetric: true,
    invariances: [.itemOrder, .brokenPairing, .commonRotation], source: "[DHSSPFSF19]")

  /// The distance between features n × d and m × d.
  ///
  /// - Parameters:
  ///   - projections: Number of sampled directions L.
  ///   - stepLimit: Most refining steps.
  ///   - streams: Draws direction l, for the purpose `projection-directions` and item l: those of
  ///     the mean over directions, ``slicedWasserstein(_:_:projections:streams:)``.
  /// - Throws: ``OverlapError``.
  /// - Complexity: O((n + m)·d·L), and at most 4 times O((n + m)·(d + log(n + m))) a step.
  public init(
    between first: Matrix<Float>, and second: Matrix<Float>, projections: Int = 512,
    stepLimit: Int = 30, streams: RandomStreams
  ) throws(OverlapError) {
    guard projections >= 1 else { throw .directionCount(projections) }
    try requireComparableClouds(first, second)
    let drawn = RandomProjections(
      count: projections, width: first.columnCount, purpose: "projection-directions",
      streams: streams)
    let distances = projectedDistances(first, second, scalings: [.raw], drawn).map { $0[0] }
    let start = distances.indices.max { distances[$0] < distances[$1] } ?? 0
    var direction = Array(drawn.directions.row(start))
    var best = ProjectedPlan(first, second, on: direction)
    var taken = 0
    while taken < stepLimit,
      let next = Self.ascended(from: direction, best, between: first, and: second)
    {
      (direction, best) = next
      taken += 1
    }
    pairing = .marginal
    sampled = distances[start]
    value = max(sampled, best.distance)
    steps = taken
    self.projections = projections
  }

  /// A direction with a larger distance, between θ and its subgradient; nil when none is found.
  ///
  /// The distance is positively homogeneous in θ, so that g·θ is the distance itself, and g/‖g‖ is
  /// the direction that would be best if the transport plan stayed as it is.
  private static func ascended(
    from direction: [Double], _ plan: ProjectedPlan, between first: Matrix<Float>,
    and second: Matrix<Float>
  ) -> ([Double], ProjectedPlan)? {
    guard let target = unit(plan.subgradient) else { return nil }
    for share in [1, 0.5, 0.25, 0.125] {
      guard
        let candidate = unit(
          zip(direction, target).map { (1 - share) * $0 + share * $1 })
      else { continue }
      let reached = ProjectedPlan(first, second, on: candidate)
      if reached.distance > plan.distance * (1 + 1e-9) { return (candidate, reached) }
    }
    return nil
  }

  private static func unit(_ vector: [Double]) -> [Double]? {
    let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return norm > 0 ? vector.map { $0 / norm } : nil
  }
}

/// The optimal transport of two clouds projected on one direction.
private struct ProjectedPlan {
  /// W₁.
  let distance: Double
  /// Σ mass · sign(θ·xᵢ − θ·yⱼ) · (xᵢ − yⱼ) over the pairs that are matched.
  let subgradient: [Double]

  init(_ a: Matrix<Float>, _ b: Matrix<Float>, on direction: [Double]) {
    let theta = Matrix(rowCount: 1, columnCount: direction.count, elements: direction)
    let x = VectorKernels.project([a], on: theta)
    let y = VectorKernels.project([b], on: theta)
    let first = x.indices.sorted { (x[$0], $0) < (x[$1], $1) }
    let second = y.indices.sorted { (y[$0], $0) < (y[$1], $1) }
    var pullFirst = [Double](repeating: 0, count: x.count)
    var pullSecond = [Double](repeating: 0, count: y.count)
    var sum = 0.0
    var i = 0
    var j = 0
    var time = 0
    // Time runs from 0 to n·m; the i-th smallest of n values holds for m of it.
    while i < x.count, j < y.count {
      let end = min((i + 1) * y.count, (j + 1) * x.count)
      let difference = Double(x[first[i]]) - Double(y[second[j]])
      let mass = Double(end - time)
      sum += mass * abs(difference)
      let sign: Double = difference > 0 ? 1 : difference < 0 ? -1 : 0
      pullFirst[first[i]] += mass * sign
      pullSecond[second[j]] -= mass * sign
      time = end
      if end == (i + 1) * y.count { i += 1 }
      if end == (j + 1) * x.count { j += 1 }
    }
    let total = Double(x.count) * Double(y.count)
    distance = sum / total
    subgradient = zip(weightedSum(a, pullFirst), weightedSum(b, pullSecond)).map {
      ($0 + $1) / total
    }
  }
}

/// Σ wᵢ·xᵢ over the rows, in parallel over blocks of them.
private func weightedSum(_ cloud: Matrix<Float>, _ weights: [Double]) -> [Double] {
  let width = cloud.columnCount
  let grid = BlockGrid(count: cloud.rowCount, size: 256)
  let partials = Parallel.map(grid.blockCount) { block in
    var sum = [Double](repeating: 0, count: width)
    for row in grid.range(block) {
      for column in 0..<width {
        sum[column] += weights[row] * Double(cloud.elements[row * width + column])
      }
    }
    return sum
  }
  return partials.reduce(into: [Double](repeating: 0, count: width)) { total, part in
    for column in 0..<width { total[column] += part[column] }
  }
}
