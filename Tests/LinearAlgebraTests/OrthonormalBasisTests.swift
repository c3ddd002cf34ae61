import LinearAlgebra
import Statistics
import Testing

@Suite("Orthonormal basis")
struct OrthonormalBasisTests {
  @Test(arguments: [(1, 1), (5, 5), (60, 7), (400, 33)])
  func `is orthonormal and spans the columns`(rows: Int, columns: Int) {
    var generator = SeededGenerator(seed: 16)
    let a = Matrix(
      rowCount: rows, columnCount: columns, elements: generator.normals(rows * columns))
    let basis = orthonormalBasis(a)
    let gram = product(basis, .transposed, basis, .none)
    #expect((gram - .identity(columns)).maximumMagnitude < 1e-13)
    let projected = product(basis, product(basis, .transposed, a, .none))
    #expect((projected - a).maximumMagnitude < 1e-12)
  }

  @Test func `stays orthonormal when columns repeat`() {
    let basis = orthonormalBasis(Matrix(rows: [[1, 1], [2, 2], [2, 2]]))
    let gram = product(basis, .transposed, basis, .none)
    #expect((gram - .identity(2)).maximumMagnitude < 1e-14)
    // The first column is ±(1, 2, 2)/3.
    #expect(abs(abs(basis[1, 0]) - 2.0 / 3) < 1e-15)
  }

  @Test func `of no columns has none`() {
    #expect(orthonormalBasis(Matrix(rowCount: 4, columnCount: 0)).columnCount == 0)
  }
}
