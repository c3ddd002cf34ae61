import LinearAlgebra
import NeighborEmbedding
import Statistics
import Testing

@Suite("Gradient descent")
struct GradientDescentTests {
  let affinities: SparseAffinities
  let map: Matrix<Double>

  init() {
    affinities = tsneAffinities(DistanceTiles(normalPoints(120, 4, seed: 8)), perplexity: 8)
    var generator = SeededGenerator(seed: 9)
    map = Matrix(
      rowCount: 120, columnCount: 2, elements: generator.normals(240).map { $0 * 3 })
  }

  func divergence(_ map: Matrix<Double>) throws -> Double {
    let descent = GradientDescent(start: map, affinities: affinities, method: .exact)
    let z = try #require(descent.normalizerOfMap())
    return klDivergence(of: map, from: affinities, normalizer: z)
  }

  @Test func `follows the gradient of the KL divergence`() throws {
    let descent = GradientDescent(start: map, affinities: affinities, method: .exact)
    let gradient = try #require(descent.gradient(exaggeration: 1))
    // Central differences; single-precision coordinates keep the step from being smaller.
    let step = 1.0 / 64
    for index in [0, 1, 57, 118, 239] {
      var (ahead, behind) = (map, map)
      ahead.elements[index] += step
      behind.elements[index] -= step
      let slope = try (divergence(ahead) - divergence(behind)) / (2 * step)
      #expect(abs(slope - gradient.elements[index]) < 2e-3 * gradient.maximumMagnitude)
    }
  }

  @Test func `lowers the KL divergence step by step`() throws {
    let descent = GradientDescent(start: map, affinities: affinities, method: .interpolated)
    var last = try divergence(map)
    for _ in 0..<20 {
      #expect(descent.advance(exaggeration: 1, momentum: 0, learningRate: 20))
      let next = try divergence(descent.map)
      #expect(next < last)
      last = next
    }
  }

  @Test func `takes the steps that momentum and gains prescribe`() throws {
    let descent = GradientDescent(start: map, affinities: affinities, method: .exact)
    let first = try #require(descent.gradient(exaggeration: 4))
    #expect(descent.advance(exaggeration: 4, momentum: 0.5, learningRate: 10))
    // The first step has no predecessor: every gain shrinks to 0.8.
    var expected = map
    for index in expected.elements.indices { expected.elements[index] -= 8 * first.elements[index] }
    #expect((descent.map - expected).maximumMagnitude < 1e-12)

    let second = try #require(descent.gradient(exaggeration: 1))
    #expect(descent.advance(exaggeration: 1, momentum: 0.8, learningRate: 10))
    for index in expected.elements.indices {
      let step = -8 * first.elements[index]
      let gain = step * second.elements[index] < 0 ? 1.0 : 0.64
      expected.elements[index] += 0.8 * step - 10 * gain * second.elements[index]
    }
    #expect((descent.map - expected).maximumMagnitude < 1e-12)
  }

  @Test func `of a perfect map has no divergence`() {
    // Three points at equal distances, three equal probabilities.
    let p = SparseAffinities(
      symmetrizing: [0.5, 0.5, 0.5, 0.5, 0.5, 0.5],
      of: ExactNeighbors(
        of: DistanceTiles(Matrix(rows: [[1, 0, 0], [0, 1, 0], [0, 0, 1]])), count: 2))
    let map = Matrix<Double>(rows: [[0, 0], [1, 0], [0.5, 0.75.squareRoot()]])
    #expect(abs(klDivergence(of: map, from: p, normalizer: 3)) < 1e-12)
  }
}
