import LinearAlgebra
import Testing

import Autodiff

@Suite struct TapeBatchNormalizationTests {
  @Test(arguments: [(2, 5), (40, 5), (1030, 1), (6, 67)])
  func `columns are standardised with gradients through their statistics`(
    count: Int, width: Int
  ) {
    let inputs = [
      randomMatrix(count, width, seed: 1, scale: 2), randomMatrix(1, width, seed: 2),
      randomMatrix(1, width, seed: 3),
    ]
    checkOperation(inputs, tolerance: 1e-4) {
      $0.batchNormalized($1[0], scale: $1[1], shift: $1[2], epsilon: 0.1).value
    } plain: { x in
      var y = x[0]
      for c in 0..<width {
        let values = x[0].column(c)
        let mean = values.reduce(0, +) / Double(count)
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
        for r in 0..<count {
          y[r, c] = x[1][0, c] * (values[r] - mean) / (variance + 0.1).squareRoot() + x[2][0, c]
        }
      }
      return y
    }
  }

  @Test func `the statistics it used come with it`() {
    let x = Tensor(constant: Matrix(rows: [[1, 5], [3, 5]]))
    let one = Tensor(constant: Matrix(rows: [[1, 1]]))
    let zero = Tensor(constant: Matrix(rows: [[0, 0]]))
    let tape = Tape(isRecording: false)
    let result = tape.batchNormalized(x, scale: one, shift: zero)
    #expect(result.mean.matrix == Matrix(rows: [[2, 5]]))
    #expect(result.variance.matrix == Matrix(rows: [[1, 0]]))
    #expect(result.value.matrix[0, 1] == 0)
  }
}
