import Foundation
import LinearAlgebra
import Testing

import Autodiff

@Suite struct TapeHyperbolicTangentTests {
  @Test(arguments: [1, 16, 37])
  func `the hyperbolic tangent has its gradient`(count: Int) {
    checkOperation([randomMatrix(3, count, seed: 1)]) {
      $0.tanh($1[0])
    } plain: { x in
      Matrix(rowCount: 3, columnCount: count, elements: x[0].elements.map { Foundation.tanh($0) })
    }
  }

  @Test func `small and large numbers have theirs to the last places`() {
    let x = (-4000...4000).map { Float($0) * 5e-3 } + [1e-30, -1e-7, 3e-4, 0.625, 100, -1e30]
    let row = Matrix(rowCount: 1, columnCount: x.count, elements: x)
    let y = Tape(isRecording: false).tanh(Tensor(constant: row)).matrix.elements
    for (x, y) in zip(x, y) {
      let exact = Foundation.tanh(Double(x))
      #expect(abs(Double(y) - exact) <= 3e-7 * abs(exact))
    }
  }

  @Test func `what is no number or infinite stays so, or becomes one`() {
    let row = Matrix<Float>(rows: [[.nan, .infinity, -.infinity, 0]])
    let y = Tape(isRecording: false).tanh(Tensor(constant: row)).matrix.elements
    #expect(y[0].isNaN && y[1] == 1 && y[2] == -1 && y[3] == 0)
  }
}
