import Foundation
import LinearAlgebra
import Testing

import Autodiff

@Suite struct TapeSparseSoftmaxTests {
  /// Row 1 has no entry, row 3 one.
  private let pattern = SparsePattern(
    rowCount: 4, columnCount: 5, rows: [0, 0, 0, 2, 2, 3], columns: [0, 2, 4, 1, 3, 3])

  @Test func `each row's entries share one`() {
    let pattern = pattern
    checkOperation([randomMatrix(6, 1, seed: 1)]) {
      $0.softmax($1[0], of: pattern)
    } plain: { x in
      var y = x[0]
      for row in 0..<4 {
        let entries = pattern.rowStarts[row]..<pattern.rowStarts[row + 1]
        let sum = entries.reduce(0) { $0 + exp(x[0][$1, 0]) }
        for entry in entries { y[entry, 0] = exp(x[0][entry, 0]) / sum }
      }
      return y
    }
  }

  @Test func `large numbers do not overflow`() {
    let values = Tensor(
      constant: Matrix(rowCount: 6, columnCount: 1, elements: [1e4, 1e4, -1e4, 5e3, -5e3, -1e6]))
    let y = Tape(isRecording: false).softmax(values, of: pattern).matrix
    #expect(y.elements == [0.5, 0.5, 0, 1, 0, 1])
  }
}
