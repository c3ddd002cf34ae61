import Calibration
import LinearAlgebra
import Neighbors
import Redundancy
import Statistics

/// Neighbour lists of features whose relation is known.
struct NeighborWorld {
  let features: (first: Matrix<Float>, second: Matrix<Float>)
  let lists: (first: NeighborLists, second: NeighborLists)

  var itemCount: Int { features.first.rowCount }

  init(
    _ first: Matrix<Float>, _ second: Matrix<Float>, width: Int, anchors: [Int]? = nil
  ) throws {
    features = (first, second)
    lists = (
      try cosineNeighbors(first, count: width, anchors: anchors),
      try cosineNeighbors(second, count: width, anchors: anchors)
    )
  }

  func null(_ listLengths: [Int]) throws -> NeighborNull {
    try NeighborNull(
      lists.first, lists.second, itemCount: itemCount, listLengths: listLengths,
      features: features)
  }

  /// Standard normal rows.
  static func noise(_ items: Int, _ width: Int, seed: UInt64) -> Matrix<Float> {
    var generator = RandomStreams(seed: seed).generator(for: "noise")
    return Matrix(
      rowCount: items, columnCount: width,
      elements: generator.normals(items * width).map { Float($0) })
  }

  /// The centre of each item's class, the same in no two modalities, with noise of its own.
  static func classes(
    _ labels: [Int], _ width: Int, spread: Double, seed: UInt64
  ) -> Matrix<Float> {
    let count = (labels.max() ?? 0) + 1
    let centers = noise(count, width, seed: seed)
    let own = noise(labels.count, width, seed: seed + 1)
    return Matrix(
      rowCount: labels.count, columnCount: width,
      elements: labels.indices.flatMap { item in
        (0..<width).map { centers[labels[item], $0] + Float(spread) * own[item, $0] }
      })
  }

  /// The features with the mean of all in the given rows.
  static func imputed(_ features: Matrix<Float>, rows: [Int]) -> Matrix<Float> {
    let center = columnMeans(features)
    var result = features
    for row in rows {
      for column in center.indices { result[row, column] = Float(center[column]) }
    }
    return result
  }
}
