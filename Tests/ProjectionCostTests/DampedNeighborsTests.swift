import LinearAlgebra
import Neighbors
import ProjectionCost
import Redundancy
import Statistics
import Testing

@Suite("Damped neighbours")
struct DampedNeighborsTests {
  /// The lists after a map, from the products.
  func lists(
    _ features: Matrix<Float>, _ map: LowRankMap, anchors: [Int], listLength: Int
  ) throws -> NeighborLists {
    let mean = columnMeans(features)
    let centered = features.minus(mean)
    let readers =
      map.isOrthogonal
      ? map.b
      : map.b.transposed()
        .stacked(above: map.a.transposed()).transposed()
    return try DampedNeighbors(
      features, mean: mean, anchors: anchors, listLength: listLength
    ).lists(after: map, readings: product(centered, Matrix<Float>(readers)))
  }

  /// Sorted double-precision cosines of the features multiplied by the matrix written out.
  func plain(
    _ features: Matrix<Float>, _ map: LowRankMap, anchors: [Int], listLength: Int
  ) -> [[Int32]] {
    let rows = CostWorlds.applied(map, features)
    let norms = (0..<rows.rowCount).map { index in
      rows.row(index).reduce(0) { $0 + $1 * $1 }.squareRoot()
    }
    return anchors.map { anchor in
      let scores = (0..<rows.rowCount).map { item -> Double in
        let scale = norms[anchor] * norms[item]
        return scale > 0
          ? zip(rows.row(anchor), rows.row(item)).reduce(0) { $0 + $1.0 * $1.1 } / scale : 0
      }
      return (0..<rows.rowCount).filter { $0 != anchor }
        .sorted { (-scores[$0], $0) < (-scores[$1], $1) }.prefix(listLength).map(Int32.init)
    }
  }

  func maps(_ features: FeaturePair, rank: Int, strength: Double) throws -> [LowRankMap] {
    try CostWorlds.maps(features, rank: rank, strength: strength).map(\.first)
  }

  func compare(_ features: FeaturePair, rank: Int, strength: Double) throws {
    let anchors = Array(stride(from: 0, to: features.first.rowCount, by: 7))
    for map in try maps(features, rank: rank, strength: strength) {
      let found = try lists(features.first, map, anchors: anchors, listLength: 10)
      let expected = plain(features.first, map, anchors: anchors, listLength: 10)
      for row in anchors.indices {
        #expect(Array(found.neighbors(ofRow: row)) == expected[row])
      }
    }
  }

  @Test(arguments: [(1, 0.4), (3, 1.0), (6, 0.8)])
  func `are those of the mapped features`(rank: Int, strength: Double) throws {
    try compare(
      CostWorlds.mixed(items: 300, widths: (16, 9), seed: 71), rank: rank, strength: strength)
  }

  @Test func `are those of the search on the mapped features`() throws {
    let features = CostWorlds.mixed(items: 400, widths: (24, 12), seed: 72)
    let anchors = [3, 50, 111, 399]
    for map in try maps(features, rank: 4, strength: 0.9) + [.identity(width: 24)] {
      let found = try lists(features.first, map, anchors: anchors, listLength: 10)
      let searched = try cosineNeighbors(
        map.apply(features.first), count: 10, anchors: anchors)
      #expect(found.indices == searched.indices)
      for (a, b) in zip(found.scores, searched.scores) { #expect(abs(a - b) < 1e-5) }
    }
  }

  @Test func `keep their order far from the origin`() throws {
    var features = CostWorlds.mixed(items: 300, widths: (16, 9), seed: 73).first
    for index in features.elements.indices { features.elements[index] += 500 }
    try compare(
      FeaturePair(features, CostWorlds.mixed(items: 300, widths: (16, 9), seed: 73).second),
      rank: 3, strength: 1)
  }

  /// Copies stand in whole and in cut tiles of the products, which may round differently.
  @Test func `of copies of an item tie by index`() throws {
    let world = CostWorlds.mixed(items: 1037, widths: (259, 9), seed: 74)
    let copies = Array(stride(from: 5, to: 1037, by: 9))
    var first = world.first
    for item in copies {
      for column in 0..<first.columnCount { first[item, column] = first[5, column] }
    }
    for map in try maps(FeaturePair(first, world.second), rank: 3, strength: 0.7) {
      let found = try lists(first, map, anchors: copies, listLength: 10)
      for (row, anchor) in copies.enumerated() {
        let others = copies.filter { $0 != anchor }.prefix(10).map(Int32.init)
        #expect(Array(found.neighbors(ofRow: row)) == others)
      }
    }
  }

  @Test func `of strength zero are exactly those of the identity`() throws {
    let features = CostWorlds.mixed(items: 300, widths: (16, 9), seed: 75)
    let anchors = Array(0..<300)
    let before = try lists(features.first, .identity(width: 16), anchors: anchors, listLength: 10)
    for map in try maps(features, rank: 5, strength: 0) {
      #expect(try lists(features.first, map, anchors: anchors, listLength: 10) == before)
    }
  }

  @Test func `of nothing left are the first items with cosine zero`() throws {
    let features = CostWorlds.mixed(items: 40, widths: (6, 6), seed: 76)
    let all = LowRankMap(orthonormal: CostWorlds.basis(6, 6, seed: 77), strength: 1)
    let found = try lists(features.first, all, anchors: [1], listLength: 3)
    #expect(found.indices == [0, 2, 3] && found.scores == [0, 0, 0])
    let zero = Matrix<Float>(rowCount: 40, columnCount: 6)
    #expect(try lists(zero, all, anchors: [0], listLength: 2).indices == [1, 2])
  }

  @Test func `refuse anchors, lengths and features that cannot be`() throws {
    var features = CostWorlds.mixed(items: 20, widths: (6, 6), seed: 78).first
    let map = LowRankMap.identity(width: 6)
    #expect(throws: NeighborError.countOutOfRange(count: 20, items: 20)) {
      try lists(features, map, anchors: [0], listLength: 20)
    }
    #expect(throws: NeighborError.anchorOutOfRange(anchor: 20, items: 20)) {
      _ = try DampedNeighbors(
        features, mean: [0, 0, 0, 0, 0, 0], anchors: [20], listLength: 2)
    }
    features[7, 1] = .infinity
    #expect(throws: NeighborError.self) { try lists(features, map, anchors: [0], listLength: 2) }
  }

  @Test func `have the same bits for any number of threads`() throws {
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    let features = CostWorlds.mixed(items: 900, widths: (30, 9), seed: 79)
    let map = try maps(features, rank: 4, strength: 0.7)[4]
    let results = try [1, 4].map { count in
      Parallel.threadCount = count
      return try lists(features.first, map, anchors: Array(0..<100), listLength: 10)
    }
    #expect(results[0] == results[1])
  }
}
