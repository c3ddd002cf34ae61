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
