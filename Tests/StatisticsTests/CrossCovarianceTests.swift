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

  /// Features of which about one in `sparsity` is not zero.
  func sparseWorld(seed: UInt64, items: Int, width: Int, sparsity: Int) -> Matrix<Float> {
    var generator = SeededGenerator(seed: seed)
    return Matrix(
      rowCount: items, columnCount: width,
      elements: generator.normals(items * width).map {
        generator.index(below: sparsity) == 0 ? Float($0 + 2) : 0
      })
  }

  /// The definition in double precision.
  func plain(_ x: Matrix<Float>, _ y: Matrix<Float>) -> Matrix<Double> {
    let (means, others) = (columnMeans(x), columnMeans(y))
    var (left, right) = (Matrix<Double>(x), Matrix<Double>(y))
    for row in 0..<x.rowCount {
      for column in 0..<x.columnCount { left[row, column] -= means[column] }
      for column in 0..<y.columnCount { right[row, column] -= others[column] }
    }
    var result = product(left, .transposed, right, .none)
    for index in result.elements.indices { result.elements[index] /= Double(x.rowCount) }
    return result
  }

  @Test(arguments: [(1, 3, 2), (63, 128, 64), (65, 129, 65), (400, 300, 1), (130, 1, 600)])
  func `of features that are mostly zero is the dense one, on either side`(
    items: Int, sparseWidth: Int, denseWidth: Int
  ) {
    let x = sparseWorld(seed: 8, items: items, width: sparseWidth, sparsity: 5)
    let y = world(seed: 9, items: items, width: denseWidth, offset: 1000)
    let expected = plain(x, y)
    let found = crossCovariance(x, y)
    #expect((found.matrix - expected).maximumMagnitude < 1e-12)
    #expect((crossCovariance(y, x).matrix - expected.transposed()).maximumMagnitude < 1e-12)
    #expect(zip(found.firstMean, columnMeans(x)).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect((crossCovariance(x, x).matrix - plain(x, x)).maximumMagnitude < 1e-12)
  }

  @Test(arguments: [1, 64, 100])
  func `of features that are mostly zero is the same from batches, sparse or dense`(batch: Int) {
    // The first batches have no other elements than zeros, the last ones no zeros.
    var x = sparseWorld(seed: 10, items: 500, width: 140, sparsity: 6)
    let dense = world(seed: 11, items: 500, width: 140, offset: 0)
    for row in 0..<500 where row < 30 || row > 400 {
      for column in 0..<140 { x[row, column] = row < 30 ? 0 : dense[row, column] }
    }
    let y = world(seed: 12, items: 500, width: 7, offset: -3)
    var fitter = CrossCovarianceFitter(firstWidth: 140, secondWidth: 7)
    for start in stride(from: 0, to: 500, by: batch) {
      let rows = start..<min(500, start + batch)
      fitter.update(first: x.rows(rows), second: y.rows(rows))
    }
    #expect((fitter.fitted().matrix - plain(x, y)).maximumMagnitude < 1e-12)
  }

  @Test(arguments: [(1023, 3, 7), (1024, 3, 7), (5000, 40, 300), (2500, 600, 2)])
  func `of many items is the definition, however they are cut`(items: Int, p: Int, q: Int) {
    let x = world(seed: 13, items: items, width: p, offset: 30)
    let y = world(seed: 14, items: items, width: q, offset: -5)
    let expected = plain(x, y)
    #expect((crossCovariance(x, y).matrix - expected).maximumMagnitude < 1e-12)
    var fitter = CrossCovarianceFitter(firstWidth: p, secondWidth: q)
    for rows in [0..<1, 1..<items] { fitter.update(first: x.rows(rows), second: y.rows(rows)) }
    #expect((fitter.fitted().matrix - expected).maximumMagnitude < 1e-12)
    #expect((covariance(x) - plain(x, x)).maximumMagnitude < 1e-12)
  }

  @Test func `of a modality with itself is its covariance`() {
    let x = world(seed: 5, items: 300, width: 300, offset: 3)
    #expect((crossCovariance(x, x).matrix - covariance(x)).maximumMagnitude < 1e-13)
  }

  @Test(arguments: [(1, 900, 600), (5, 900, 600), (1, 4000, 30)])
  func `has the same bits for any number of threads`(sparsity: Int, items: Int, width: Int) {
    let x = sparseWorld(seed: 6, items: items, width: width, sparsity: sparsity)
    let y = world(seed: 7, items: items, width: 40, offset: 1)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let one = crossCovariance(x, y)
    Parallel.threadCount = 4
    #expect(crossCovariance(x, y) == one)
  }
}
