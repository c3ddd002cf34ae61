import Autodiff
import LinearAlgebra
import Statistics
import Testing

@Suite("Tape: norms of rows")
struct TapeRowNormsTests {
  private func plain(_ x: Matrix<Double>, floor: Double) -> Matrix<Double> {
    Matrix(
      rowCount: x.rowCount, columnCount: 1,
      elements: (0..<x.rowCount).map { row in
        1 / max(x.row(row).reduce(0) { $0 + $1 * $1 }.squareRoot(), floor)
      })
  }

  @Test(arguments: [1, 4, 700])
  func `inverse norms are those of the rows, and have their gradient`(rows: Int) {
    checkOperation([randomMatrix(rows, 3, seed: 1)]) { tape, inputs in
      tape.inverseRowNorms(inputs[0])
    } plain: { plain($0[0], floor: 1e-12) }
  }

  @Test func `norms below the floor count as the floor, without a gradient`() {
    checkOperation([randomMatrix(6, 3, seed: 2, scale: 0.1)]) { tape, inputs in
      tape.inverseRowNorms(inputs[0], floor: 1)
    } plain: { plain($0[0], floor: 1) }
    let zero = Parameter("x", Matrix(rowCount: 2, columnCount: 3))
    let tape = Tape()
    let norms = tape.inverseRowNorms(zero.tensor)
    #expect(norms.matrix.elements == [1e12, 1e12])
    tape.backward(from: tape.total(norms))
    #expect(zero.tensor.gradientMatrix.elements.allSatisfy { $0 == 0 })
  }

  @Test func `tiny rows divided by their norms are unit rows, whose gradient is finite`() {
    // Squares of these are no numbers of single precision any more.
    let x = Parameter("x", randomMatrix(5, 4, seed: 3, scale: 1e-11))
    let tape = Tape()
    let unit = tape.scaledRows(x.tensor, by: tape.inverseRowNorms(x.tensor, floor: 1e-20))
    let expected = Parameter("y", randomMatrix(5, 4, seed: 3))
    let normal = tape.normalizedRows(expected.tensor)
    for (found, exact) in zip(unit.matrix.elements, normal.matrix.elements) {
      #expect(abs(found - exact) < 1e-6)
    }
    tape.backward(from: tape.weightedTotal(unit, randomMatrix(5, 4, seed: 4)))
    let gradient = x.tensor.gradientMatrix.elements
    #expect(gradient.allSatisfy { $0.isFinite && abs($0) < 1e13 })
  }

  @Test(arguments: [(50, 1), (50, 6), (50, 16), (1, 64), (2100, 37)])
  func `norms of rows that repeat are those of the rows gathered`(shape: (rows: Int, width: Int)) {
    let x = Parameter("x", randomMatrix(shape.rows, shape.width, seed: 5))
    var generator = SeededGenerator(seed: 6)
    let lists = [40, 0, 300].map { count in
      (0..<count + 1).map { _ in Int32(generator.index(below: shape.rows)) }.dropFirst()
    }
    func direct(_ tape: Tape) -> Tensor { tape.frobeniusNorms(x.tensor, rows: lists) }
    func gathered(_ tape: Tape) -> Tensor {
      lists.map { tape.frobeniusNorm(tape.gathered(x.tensor, rows: $0)) }
        .reduce(tape.total(Tensor(constant: Matrix(rows: [[0]])))) { tape.sum($0, $1) }
    }
    TapeLinearTests.expectClose(
      TapeLinearTests.step([x]) { tape, _ in direct(tape) },
      TapeLinearTests.step([x]) { tape, _ in gathered(tape) })
    // The gradient is written where it is the first to arrive, added elsewhere.
    TapeLinearTests.expectClose(
      TapeLinearTests.step([x]) { tape, x in tape.sum(direct(tape), tape.frobeniusNorm(x[0])) },
      TapeLinearTests.step([x]) { tape, x in tape.sum(tape.frobeniusNorm(x[0]), gathered(tape)) })
  }
}
