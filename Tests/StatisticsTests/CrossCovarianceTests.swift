import LinearAlgebra
import Statistics
import Testing

@Suite("Cross-covariance")
struct CrossCovarianceTests {
  func world(seed: UInt64, items: Int, width: Int, offset: Double) -> Matrix<Float> {
    var generator = SeededGenerator(seed: seed)
    return Matrix<Float>(
      Matrix(
        rowCount: items, columnCount: width,
        elements: generator.normals(items * width).map { $0 + offset }))
  }

  @Test func `is the definition written out`() {
    let x = Matrix<Float>(rows: [[1, 2], [3, 5], [5, 11]])
    let y = Matrix<Float>(rows: [[1], [0], [2]])
    let fitted = crossCovariance(x, y)
    #expect(fitted.firstMean == [3, 6])
    #expect(fitted.secondMean == [1])
    // ((−2)(0) + 0(−1) + 2·1)/3 and ((−4)(0) + (−1)(−1) + 5·1)/3.
    #expect(abs(fitted.matrix[0, 0] - 2.0 / 3) < 1e-15)
    #expect(abs(fitted.matrix[1, 0] - 2) < 1e-15)
  }

  @Test(arguments: [1, 7, 100, 513])
  func `from batches is that of the whole`(batch: Int) {
    let x = world(seed: 3, items: 700, width: 19, offset: 100)
    let y = world(seed: 4, items: 700, width: 5, offset: -40)
    let whole = crossCovariance(x, y)
    var fitter = CrossCovarianceFitter(firstWidth: 19, secondWidth: 5)
    for start in stride(from: 0, to: 700, by: batch) {
      var part = CrossCovarianceFitter(firstWidth: 19, secondWidth: 5)
      let rows = start..<min(700, start + batch)
      part.update(first: x.rows(rows), second: y.rows(rows))
      fitter.merge(part)
    }
    #expect((fitter.fitted().matrix - whole.matrix).maximumMagnitude < 1e-12)
  }

  @Test func `of a modality with itself is its covariance`() {
    let x = world(seed: 5, items: 300, width: 300, offset: 3)
    #expect((crossCovariance(x, x).matrix - covariance(x)).maximumMagnitude < 1e-13)
  }

  @Test func `has the same bits for any number of threads`() {
    let x = world(seed: 6, items: 900, width: 600, offset: 1)
    let y = world(seed: 7, items: 900, width: 40, offset: 1)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let one = crossCovariance(x, y)
    Parallel.threadCount = 4
    #expect(crossCovariance(x, y) == one)
  }
}
