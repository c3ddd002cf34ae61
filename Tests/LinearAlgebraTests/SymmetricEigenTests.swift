import LinearAlgebra
import Statistics
import Testing

@Suite("Symmetric eigendecomposition")
struct SymmetricEigenTests {
  @Test(arguments: [1, 2, 17, 90])
  func `rebuilds the matrix from orthonormal vectors, largest value first`(order: Int) throws {
    var generator = SeededGenerator(seed: 12)
    let x = Matrix(
      rowCount: order, columnCount: order, elements: generator.normals(order * order))
    let a = x + x.transposed()
    let eigen = try symmetricEigen(a)
    #expect(eigen.values == eigen.values.sorted(by: >))
    for (x, y) in zip(try symmetricEigenvalues(a), eigen.values) { #expect(abs(x - y) < 1e-11) }
    var scaled = eigen.vectors
    for r in 0..<order {
      for c in 0..<order { scaled[r, c] *= eigen.values[c] }
    }
    #expect((product(scaled, .none, eigen.vectors, .transposed) - a).maximumMagnitude < 1e-11)
    let gram = product(eigen.vectors, .transposed, eigen.vectors, .none)
    #expect((gram - .identity(order)).maximumMagnitude < 1e-12)
  }

  /// numpy 2.4, np.linalg.eigvalsh(A.T @ A + np.eye(4)).
  @Test func `agrees with numpy`() throws {
    let a = product(integerMatrix, .transposed, integerMatrix, .none) + .identity(4)
    let expected = [123.89448015202487, 86.82864165454703, 27.096575261724308, 13.180302931703743]
    for (x, y) in zip(try symmetricEigen(a).values, expected) { #expect(abs(x - y) < 1e-12) }
  }

  @Test func `reads the lower half only`() throws {
    let eigen = try symmetricEigen(Matrix(rows: [[2, 77], [1, 2]]))
    #expect(abs(eigen.values[0] - 3) < 1e-14)
    #expect(abs(eigen.values[1] - 1) < 1e-14)
    #expect(try symmetricEigenvalues(Matrix(rows: [[2, 77], [1, 2]])) == eigen.values)
  }

  @Test func `of nothing is nothing, of NaN an error`() throws {
    #expect(try symmetricEigen(Matrix(rowCount: 0, columnCount: 0)).values.isEmpty)
    #expect(try symmetricEigenvalues(Matrix(rowCount: 0, columnCount: 0)).isEmpty)
    #expect(throws: LinearAlgebraError.nonFinite(routine: "dsyevd", row: 1, column: 0)) {
      try symmetricEigenvalues(Matrix(rows: [[1, 0], [.nan, 1]]))
    }
    #expect(throws: LinearAlgebraError.nonFinite(routine: "dsyevd", row: 1, column: 0)) {
      try symmetricEigen(Matrix(rows: [[1, 0], [.nan, 1]]))
    }
  }
}
