import LinearAlgebra
import NeighborEmbedding
import Statistics
import Testing

@Suite("Trustworthiness")
struct TrustworthinessTests {
  @Test(arguments: [1, 10, 50])
  func `equals scikit-learn's`(neighbors: Int) throws {
    let reference = try EmbeddingReference.load()
    let map = try principalInitialization(
      reference.matrix, jitter: 0, streams: RandomStreams(seed: 1))
    let found = try #require(
      trustworthiness(
        of: map, tiles: DistanceTiles(reference.matrix), neighbors: neighbors,
        anchors: Array(0..<300)))
    let expected = try #require(reference.principalTrustworthiness["\(neighbors)"])
    #expect(abs(found - expected) < 1e-12)
  }

  @Test func `equals its definition for points with ties in several tiles`() throws {
    // Rounded coordinates in the points and in the map: many equal distances.
    let count = 1100
    var generator = SeededGenerator(seed: 4)
    let points = Matrix<Float>(
      rowCount: count, columnCount: 2,
      elements: generator.normals(2 * count).map { Float(($0 * 4).rounded()) })
    let map = Matrix(
      rowCount: count, columnCount: 2,
      elements: zip(generator.normals(2 * count), points.elements)
        .map { ($0 * 2 + Double($1)).rounded() / 2 })
    let anchors = [0, 3, 4, 5, 600, 1099]
    let k = 7
    func order(_ x: (Int) -> (Double, Double), _ row: Int) -> [Int] {
      func square(_ other: Int) -> Double {
        let (dx, dy) = (x(other).0 - x(row).0, x(other).1 - x(row).1)
        return dx * dx + dy * dy
      }
      return (0..<count).filter { $0 != row }.sorted { (square($0), $0) < (square($1), $1) }
    }
    var penalty = 0
    for row in anchors {
      let byPoints = order({ (Double(points[$0, 0]), Double(points[$0, 1])) }, row)
      for other in order({ (map[$0, 0], map[$0, 1]) }, row).prefix(k) {
        let rank = try #require(byPoints.firstIndex(of: other)) + 1
        penalty += max(0, rank - k)
      }
    }
    let expected =
      1 - 2 * Double(penalty) / Double(anchors.count * k * (2 * count - 3 * k - 1))
    let found = try #require(
      trustworthiness(of: map, tiles: DistanceTiles(points), neighbors: k, anchors: anchors))
    #expect(penalty > 0)
    #expect(abs(found - expected) < 1e-12)
  }

  @Test func `is one for a map that is the points and about a half for a random map`() throws {
    let points = normalPoints(600, 2, seed: 5)
    let tiles = DistanceTiles(points)
    let anchors = Array(0..<600)
    let perfect = trustworthiness(
      of: Matrix<Double>(points), tiles: tiles, neighbors: 10, anchors: anchors)
    #expect(perfect == 1)
    let random = try #require(
      trustworthiness(
        of: Matrix<Double>(normalPoints(600, 2, seed: 6)), tiles: tiles, neighbors: 10,
        anchors: anchors))
    #expect(abs(random - 0.5) < 0.03)
  }

  @Test func `is nil without anchors or with too many neighbours`() {
    let points = normalPoints(20, 2, seed: 7)
    let map = Matrix<Double>(points)
    let tiles = DistanceTiles(points)
    #expect(trustworthiness(of: map, tiles: tiles, neighbors: 5, anchors: []) == nil)
    #expect(trustworthiness(of: map, tiles: tiles, neighbors: 10, anchors: [1]) == nil)
    #expect(trustworthiness(of: map, tiles: tiles, neighbors: 9, anchors: [1]) == 1)
  }
}
