import Autodiff
import LinearAlgebra
import Testing

@Suite(.bothKindsOfProducts) struct LayerFactorTests {
  private static let shapes = [(1, 1, 1), (70, 30, 20), (65, 64, 128), (300, 130, 64)]

  private func expectClose(_ found: [Float], _ expected: Matrix<Double>) {
    #expect(found.count == expected.elements.count)
    for (value, exact) in zip(found, expected.elements) {
      #expect(abs(Double(value) - exact) < 2e-5 * max(1, expected.maximumMagnitude))
    }
  }

  @Test(arguments: shapes)
  func `multiplies rows by a weight and by its transpose`(n: Int, d: Int, m: Int) {
    let (x, weight) = (randomMatrix(n, d, seed: 1), randomMatrix(d, m, seed: 2))
    let transposed = Matrix<Float>(
      rowCount: m, columnCount: d,
      elements: (0..<m * d).map { weight[$0 % d, $0 / d] })
    let plain = product(Matrix<Double>(x), Matrix<Double>(weight))
    let tape = Tape()
    for factor in [
      LayerFactor(Tensor(constant: weight), on: tape),
      LayerFactor(transposeOf: Tensor(constant: transposed), on: tape),
    ] {
      var y = [Float](repeating: .nan, count: n * m)
      factor.multiply(x.elements, rows: n, into: &y)
      expectClose(y, plain)
      factor.multiply(x.elements, rows: n, into: &y, accumulates: true)
      expectClose(y, plain + plain)
    }
  }

  @Test(arguments: shapes)
  func `adds a bias and rectifies`(n: Int, d: Int, m: Int) {
    let (x, weight) = (randomMatrix(n, d, seed: 3), randomMatrix(d, m, seed: 4))
    let bias = randomMatrix(1, m, seed: 5)
    let tail = LayerTail(bias: Tensor(constant: bias), slope: 0.25, width: m)
    var y = [Float](repeating: .nan, count: n * m)
    LayerFactor(Tensor(constant: weight), on: Tape()).multiply(
      x.elements, rows: n, tail: tail, into: &y)
    var expected = product(Matrix<Double>(x), Matrix<Double>(weight))
    for row in 0..<n {
      for column in 0..<m {
        let sum = expected[row, column] + Double(bias[0, column])
        expected[row, column] = sum > 0 ? sum : 0.25 * sum
      }
    }
    expectClose(y, expected)
  }

  @Test(arguments: shapes)
  func `multiplies the transpose of rows by rows`(n: Int, m: Int, d: Int) {
    let (a, b) = (randomMatrix(n, m, seed: 6), randomMatrix(n, d, seed: 7))
    let plain = product(Matrix<Double>(a), .transposed, Matrix<Double>(b), .none)
    var y = [Float](repeating: .nan, count: m * d)
    LayerFactor.multiply(
      transposed: a.elements, columns: m, b.elements, columns: d, rows: n, into: &y)
    expectClose(y, plain)
    LayerFactor.multiply(
      transposed: a.elements, columns: m, b.elements, columns: d, rows: n, into: &y,
      accumulates: true)
    expectClose(y, plain + plain)
  }

  @Test func `suits sizes that strips or tiles of 16-bit floats take`() {
    #expect(!LayerFactor.suits(StripProducts.width - 1))
    #expect(LayerFactor.suits(StripProducts.width) || !StripProducts.suits(StripProducts.width))
    #expect(
      LayerFactor.suits(StripProducts.width + 1) == SplitTiles.areAvailable,
      "one column more fills no strips")
  }
}
