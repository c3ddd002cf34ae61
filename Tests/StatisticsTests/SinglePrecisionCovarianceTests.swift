import LinearAlgebra
import Statistics
import Testing

@Suite("Single-precision covariance")
struct SinglePrecisionCovarianceTests {
  func world(_ items: Int, _ width: Int, seed: UInt64, offset: Double) -> Matrix<Float> {
    var generator = SeededGenerator(seed: seed)
    return Matrix<Float>(
      Matrix(
        rowCount: items, columnCount: width,
        elements: generator.normals(items * width).enumerated().map {
          offset + $0.element * Double(1 + $0.offset % width % 7)
        }))
  }

  @Test(arguments: [(40, 3, 0.0), (1500, 20, 100), (700, 600, -3), (300, 1100, 0)])
  func `agrees with double precision`(items: Int, width: Int, offset: Double) {
    let x = world(items, width, seed: 1, offset: offset)
    let exact = covariance(x)
    let fast = singlePrecisionCovariance(x)
    // Sums of 512 products of numbers rounded to 6e-8.
    #expect((fast - exact).maximumMagnitude < 1e-6 * exact.maximumMagnitude)
    let norm = exact.squaredFrobeniusNorm
    #expect(abs(fast.squaredFrobeniusNorm - norm) < 1e-6 * norm)
    #expect(fast == fast.transposed())
  }

  @Test(arguments: [(700, 600, 0.3), (90, 1100, 0.1), (130, 3, 0.3), (65, 257, 0.0)])
  func `agrees with double precision where most features are zero`(
    items: Int, width: Int, share: Double
  ) {
    var x = world(items, width, seed: 5, offset: 2)
    var generator = SeededGenerator(seed: 6)
    for index in x.elements.indices where !(generator.uniform() < share) { x.elements[index] = 0 }
    let exact = covariance(x)
    let fast = singlePrecisionCovariance(x)
    #expect((fast - exact).maximumMagnitude <= 1e-13 * exact.maximumMagnitude)
    #expect(fast == fast.transposed())
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 3
    #expect(singlePrecisionCovariance(x) == fast)
  }

  @Test func `agrees with double precision between modalities`() {
    let x = world(900, 530, seed: 2, offset: 20)
    let y = world(900, 17, seed: 3, offset: -5)
    let exact = crossCovariance(x, y).matrix
    let fast = singlePrecisionCrossCovariance(x, y)
    #expect((fast - exact).maximumMagnitude < 1e-6 * 49)
    #expect(exact.maximumMagnitude > 1)
  }

  @Test(arguments: [(900, 530, 17), (40, 3, 5)])
  func `pairs items with given partners as if the rows had been moved`(
    items: Int, first: Int, second: Int
  ) {
    let x = world(items, first, seed: 2, offset: 20)
    let y = world(items, second, seed: 3, offset: -5)
    var generator = SeededGenerator(seed: 4)
    let partners = generator.permutation(items)
    let moved = crossCovariance(x, y.rows(partners)).matrix
    let paired = singlePrecisionCrossCovariance(x, y, partners: partners)
    #expect((paired - moved).maximumMagnitude < 1e-6 * 49)
  }

  @Test func `has the same bits for any number of threads`() {
    let x = world(1100, 700, seed: 4, offset: 1)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let one = singlePrecisionCovariance(x)
    Parallel.threadCount = 4
    #expect(singlePrecisionCovariance(x) == one)
  }
}
