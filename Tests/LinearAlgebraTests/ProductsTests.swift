import LinearAlgebra
import Statistics
import Testing

@Suite("Products")
struct ProductsTests {
  /// The product by its definition.
  func plainProduct(_ a: Matrix<Double>, _ b: Matrix<Double>) -> Matrix<Double> {
    var result = Matrix<Double>(rowCount: a.rowCount, columnCount: b.columnCount)
    for r in 0..<a.rowCount {
      for c in 0..<b.columnCount {
        for i in 0..<a.columnCount { result[r, c] += a[r, i] * b[i, c] }
      }
    }
    return result
  }

  @Test(arguments: [(3, 4, 5), (513, 7, 600), (1, 1, 1), (40, 700, 2)])
  func `agree with the definition in every transposition`(m: Int, n: Int, r: Int) {
    var generator = SeededGenerator(seed: 1)
    let a = Matrix(rowCount: m, columnCount: n, elements: generator.normals(m * n))
    let b = Matrix(rowCount: n, columnCount: r, elements: generator.normals(n * r))
    let expected = plainProduct(a, b)
    // n products of unit-scale numbers, each rounded to 1.1e-16.
    let tolerance = 1e-14 * Double(n) + 1e-15
    #expect((product(a, b) - expected).maximumMagnitude < tolerance)
    let (left, right) = (a.transposed(), b.transposed())
    for turned in [
      product(left, .transposed, b, .none), product(a, .none, right, .transposed),
      product(left, .transposed, right, .transposed),
    ] { #expect((turned - expected).maximumMagnitude < tolerance) }
    var sum = expected
    addProduct(left, .transposed, right, .transposed, to: &sum)
    #expect((sum - expected.scaled(by: 2)).maximumMagnitude < tolerance)
  }

  @Test func `of single precision agree with double precision`() {
    var generator = SeededGenerator(seed: 2)
    let a = Matrix<Float>(Matrix(rowCount: 70, columnCount: 30, elements: generator.normals(2100)))
    let b = Matrix<Float>(Matrix(rowCount: 30, columnCount: 9, elements: generator.normals(270)))
    let expected = product(Matrix<Double>(a), Matrix<Double>(b))
    #expect((Matrix<Double>(product(a, b)) - expected).maximumMagnitude < 1e-4)
  }
}
