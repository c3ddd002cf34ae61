import LinearAlgebra
import Statistics
import Testing

@Suite("Column means")
struct CenteredBlocksTests {
  @Test func `are the means of columns`() {
    #expect(columnMeans(Matrix<Float>(rows: [[1, 2], [3, 6], [5, -2]])) == [3, 2])
    #expect(columnMeans(Matrix<Float>(rowCount: 4, columnCount: 0)).isEmpty)
  }

  @Test func `of many equal values are that value exactly`() {
    let x = Matrix<Float>(rowCount: 5000, columnCount: 3, repeating: 0.1)
    #expect(columnMeans(x) == [Double](repeating: Double(Float(0.1)), count: 3))
  }

  @Test func `keep digits that single precision would lose`() {
    // Summed in single precision, 1 would vanish beside 1e8.
    let x = Matrix<Float>(rows: (0..<3000).map { [$0 % 3 == 0 ? 1e8 : 1] })
    #expect(abs(columnMeans(x)[0] - (1e8 + 2) / 3) < 1e-6)
  }

  @Test func `have the same bits for any number of threads`() {
    var generator = SeededGenerator(seed: 9)
    let x = Matrix<Float>(
      Matrix(rowCount: 5000, columnCount: 5, elements: generator.normals(25_000)))
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let one = columnMeans(x)
    Parallel.threadCount = 4
    #expect(columnMeans(x) == one)
  }
}

@Suite("Centred products")
struct CenteredProductTests {
  func world(_ rows: Int, _ columns: Int, seed: UInt64, offset: Double) -> Matrix<Float> {
    var generator = SeededGenerator(seed: seed)
    return Matrix<Float>(
      Matrix(
        rowCount: rows, columnCount: columns,
        elements: generator.normals(rows * columns).map { $0 + offset }))
  }

  @Test(arguments: [(1, 1, 1), (255, 3, 7), (257, 19, 2), (600, 70, 33)])
  func `agree with centring first and multiplying in double precision`(
    rows: Int, width: Int, columns: Int
  ) {
    let x = world(rows, width, seed: 10, offset: 50)
    let b = world(width, columns, seed: 11, offset: 0)
    let mean = columnMeans(x)
    var centered = Matrix<Double>(x)
    for row in 0..<rows {
      for column in 0..<width { centered[row, column] -= mean[column] }
    }
    let exact = product(centered, Matrix<Double>(b))
    let found = centeredProduct(x, mean: mean, b)
    #expect((Matrix<Double>(found) - exact).maximumMagnitude < 1e-6 * Double(width + 5))
    let some = rows / 3..<rows
    let part = centeredProduct(x, items: some, mean: mean, b)
    #expect((Matrix<Double>(part) - exact.rows(some)).maximumMagnitude < 1e-6 * Double(width + 5))
  }

  @Test func `of nothing are nothing`() {
    let x = world(4, 3, seed: 12, offset: 0)
    let none = Matrix<Float>(rowCount: 3, columnCount: 0)
    #expect(centeredProduct(x, mean: [0, 0, 0], none).elements.isEmpty)
    #expect(centeredProduct(x, items: 2..<2, mean: [0, 0, 0], x.rows(0..<3)).rowCount == 0)
  }
}
