import LinearAlgebra
import Statistics
import Testing

/// A 6 x 4 matrix of integers, ((3·i² + 7·j + i·j) mod 11) − 5.
let integerMatrix = Matrix<Double>(rows: [
  [-5, 2, -2, 5], [-2, -5, 3, 0], [-4, 5, 3, 1], [0, -1, -2, -3], [-1, -1, -1, -1],
  [4, 5, -5, -4],
])

@Suite("Singular value decomposition")
struct SingularValueDecompositionTests {
  func deviation(fromIdentity basis: Matrix<Double>) -> Double {
    (product(basis, .transposed, basis, .none) - .identity(basis.columnCount)).maximumMagnitude
  }

  @Test(arguments: [(9, 4), (4, 9), (7, 7), (1, 5), (5, 1), (200, 30), (517, 40), (40, 517)])
  func `rebuilds the matrix from orthonormal vectors`(rows: Int, columns: Int) throws {
    var generator = SeededGenerator(seed: 11)
    let a = Matrix(
      rowCount: rows, columnCount: columns, elements: generator.normals(rows * columns))
    let svd = try singularValueDecomposition(a)
    let rank = min(rows, columns)
    #expect(svd.singularValues.count == rank)
    #expect(svd.u.rowCount == rows && svd.u.columnCount == rank)
    #expect(svd.v.rowCount == columns && svd.v.columnCount == rank)
    #expect(svd.singularValues == svd.singularValues.sorted(by: >))
    var scaled = svd.u
    for r in 0..<rows {
      for c in 0..<rank { scaled[r, c] *= svd.singularValues[c] }
    }
    #expect((product(scaled, .none, svd.v, .transposed) - a).maximumMagnitude < 1e-12)
    #expect(deviation(fromIdentity: svd.u) < 1e-12)
    #expect(deviation(fromIdentity: svd.v) < 1e-12)
    for (x, y) in zip(try singularValues(a), svd.singularValues) { #expect(abs(x - y) < 1e-12) }
  }

  @Test(arguments: [(30, 6), (6, 30), (700, 20)])
  func `gives left vectors whose largest element is positive`(rows: Int, columns: Int) throws {
    var generator = SeededGenerator(seed: 12)
    let a = Matrix(
      rowCount: rows, columnCount: columns, elements: generator.normals(rows * columns))
    for matrix in [a, Matrix(rowCount: rows, columnCount: columns, elements: a.elements.map { -$0 })] {
      let u = try singularValueDecomposition(matrix).u
      for column in 0..<u.columnCount {
        #expect(u.column(column).max { abs($0) < abs($1) }! > 0)
      }
    }
  }

  /// numpy 2.4, np.linalg.svd(A, compute_uv=False).
  @Test func `agrees with numpy`() throws {
    let expected = [11.085778283549825, 9.264374865825916, 5.108480719521638, 3.4900290731888983]
    for (a, b) in zip(try singularValues(integerMatrix), expected) { #expect(abs(a - b) < 1e-13) }
  }

  @Test func `of an empty matrix is empty`() throws {
    let svd = try singularValueDecomposition(Matrix(rowCount: 3, columnCount: 0))
    #expect(svd.singularValues.isEmpty)
    #expect(svd.u.rowCount == 3)
    #expect(try singularValues(Matrix(rowCount: 0, columnCount: 4)).isEmpty)
  }

  @Test func `names the element that is not finite`() {
    var a = integerMatrix
    a[2, 3] = .infinity
    let error = LinearAlgebraError.nonFinite(routine: "dgesdd", row: 2, column: 3)
    #expect(throws: error) { try singularValueDecomposition(a) }
    #expect(throws: error) { try singularValues(a) }
  }
}
