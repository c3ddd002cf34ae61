import LinearAlgebra
import Statistics
import Testing

@Suite("Principal variance")
struct PrincipalVarianceTests {
  func world(items: Int, width: Int, seed: UInt64, offset: Double, decay: Double) -> Matrix<Float> {
    var generator = SeededGenerator(seed: seed)
    let values = generator.normals(items * width).enumerated().map { index, value in
      offset + value * Double(index % width + 1).squareRoot() * (decay == 0 ? 1 : 0)
        + (decay == 0 ? 0 : value / Double(index % width + 1))
    }
    return Matrix<Float>(Matrix(rowCount: items, columnCount: width, elements: values))
  }

  @Test(arguments: [(400, 30, 0.0, 1.0), (1000, 200, 50, 1), (90, 300, -3, 0), (700, 128, 2, 0)])
  func `is the largest eigenvalue of the covariance`(
    items: Int, width: Int, offset: Double, decay: Double
  ) throws {
    let x = world(items: items, width: width, seed: 7, offset: offset, decay: decay)
    let expected = try symmetricEigen(covariance(x)).values[0]
    let found = try principalVariance(x)
    #expect(abs(found.value - expected) < 1e-3 * expected)
    #expect(found.value < expected * (1 + 1e-6))
    #expect(found.iterations <= 24)
  }

  @Test func `needs few passes where one direction stands out`() throws {
    var generator = SeededGenerator(seed: 3)
    var x = Matrix<Double>(rowCount: 500, columnCount: 40, elements: generator.normals(20_000))
    for item in 0..<500 { x[item, 11] *= 12 }
    let found = try principalVariance(Matrix<Float>(x))
    #expect(found.converged)
    #expect(found.iterations < 8)
    #expect(abs(found.value - 144) < 20)
  }

  @Test func `of constant, of narrow and of no features is right`() throws {
    let constant = Matrix<Float>(rowCount: 20, columnCount: 5, repeating: 8)
    #expect(try principalVariance(constant).value == 0)
    #expect(try principalVariance(constant).converged)
    let narrow = Matrix<Float>(rows: [[1], [3], [5], [3]])
    #expect(abs(try principalVariance(narrow).value - 2) < 1e-12)
    #expect(try principalVariance(Matrix<Float>(rowCount: 3, columnCount: 0)).value == 0)
  }

  @Test func `refuses features that are not finite`() {
    #expect(throws: LinearAlgebraError.self) {
      try principalVariance(Matrix<Float>(rows: [[1, 2], [.nan, 4], [0, 1]]))
    }
  }

  @Test func `has the same bits for any number of threads`() throws {
    let x = world(items: 1500, width: 90, seed: 8, offset: 1, decay: 1)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let one = try principalVariance(x)
    Parallel.threadCount = 4
    #expect(try principalVariance(x) == one)
  }
}
