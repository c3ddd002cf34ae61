import LinearAlgebra
import Testing

import Autodiff

@Suite struct TapeProductNormsTests {
  private static func plain(_ x: [Matrix<Double>]) -> Matrix<Double> {
    let rows = product(x[0], .none, x[1], .transposed)
    return Matrix(
      rowCount: rows.rowCount, columnCount: 1,
      elements: (0..<rows.rowCount).map { row in rows.row(row).reduce(0) { $0 + $1 * $1 } })
  }

  @Test(arguments: [(1, 1, 1), (6, 3, 9), (70, 4, 30)])
  func `squared lengths of a product's rows`(n: Int, k: Int, m: Int) {
    let inputs = [randomMatrix(n, k, seed: 1, scale: 0.3), randomMatrix(m, k, seed: 2, scale: 0.3)]
    checkOperation(inputs, tolerance: 1e-4) {
      $0.squaredProductNorms($1[0], transposed: $1[1])
    } plain: { Self.plain($0) }
  }

  @Test func `several blocks of columns are those of the product`() {
    let (x, w) = (
      Parameter("x", randomMatrix(5, 1100, seed: 1, scale: 0.1)),
      Parameter("w", randomMatrix(7, 1100, seed: 2, scale: 0.1))
    )
    let weights = randomMatrix(5, 1, seed: 3)
    func run(_ operation: (Tape) -> Tensor) -> [Matrix<Float>] {
      let tape = Tape()
      let y = operation(tape)
      let value = y.matrix
      tape.backward(from: tape.weightedTotal(y, weights))
      defer { for parameter in [x, w] { parameter.tensor.clearGradient() } }
      return [value, x.tensor.gradientMatrix, w.tensor.gradientMatrix]
    }
    let found = run { $0.squaredProductNorms(x.tensor, transposed: w.tensor) }
    let expected = run {
      $0.rowSums($0.squared($0.product(x.tensor, transposed: w.tensor)))
    }
    for (a, b) in zip(found, expected) {
      #expect(zip(a.elements, b.elements).allSatisfy { abs($0 - $1) < 1e-4 })
    }
  }

  @Test func `a constant factor has no gradient`() {
    let x = Parameter("x", randomMatrix(4, 3, seed: 1))
    let tape = Tape()
    let w = Tensor(constant: randomMatrix(6, 3, seed: 2))
    tape.backward(from: tape.total(tape.squaredProductNorms(x.tensor, transposed: w)))
    #expect(w.gradientMatrix.elements.allSatisfy { $0 == 0 })
    #expect(x.tensor.gradientMatrix.elements.allSatisfy { $0 != 0 })
  }
}
