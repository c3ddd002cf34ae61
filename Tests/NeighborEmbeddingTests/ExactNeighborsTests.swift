import LinearAlgebra
import NeighborEmbedding
import Statistics
import Testing

@Suite("Exact neighbours")
struct ExactNeighborsTests {
  /// The definition: every pair in double precision, sorted by distance and index.
  func plainNeighbors(_ points: Matrix<Float>, of row: Int, count: Int) -> [Int32] {
    let distances = (0..<points.rowCount).map { other in
      zip(points.row(row), points.row(other)).reduce(0.0) { sum, pair in
        sum + (Double(pair.0) - Double(pair.1)) * (Double(pair.0) - Double(pair.1))
      }
    }
    return (0..<points.rowCount).filter { $0 != row }
      .sorted { (distances[$0], $0) < (distances[$1], $1) }
      .prefix(count).map(Int32.init)
  }

  @Test(arguments: [(40, 1, 3), (300, 8, 30), (1300, 5, 90), (2, 4, 1)])
  func `agree with sorting all pairs`(count: Int, width: Int, neighbors: Int) {
    let points = normalPoints(count, width, seed: UInt64(count))
    let found = ExactNeighbors(of: DistanceTiles(points), count: neighbors)
    for row in stride(from: 0, to: count, by: max(1, count / 40)) {
      #expect(Array(found.neighbors(of: row)) == plainNeighbors(points, of: row, count: neighbors))
    }
  }

  @Test func `break ties by lower row`() {
    // Seven places with a hundred points each: every distance is shared by a hundred rows.
    let rows = (0..<700).map { [Float($0 % 7), Float(($0 % 7) * ($0 % 7))] }
    let points = Matrix(rows: rows)
    let found = ExactNeighbors(of: DistanceTiles(points), count: 150)
    for row in [0, 3, 350, 699] {
      #expect(Array(found.neighbors(of: row)) == plainNeighbors(points, of: row, count: 150))
    }
  }

  @Test(arguments: [Float(1e-30), 1, 1e30])
  func `do not depend on the unit or on a far origin`(unit: Float) {
    let points = normalPoints(200, 3, seed: 5)
    let expected = ExactNeighbors(of: DistanceTiles(points), count: 10)
    var moved = points
    for index in moved.elements.indices { moved.elements[index] = points.elements[index] * unit }
    let found = ExactNeighbors(of: DistanceTiles(moved), count: 10)
    #expect(found.indices == expected.indices)
  }

  @Test func `survive an outlier that dwarfs all other points`() {
    var points = normalPoints(400, 4, seed: 6)
    points.elements[0] = 1e12
    let found = ExactNeighbors(of: DistanceTiles(points), count: 12)
    for row in [0, 1, 200] {
      #expect(Array(found.neighbors(of: row)) == plainNeighbors(points, of: row, count: 12))
    }
  }
}
