import Foundation
import LinearAlgebra
import Neighbors
import Statistics

/// Features with the measures that `neighbor_measures.py` finds for their neighbour lists.
struct NeighborFixture: Decodable {
  let k: Int
  let depth: Int
  let first: [[Float]]
  let second: [[Float]]
  let rankBiasedOverlap: [String: Double]
  let subsequence: Double
  let secondOrder: Double
  let secondOrderAnchors: Int
  let alignment: Double

  static func load() throws -> NeighborFixture {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/neighbor_measures.json")
    return try JSONDecoder().decode(NeighborFixture.self, from: Data(contentsOf: url))
  }

  var features: (first: Matrix<Float>, second: Matrix<Float>) {
    (Matrix(rows: first), Matrix(rows: second))
  }

  var itemCount: Int { first.count }

  func lists() throws -> (first: NeighborLists, second: NeighborLists) {
    (
      try cosineNeighbors(features.first, count: depth),
      try cosineNeighbors(features.second, count: depth)
    )
  }
}

/// Neighbour lists for tests.
enum TestLists {
  /// Lists as given, anchors counted from 0.
  static func lists(_ rows: [[Int32]]) -> NeighborLists {
    let width = rows[0].count
    return NeighborLists(
      anchors: Array(rows.indices), width: width, indices: rows.flatMap { $0 },
      scores: [Float](repeating: 0.5, count: rows.count * width))
  }

  /// Random lists of `anchors` of `items` items.
  static func random(seed: UInt64, items: Int, anchors: Int, width: Int) -> NeighborLists {
    var generator = SeededGenerator(seed: seed)
    return lists(
      (0..<anchors).map { row in
        generator.permutation(items).filter { $0 != row }.prefix(width).map(Int32.init)
      })
  }
}
