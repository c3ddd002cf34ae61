import Autodiff
import LinearAlgebra
import Testing

@Suite("Products in strips")
struct StripProductsTests {
  private let width = StripProducts.width

  private func expectClose(
    _ found: [Float], _ expected: Matrix<Double>, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for (value, exact) in zip(found, expected.elements) {
      #expect(
        abs(Double(value) - exact) < 2e-5 * max(1, expected.maximumMagnitude),
        sourceLocation: sourceLocation)
    }
  }

  /// Strips of b, one after another.
  private func strips(_ b: Matrix<Float>) -> [Float] {
    stride(from: 0, to: b.columnCount, by: width).flatMap { b.columns($0..<$0 + width).elements }
  }

  @Test(arguments: [(1, 1, 1), (6, 5, 1), (7, 64, 2), (53, 130, 3)])
  func `are the product, with a bias or what was there, and rectified`(
    n: Int, inner: Int, count: Int
  ) {
    let m = count * width
    let (x, b) = (randomMatrix(n, inner, seed: 1), randomMatrix(inner, m, seed: 2))
    let (bias, before) = (randomMatrix(1, m, seed: 3), randomMatrix(n, m, seed: 4))
    let plain = product(Matrix<Double>(x), Matrix<Double>(b))
    var y = [Float](repeating: .nan, count: n * m)
    StripProducts.multiply(
      x.elements, rows: n, inner: inner, strips: strips(b), into: &y, columns: m)
    expectClose(y, plain)

    StripProducts.multiply(
      x.elements, rows: n, inner: inner, strips: strips(b), bias: bias.elements, slope: 0.25,
      into: &y, columns: m)
    var expected = plain
    for row in 0..<n {
      for column in 0..<m {
        let sum = plain[row, column] + Double(bias[0, column])
        expected[row, column] = sum > 0 ? sum : 0.25 * sum
      }
    }
    expectClose(y, expected)

    y = before.elements
    StripProducts.multiply(
      x.elements, rows: n, inner: inner, strips: strips(b), into: &y, columns: m, accumulates: true)
    expectClose(y, plain + Matrix<Double>(before))
  }

  @Test(arguments: [(1, 1, 1), (256, 6, 1), (257, 13, 2), (700, 64, 3), (128, 10, 2)])
  func `of a transpose are the product, or what was there and the product`(
    n: Int, m: Int, count: Int
  ) {
    let d = count * width
    let (a, b) = (randomMatrix(n, m, seed: 5), randomMatrix(n, d, seed: 6))
    var y = [Float](repeating: .nan, count: m * d)
    StripProducts.multiply(
      transposed: a.elements, columns: m, b.elements, columns: d, rows: n, into: &y)
    let plain = product(Matrix<Double>(a), .transposed, Matrix<Double>(b), .none)
    expectClose(y, plain)
    StripProducts.multiply(
      transposed: a.elements, columns: m, b.elements, columns: d, rows: n, into: &y,
      accumulates: true)
    expectClose(y, plain + plain)
  }

  @Test func `are for results whose columns fill strips`() {
    #expect(!StripProducts.suits(0) && !StripProducts.suits(width - 1))
    #expect(StripProducts.suits(width) == StripProducts.suits(2 * width))
    #expect(StripProducts.$arePreferred.withValue(false) { !StripProducts.suits(width) })
  }
}
