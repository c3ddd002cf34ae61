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

  @Test(arguments: [(12, 5), (6, 6)])
  func `of projected features need not see them`(p: Int, q: Int) throws {
    let pair = FeaturePair(normals(7, 150, p), normals(8, 150, q))
    let subspace = try SharedSubspace(between: pair.first, and: pair.second)
    // Fitted elsewhere, so that its directions are not the coordinates.
    let projection = try NullSpaceProjection(
      SharedSubspace(between: normals(9, 80, p), and: normals(10, 80, q)), rank: 3, strength: 0.8)
    let shared = SharedCoordinates(subspace)
    let found = shared.express(pair, under: projection)
    let plain = shared.express(pair.projected(by: projection))
    for (a, b) in [(found.first, plain.first), (found.second, plain.second)] {
      #expect((Matrix<Double>(a) - Matrix<Double>(b)).maximumMagnitude < 1e-5)
    }
    #expect(found.first != shared.express(pair).first)
    let streams = RandomStreams(seed: 11)
    let distances = try slicedWasserstein(
      of: pair, under: projection, subspace: subspace, projections: 20, streams: streams)
    let expected = try slicedWasserstein(
      before: pair, after: pair.projected(by: projection), subspace: subspace, projections: 20,
      streams: streams)
    #expect(distances.before == expected.before)
    #expect(abs(distances.after - expected.after) < 1e-5)
    #expect(distances.coordinates == expected.coordinates)
  }
}
