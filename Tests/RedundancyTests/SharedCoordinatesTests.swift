import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Shared coordinates")
struct SharedCoordinatesTests {
  func normals(_ seed: UInt64, _ rows: Int, _ columns: Int) -> Matrix<Float> {
    var generator = SeededGenerator(seed: seed)
    return Matrix(
      rowCount: rows, columnCount: columns,
      elements: generator.normals(rows * columns).map { Float($0) + 1 })
  }

  @Test func `leave features of one width as they are`() throws {
    let pair = FeaturePair(normals(1, 50, 7), normals(2, 50, 7))
    let shared = SharedCoordinates(try SharedSubspace(between: pair.first, and: pair.second))
    #expect(shared.express(pair) == pair)
    #expect(shared.sentence.contains("width 7"))
  }

  @Test func `carry the cross-covariance on their diagonal`() throws {
    // cov(xU, yW) = UᵀCW = diag(σ), which nothing but the singular directions gives.
    let pair = FeaturePair(normals(3, 200, 12), normals(4, 200, 5))
    let subspace = try SharedSubspace(between: pair.first, and: pair.second)
    let expressed = SharedCoordinates(subspace).express(pair)
    #expect(expressed.first.columnCount == 5 && expressed.second.columnCount == 5)
    let covariance = crossCovariance(expressed.first, expressed.second).matrix
    for i in 0..<5 {
      for j in 0..<5 {
        let expected = i == j ? subspace.singularValues[i] : 0
        #expect(abs(covariance[i, j] - expected) < 1e-6)
      }
    }
  }

  @Test func `are not centred and at most as many as asked for`() throws {
    let pair = FeaturePair(normals(5, 100, 9), normals(6, 100, 4))
    let subspace = try SharedSubspace(between: pair.first, and: pair.second)
    let expressed = SharedCoordinates(subspace, limit: 2).express(pair)
    let means = columnMeans(pair.first)
    for column in 0..<2 {
      let expected = zip(means, subspace.first.column(column)).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(columnMeans(expressed.first)[column] - expected) < 1e-5)
    }
    #expect(expressed.first.columnCount == 2)
  }
}
