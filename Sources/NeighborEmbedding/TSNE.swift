import LinearAlgebra
import Statistics

/// A map of points in the plane, and how faithful it is.
public struct TSNEResult: Sendable, Equatable {
  /// Coordinates of the points, n × 2; each column has mean 0, units are arbitrary.
  public let map: Matrix<Double>
  /// KL divergence of the map from the affinities, in nats; 0 or more, lower is closer.
  public let klDivergence: Double
  /// How far map neighbours are neighbours among the points, at most 1; nil when no anchor was
  /// asked for or there are not more than twice as many points as neighbours.
  public let trustworthiness: Double?
  /// Points whose neighbourhoods trustworthiness compared.
  public let trustworthinessAnchors: Int
  /// Steps of gradient descent.
  public let iterations: Int
  /// Step size of the descent.
  public let learningRate: Double
}

/// A t-SNE map of points in the plane.
///
/// The stages follow each other as plain values: exact nearest neighbours, affinities of the
/// wanted perplexity, principal components as the start, gradient descent with repulsion from a
/// grid, KL divergence and trustworthiness. Rows may be identical. The result has the same bits
/// for any number of threads.
///
/// - Parameters:
///   - points: n × d, one point a row.
///   - streams: Seeds the noise on the start and the sample of trustworthiness anchors.
///   - progress: Told of steps done and in all, every ten steps.
/// - Throws: ``TSNEError``; `LinearAlgebraError` when the principal components do not converge.
/// - Complexity: O(n²·d) once for neighbours and trustworthiness, O(n·perplexity + m² log m) a
///   step on a grid of m × m nodes that covers the map at half a unit.
/// - Reference: [MH08]; [LRHSK19] for the repulsion; [KB19] for the start; [BCA19] for the
///   learning rate.
public func tSNE(
  _ points: Matrix<Float>, options: TSNEOptions = TSNEOptions(), streams: RandomStreams,
  progress: (@Sendable (Int, Int) -> Void)? = nil
) throws -> TSNEResult {
  try tSNE(
    points, options: options, streams: streams, repulsion: .interpolated, progress: progress)
}

/// ``tSNE(_:options:streams:progress:)`` with the choice of how repulsion is summed.
package func tSNE(
  _ points: Matrix<Float>, options: TSNEOptions, streams: RandomStreams,
  repulsion: RepulsionMethod, progress: (@Sendable (Int, Int) -> Void)? = nil
) throws -> TSNEResult {
  try options.validate()
  let count = points.rowCount
  guard count > options.neighborCount else {
    throw TSNEError.tooFewPoints(
      count: count, needed: options.neighborCount + 1, perplexity: options.perplexity)
  }
  if let index = points.elements.firstIndex(where: { !$0.isFinite }) {
    throw TSNEError.nonFinite(row: index / points.columnCount, column: index % points.columnCount)
  }

  let tiles = DistanceTiles(points)
  let affinities = tsneAffinities(tiles, perplexity: options.perplexity)
  let start = try principalInitialization(points, jitter: options.jitter, streams: streams)
  let learningRate = options.learningRate ?? options.automaticLearningRate(points: count)
  let descent = GradientDescent(start: start, affinities: affinities, method: repulsion)
  for iteration in 0..<options.iterations {
    let isEarly = iteration < options.exaggerationIterations
    let advanced = descent.advance(
      exaggeration: isEarly ? options.earlyExaggeration : 1,
      momentum: isEarly ? options.initialMomentum : options.finalMomentum,
      learningRate: learningRate)
    guard advanced else {
      throw TSNEError.diverged(iteration: iteration, learningRate: learningRate)
    }
    if (iteration + 1) % 10 == 0 { progress?(iteration + 1, options.iterations) }
  }
  guard let normalizer = descent.normalizerOfMap() else {
    throw TSNEError.diverged(iteration: options.iterations, learningRate: learningRate)
  }

  let map = centered(descent.map)
  let anchors = trustworthinessAnchors(count: count, options: options, streams: streams)
  let trust = trustworthiness(
    of: map, tiles: tiles, neighbors: options.trustworthinessNeighbors, anchors: anchors)
  return TSNEResult(
    map: map, klDivergence: klDivergence(of: map, from: affinities, normalizer: normalizer),
    trustworthiness: trust, trustworthinessAnchors: trust == nil ? 0 : anchors.count,
    iterations: options.iterations, learningRate: learningRate)
}

/// The symmetric affinities P of the points behind `tiles`.
package func tsneAffinities(_ tiles: DistanceTiles, perplexity: Double) -> SparseAffinities {
  let neighbors = ExactNeighbors(of: tiles, count: Int(3 * perplexity))
  let conditional = perplexityProbabilities(neighbors, perplexity: perplexity)
  return SparseAffinities(symmetrizing: conditional, of: neighbors)
}

private func trustworthinessAnchors(
  count: Int, options: TSNEOptions, streams: RandomStreams
) -> [Int] {
  guard let wanted = options.trustworthinessAnchors, wanted < count else {
    return Array(0..<count)
  }
  var generator = streams.generator(for: "tsne-trustworthiness")
  return generator.sample(wanted, from: count)
}

private func centered(_ map: Matrix<Double>) -> Matrix<Double> {
  var result = map
  for column in 0..<2 {
    var sum = 0.0
    for row in 0..<map.rowCount { sum += map[row, column] }
    let mean = sum / Double(map.rowCount)
    for row in 0..<map.rowCount { result[row, column] -= mean }
  }
  return result
}
