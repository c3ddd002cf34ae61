import LinearAlgebra
import Testing

import Autodiff

@Suite struct TapeRowDropoutTests {
  private let indices: [Int32] = [3, 0, 3, 9, 2, 9]

  @Test(arguments: [0.0, 0.3, 0.9])
  func `rows gathered before are those gathered after dropout of the table`(rate: Double) {
    let table = Tensor(constant: randomMatrix(10, 40, seed: 1))
    let tape = Tape(isRecording: false)
    let rows = indices[...]
    let before = tape.dropout(
      tape.gathered(table, rows: rows), gatheredFrom: rows, rate: rate, seed: 5)
    let after = tape.gathered(tape.dropout(table, rate: rate, seed: 5), rows: rows)
    #expect(before.matrix == after.matrix)
    #expect(before.matrix.row(0) == before.matrix.row(2).prefix(40))
    let zeros = before.matrix.elements.filter { $0 == 0 }.count
    #expect(abs(Double(zeros) / 240 - rate) < 0.12)
  }

  @Test func `the gradient flows through what is kept`() {
    let x = Parameter("x", randomMatrix(600, 5, seed: 2))
    let places = (0..<600).map { Int32($0 % 50) }
    let tape = Tape()
    // A slice that does not begin at zero.
    let shifted = ([7] + places)[1...]
    let y = tape.dropout(x.tensor, gatheredFrom: shifted, rate: 0.4, seed: 6)
    tape.backward(from: tape.total(y))
    let slopes = x.tensor.gradientMatrix.elements
    for (place, slope) in slopes.enumerated() {
      #expect(slope * x.tensor.matrix.elements[place] == y.matrix.elements[place])
      #expect(slope == 0 || abs(slope - 1 / 0.6) < 1e-6)
    }
  }
}
