import LinearAlgebra
import NeighborEmbedding
import Statistics
import Testing

/// Forces and normaliser of maps of every size, by both methods.
@Suite("Interpolated repulsion")
struct RepulsionTests {
  let affinities: SparseAffinities
  let count = 700

  init() {
    affinities = tsneAffinities(DistanceTiles(normalPoints(700, 4, seed: 1)), perplexity: 5)
  }

  /// A map of uneven density: half of the points fill a disc, half lie in dense clumps.
  func map(radius: Double, seed: UInt64) -> Matrix<Double> {
    var generator = SeededGenerator(seed: seed)
    let noise = generator.normals(2 * count)
    let elements = (0..<2 * count).map { index in
      let isClumped = (index / 2) % 2 == 0
      return isClumped
        ? 0.02 * radius * noise[index] + (index / 2 % 10 < 5 ? 0.6 : -0.5) * radius
        : 0.5 * radius * noise[index]
    }
    return Matrix(rowCount: count, columnCount: 2, elements: elements)
  }

  // What remains is what the kernels have beyond the frequencies of the grid: least for narrow
  // maps, whose grid is finer. These maps' near field is summed by pairs from 10 units on, and
  // from 1,250 units on the grid grows coarser.
  @Test(
    arguments: [
      (1e-4, 5e-4), (0.1, 1e-4), (3, 1e-3), (10, 4e-3), (20, 4e-3), (80, 4e-3), (300, 4e-3),
      (3000, 2e-2),
    ])
  func `agrees with the sum over all pairs`(radius: Double, tolerance: Double) throws {
    let map = map(radius: radius, seed: 9)
    let exact = GradientDescent(start: map, affinities: affinities, method: .exact)
    let fast = GradientDescent(start: map, affinities: affinities, method: .interpolated)
    // Without attraction the gradient is the repulsion divided by −Z/4.
    let expected = try #require(exact.gradient(exaggeration: 0))
    let found = try #require(fast.gradient(exaggeration: 0))
    let error = (found - expected).squaredFrobeniusNorm / expected.squaredFrobeniusNorm
    #expect(error.squareRoot() < tolerance)
    #expect(expected.maximumMagnitude > 0)
    let exactZ = try #require(exact.normalizerOfMap())
    let fastZ = try #require(fast.normalizerOfMap())
    #expect(abs(fastZ / exactZ - 1) < tolerance)
  }

  @Test func `keeps the forces of points far closer than the widest of a tiny map`() throws {
    // All but ten points lie within a millionth of the span.
    var tiny = map(radius: 1e-10, seed: 4)
    for row in 0..<10 { for axis in 0..<2 { tiny[row, axis] *= 1e6 } }
    let exact = GradientDescent(start: tiny, affinities: affinities, method: .exact)
    let fast = GradientDescent(start: tiny, affinities: affinities, method: .interpolated)
    let expected = try #require(exact.gradient(exaggeration: 0))
    let found = try #require(fast.gradient(exaggeration: 0))
    for index in 20..<2 * count {
      let scale = abs(expected.elements[index]) + 1e-18
      #expect(abs(found.elements[index] - expected.elements[index]) < 1e-3 * scale)
    }
  }

  @Test func `does not depend on where the map lies`() throws {
    let here = map(radius: 30, seed: 3)
    var there = here
    for index in there.elements.indices { there.elements[index] += index % 2 == 0 ? 1e4 : -3e3 }
    let near = GradientDescent(start: here, affinities: affinities, method: .interpolated)
    let far = GradientDescent(start: there, affinities: affinities, method: .interpolated)
    let expected = try #require(near.gradient(exaggeration: 1))
    let found = try #require(far.gradient(exaggeration: 1))
    #expect((found - expected).maximumMagnitude < 1e-4 * expected.maximumMagnitude)
  }

  @Test func `pushes nothing when all points coincide`() throws {
    let map = Matrix<Double>(rowCount: count, columnCount: 2, repeating: 0.25)
    let descent = GradientDescent(start: map, affinities: affinities, method: .interpolated)
    let gradient = try #require(descent.gradient(exaggeration: 1))
    #expect(gradient.maximumMagnitude < 1e-6)
    let z = try #require(descent.normalizerOfMap())
    #expect(abs(z - Double(count * (count - 1))) < 1e-3 * z)
  }

  @Test func `is nil for a map that is not finite`() {
    var map = map(radius: 1, seed: 4)
    map.elements[77] = .nan
    let descent = GradientDescent(start: map, affinities: affinities, method: .interpolated)
    #expect(descent.gradient(exaggeration: 1) == nil)
    #expect(descent.normalizerOfMap() == nil)
  }
}
