import LinearAlgebra
import Statistics
import Testing

@Suite("Cholesky")
struct CholeskyTests {
  func positiveDefinite(_ order: Int, seed: UInt64) -> Matrix<Double> {
    var generator = SeededGenerator(seed: seed)
    let x = Matrix(
      rowCount: order + 3, columnCount: order, elements: generator.normals((order + 3) * order))
    return product(x, .transposed, x, .none) + .identity(order)
  }

  /// numpy 2.4, np.linalg.cholesky(A.T @ A + np.eye(4)).
  @Test func `agrees with numpy`() throws {
    let a = product(integerMatrix, .transposed, integerMatrix, .none) + .identity(4)
    let expected = Matrix<Double>(rows: [
      [7.937253933193772, 0, 0, 0],
      [0.1259881576697424, 9.054508655036285, 0, 0],
      [-3.4016802570830444, -2.8241652358690135, 5.78382763825828, 0],
      [-5.543478937468665, -0.033307969882998945, 0.18133146383871837, 4.71549050992637],
    ])
    #expect((try Cholesky(a).factor - expected).maximumMagnitude < 1e-13)
  }

  @Test(arguments: [1, 2, 5, 130, 256, 257, 700])
  func `rebuilds the matrix from a lower factor`(order: Int) throws {
    let a = positiveDefinite(order, seed: 13)
    let l = try Cholesky(a).factor
    #expect((product(l, .none, l, .transposed) - a).maximumMagnitude < 1e-12 * Double(order + 100))
    for r in 0..<order {
      for c in r + 1..<max(order, r + 1) { #expect(l[r, c] == 0) }
    }
  }

  @Test func `takes a ridge that only its diagonal sees`() throws {
    let a = positiveDefinite(300, seed: 16)
    var ridged = a
    for i in 0..<300 { ridged[i, i] += 2.5 }
    #expect(try Cholesky(a, ridge: 2.5) == Cholesky(ridged))
    #expect(try Cholesky(a, ridge: 2.5) != Cholesky(a))
  }

  @Test func `reads the lower half alone`() throws {
    var a = positiveDefinite(300, seed: 17)
    let whole = try Cholesky(a)
    for r in 0..<300 {
      for c in r + 1..<max(300, r + 1) { a[r, c] = 7 }
    }
    #expect(try Cholesky(a) == whole)
  }

  @Test func `has the same bits for any number of threads`() throws {
    let a = positiveDefinite(900, seed: 18)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let one = try Cholesky(a)
    Parallel.threadCount = 4
    #expect(try Cholesky(a) == one)
  }

  @Test(arguments: [(1, 1), (6, 1), (40, 128), (40, 129), (90, 300)])
  func `solves with its lower factor`(order: Int, columns: Int) throws {
    var generator = SeededGenerator(seed: 14)
    let cholesky = try Cholesky(positiveDefinite(order, seed: 15))
    let b = Matrix(
      rowCount: order, columnCount: columns, elements: generator.normals(order * columns))
    let x = cholesky.solvingLower(b)
    #expect((product(cholesky.factor, x) - b).maximumMagnitude < 1e-11)
    #expect(x.maximumMagnitude > 0.01)
    let y = cholesky.solvingLowerTransposed(b)
    #expect((product(cholesky.factor, .transposed, y, .none) - b).maximumMagnitude < 1e-11)
    #expect(y.maximumMagnitude > 0.01)
  }

  @Test func `names the minor that is not positive`() {
    let a = Matrix<Double>(rows: [[4, 0, 0], [0, 1, 2], [0, 2, 1]])
    #expect(throws: LinearAlgebraError.notPositiveDefinite(order: 3, minor: 3)) {
      try Cholesky(a)
    }
    var late = positiveDefinite(600, seed: 19)
    late[517, 517] = -1
    #expect(throws: LinearAlgebraError.notPositiveDefinite(order: 600, minor: 518)) {
      try Cholesky(late)
    }
    #expect(throws: LinearAlgebraError.nonFinite(routine: "dpotrf", row: 0, column: 0)) {
      try Cholesky(Matrix(rows: [[.nan]]))
    }
  }

  @Test func `of nothing is nothing`() throws {
    let empty = try Cholesky(Matrix(rowCount: 0, columnCount: 0))
    #expect(empty.factor.elements.isEmpty)
    #expect(empty.solvingLower(Matrix(rowCount: 0, columnCount: 3)).columnCount == 3)
    #expect(empty.solvingLowerTransposed(Matrix(rowCount: 0, columnCount: 3)).columnCount == 3)
  }
}
