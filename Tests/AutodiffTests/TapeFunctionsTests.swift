import Foundation
import LinearAlgebra
import Testing

import Autodiff

@Suite struct TapeFunctionsTests {
  private let a = randomMatrix(13, 7, seed: 1)

  private func map(_ x: Matrix<Double>, _ f: (Double) -> Double) -> Matrix<Double> {
    Matrix(rowCount: x.rowCount, columnCount: x.columnCount, elements: x.elements.map(f))
  }

  @Test func `tanh, exponential, square, magnitude and shift agree with their formulas`() {
    checkOperation([a]) { $0.tanh($1[0]) } plain: { map($0[0], tanh) }
    checkOperation([a]) { $0.exponential($1[0]) } plain: { map($0[0], exp) }
    checkOperation([a]) { $0.squared($1[0]) } plain: { map($0[0]) { $0 * $0 } }
    checkOperation([a]) { $0.absolute($1[0]) } plain: { map($0[0]) { abs($0) } }
    checkOperation([a]) { $0.adding(constant: -0.75, to: $1[0]) } plain: {
      map($0[0]) { $0 - 0.75 }
    }
  }

  @Test func `the logarithm is flat below its floor`() {
    checkOperation([a]) { $0.logarithm($1[0], floor: 0.5) } plain: {
      map($0[0]) { log(max($0, 0.5)) }
    }
    let positive = Matrix<Float>(
      rowCount: a.rowCount, columnCount: a.columnCount, elements: a.elements.map { abs($0) + 0.1 })
    checkOperation([positive]) { $0.logarithm($1[0]) } plain: { map($0[0], log) }
  }

  @Test func `the inverse root of what is not positive is zero`() {
    let x = Matrix<Float>(rows: [[4, 0.25, 1, 0, -3]])
    checkOperation([Matrix(rows: [[4, 0.25, 1, 0.5, 3]])]) {
      $0.inverseSquareRoot($1[0])
    } plain: { map($0[0]) { 1 / $0.squareRoot() } }
    let parameter = Parameter("x", x)
    let tape = Tape()
    let y = tape.inverseSquareRoot(parameter.tensor)
    #expect(y.matrix.elements == [0.5, 2, 1, 0, 0])
    tape.backward(from: tape.total(y))
    #expect(parameter.tensor.gradientMatrix.elements.suffix(2) == [0, 0])
  }

  @Test func `difference and product element by element have gradients for both`() {
    let b = randomMatrix(13, 7, seed: 2)
    checkOperation([a, b]) { $0.difference($1[0], $1[1]) } plain: { $0[0] - $0[1] }
    checkOperation([a, b]) { $0.multiplied($1[0], $1[1]) } plain: { x in
      Matrix(rowCount: 13, columnCount: 7, elements: zip(x[0].elements, x[1].elements).map(*))
    }
    checkOperation([a]) { $0.multiplied($1[0], $1[0]) } plain: { map($0[0]) { $0 * $0 } }
    checkOperation([a]) { $0.difference($1[0], $1[0]) } plain: { $0[0] - $0[0] }
  }

  @Test func `a trained number scales with gradients for both`() {
    checkOperation([a, Matrix(rows: [[-1.7]])]) { $0.scaledByScalar($1[0], by: $1[1]) } plain: {
      x in map(x[0]) { x[1][0, 0] * $0 }
    }
  }

  @Test func `what is detached is a constant in the same memory`() {
    let x = Parameter("x", a)
    let tape = Tape()
    let constant = tape.detached(tape.squared(x.tensor))
    #expect(!constant.needsGradient)
    tape.backward(from: tape.total(tape.multiplied(constant, x.tensor)))
    // Of x²·x only the second factor is differentiated.
    #expect(x.tensor.gradientMatrix == constant.matrix)
    x.tensor.clearGradient()
    tape.begin()
    #expect(tape.detached(x.tensor).value == x.tensor.value)
    tape.backward(from: tape.total(tape.rows(0..<2, of: tape.detached(x.tensor))))
    #expect(x.tensor.gradient == nil)
  }
}
