import Autodiff
import LinearAlgebra
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
}
