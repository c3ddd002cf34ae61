import LinearAlgebra
import Neighbors
import Redundancy
import Statistics

/// One modality with everything that its costs need and no map changes.
struct DampedModality {
  /// Neighbours before.
  let lists: NeighborLists
  /// Label probes before.
  let baseline: ProbeBaseline

  private let features: Matrix<Float>
  private let mean: [Double]
  private let covariance: Matrix<Double>
  private let neighbors: DampedNeighbors
  private let labels: [Int]?
  private let probe: LinearProbe?
  /// V, d × r: the coordinates of the probe.
  private let directions: Matrix<Double>

  /// - Parameters:
  ///   - covariance: Σ of the features.
  ///   - directions: Their leading principal directions.
  ///   - anchors: Items whose neighbours are looked at.
  ///   - labels: The class of every item, at least two different ones, or nil.
  ///   - folds: Those of the linear probe.
  init(
    _ features: Matrix<Float>, covariance: Matrix<Double>, directions: Matrix<Double>,
    anchors: [Int], listLength: Int, labels: [Int]?, folds: [Int]
  ) throws {
    self.features = features
    mean = columnMeans(features)
    neighbors = try DampedNeighbors(
      features, mean: mean, anchors: anchors, listLength: listLength)
    self.covariance = covariance
    self.directions = directions
    self.labels = labels
    let nothing = Matrix<Float>(rowCount: features.rowCount, columnCount: 0)
    lists = neighbors.lists(after: .identity(width: features.columnCount), readings: nothing)
    let mean = mean
    probe = labels.flatMap {
      LinearProbe(
        coordinates: Matrix<Double>(
          centeredProduct(features, mean: mean, Matrix<Float>(directions))),
        labels: $0, folds: folds)
    }
    let before = lists
    baseline = ProbeBaseline(
      voteAccuracy: labels.flatMap { neighborVoteAccuracy(before, labels: $0) },
      linearAccuracy: try probe?.accuracy(
        readings: Matrix<Double>(nothing),
        written: Matrix(rowCount: 0, columnCount: directions.columnCount), strength: 0))
  }

  /// The cost of every map, and the neighbours after it.
  ///
  /// - Complexity: 4·n·d·k operations for each map, half for an orthogonal one, and those of
  ///   ``DampedNeighbors`` and ``LinearProbe``.
  func costs(of maps: [LowRankMap]) throws -> [(cost: ModalityCost, lists: NeighborLists)] {
    // Maps are read several at a time, so that the features pass through memory less often.
    let columns = maps.reduce(1) { max($0, 2 * $1.rank) }
    let groups = BlockGrid(count: maps.count, size: max(1, 512 / columns))
    return try (0..<groups.blockCount).flatMap { group in
      let members = maps[groups.range(group)]
      let readers = members.map { $0.isOrthogonal ? $0.b : sideBySide([$0.b, $0.a]) }
      let readings = centeredProduct(
        features, mean: mean, Matrix<Float>(sideBySide(readers)))
      let images = product(covariance, sideBySide(members.map(\.b)))
      var reader = 0..<0
      var image = 0..<0
      return try zip(members, readers).map { map, columns in
        reader = reader.upperBound..<reader.upperBound + columns.columnCount
        image = image.upperBound..<image.upperBound + map.rank
        return try cost(
          of: map, readings: readings.columns(reader), image: images.columns(image))
      }
    }
  }

  private func cost(
    of map: LowRankMap, readings: Matrix<Float>, image: Matrix<Double>
  ) throws -> (cost: ModalityCost, lists: NeighborLists) {
    let after = neighbors.lists(after: map, readings: readings)
    let cost = ModalityCost(
      variance: VarianceCost(of: map, image: image, totalVariance: covariance.trace),
      neighborsKept: try commonNeighbors(lists, after, itemCount: features.rowCount),
      voteAccuracy: labels.flatMap { neighborVoteAccuracy(after, labels: $0) },
      linearAccuracy: try probe?.accuracy(
        readings: Matrix<Double>(readings.leadingColumns(map.rank)),
        written: product(map.a, .transposed, directions, .none), strength: map.strength))
    return (cost, after)
  }
}

/// The mean share of common items of two modalities' or two moments' lists.
func commonNeighbors(
  _ first: NeighborLists, _ second: NeighborLists, itemCount: Int
) throws(OverlapError) -> MeasuredShare {
  let overlap = try retrievalOverlaps(
    first, second, itemCount: itemCount, listLengths: [first.width]
  ).levels[0]
  return MeasuredShare(value: overlap.mean, standardError: overlap.standardError)
}

extension Matrix where Scalar == Float {
  /// The rows minus a centre, rounded to single precision.
  package func minus(_ center: [Double]) -> Matrix<Float> {
    precondition(center.count == columnCount, "the centre has \(center.count) entries")
    var result = self
    let grid = BlockGrid(count: rowCount, size: 256)
    result.elements.withUnsafeMutableBufferPointer { target in
      guard !target.isEmpty else { return }
      let out = SharedBuffer(target)
      Parallel.forEach(grid.blockCount) { block in
        center.withUnsafeBufferPointer { center in
          for row in grid.range(block) {
            let values = out.base + row * center.count
            for column in 0..<center.count {
              values[column] = Float(Double(values[column]) - center[column])
            }
          }
        }
      }
    }
    return result
  }
}
