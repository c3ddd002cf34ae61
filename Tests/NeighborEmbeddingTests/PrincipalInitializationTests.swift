import LinearAlgebra
import NeighborEmbedding
import Statistics
import Testing

@Suite("Principal initialisation")
struct PrincipalInitializationTests {
  func deviations(_ map: Matrix<Double>) -> [Double] {
    (0..<2).map { column in
      let values = map.column(column)
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (squares / Double(values.count)).squareRoot()
    }
  }

  @Test func `has scikit-learn's principal deviations at scale 1e-4`() throws {
    let reference = try EmbeddingReference.load()
    let map = try principalInitialization(
      reference.matrix, jitter: 0, streams: RandomStreams(seed: 1))
    let found = deviations(map)
    let expected = reference.principalDeviations.map { $0 / reference.principalDeviations[0] }
    #expect(abs(found[0] - 1e-4) < 1e-12)
    #expect(abs(found[1] - 1e-4 * expected[1]) < 1e-10)
  }

  @Test func `points along the axis of largest spread`() throws {
    let points = Matrix<Float>(rows: [[0, -4, 0], [0, 4, 0], [1, 0, 0], [-1, 0, 0]])
    let map = try principalInitialization(points, jitter: 0, streams: RandomStreams(seed: 1))
    // Variances 8 and 1/2; loadings are positive.
    let unit = 1e-4 / 8.0.squareRoot()
    let expected = Matrix<Double>(
      rows: [[-4 * unit, 0], [4 * unit, 0], [0, unit], [0, -unit]])
    #expect((map - expected).maximumMagnitude < 1e-15)
  }

  @Test func `is zero for identical rows and small noise with jitter`() throws {
    let points = Matrix<Float>(rowCount: 500, columnCount: 3, repeating: 7)
    let still = try principalInitialization(points, jitter: 0, streams: RandomStreams(seed: 1))
    #expect(still.maximumMagnitude == 0)
    let noisy = try principalInitialization(points, jitter: 0.01, streams: RandomStreams(seed: 1))
    #expect(deviations(noisy).allSatisfy { abs($0 - 1e-6) < 2e-7 })
    let other = try principalInitialization(points, jitter: 0.01, streams: RandomStreams(seed: 2))
    #expect(other != noisy)
  }

  @Test func `leaves the second coordinate empty for points on a line`() throws {
    let points = Matrix<Float>(rowCount: 9, columnCount: 1, elements: (0..<9).map(Float.init))
    let map = try principalInitialization(points, jitter: 0, streams: RandomStreams(seed: 1))
    #expect(map.column(1).allSatisfy { $0 == 0 })
    #expect(abs(deviations(map)[0] - 1e-4) < 1e-15)
  }
}
