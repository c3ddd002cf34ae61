import LinearAlgebra
import Testing

import Autodiff

@Suite struct TapeCosineTests {
  private func plain(
    _ x: Matrix<Double>, _ origin: Matrix<Double>, floor: Double = 1e-8
  ) -> Matrix<Double> {
    func dot(_ a: ArraySlice<Double>, _ b: ArraySlice<Double>) -> Double {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return Matrix(
      rows: (0..<x.rowCount).map { row in
        let (a, b) = (x.row(row), origin.row(row))
        let norms = [a, b].map { max(dot($0, $0).squareRoot(), floor) }
        return a.map { $0 * dot(a, b) / (norms[0] * norms[1]) }
      })
  }

  @Test(arguments: [1, 7, 16, 50])
  func `rows scaled by a cosine have gradients for both`(width: Int) {
    let inputs = [randomMatrix(300, width, seed: 1), randomMatrix(300, width, seed: 2)]
    checkOperation(inputs.map { $0.rows(0..<20) }, tolerance: 5e-5) {
      $0.scaledByCosine($1[0], to: $1[1])
    } plain: { plain($0[0], $0[1]) }
    // In all blocks, and where inputs are used twice, so that the pullback adds.
    checkOperation([inputs[0].rows(0..<9), inputs[1].rows(0..<9)], tolerance: 5e-5) {
      $0.sum($0.scaledByCosine($1[0], to: $1[1]), $0.sum($1[0], $1[1]))
    } plain: { x in
      let y = plain(x[0], x[1])
      return Matrix(
        rowCount: 9, columnCount: width,
        elements: y.elements.indices.map {
          y.elements[$0] + x[0].elements[$0] + x[1].elements[$0]
        })
    }
    let tape = Tape(isRecording: false)
    let found = tape.scaledByCosine(Tensor(constant: inputs[0]), to: Tensor(constant: inputs[1]))
    let exact = plain(Matrix<Double>(inputs[0]), Matrix<Double>(inputs[1]))
    #expect((Matrix<Double>(found.matrix) - exact).maximumMagnitude < 1e-5)
  }

  @Test func `a row of the same direction stays, of the opposite one turns round`() {
    let origin = randomMatrix(2, 5, seed: 3)
    var x = origin
    for column in 0..<5 { (x[0, column], x[1, column]) = (3 * x[0, column], -2 * x[1, column]) }
    let tape = Tape(isRecording: false)
    let y = tape.scaledByCosine(Tensor(constant: x), to: Tensor(constant: origin)).matrix
    for column in 0..<5 {
      #expect(abs(y[0, column] - x[0, column]) < 1e-5)
      #expect(abs(y[1, column] + x[1, column]) < 1e-5)
    }
  }

  @Test func `rows of zeros stay so and have no gradient; below the floor norms are constants`() {
    var (x, origin) = (randomMatrix(4, 3, seed: 4), randomMatrix(4, 3, seed: 5))
    for column in 0..<3 { (x[1, column], origin[2, column]) = (0, 0) }
    let parameters = [Parameter("x", x), Parameter("origin", origin)]
    let tape = Tape()
    let y = tape.scaledByCosine(parameters[0].tensor, to: parameters[1].tensor)
    #expect(y.matrix.row(1).allSatisfy { $0 == 0 } && y.matrix.row(2).allSatisfy { $0 == 0 })
    tape.backward(from: tape.total(y))
    for parameter in parameters {
      #expect(parameter.tensor.gradientMatrix.elements.allSatisfy { $0.isFinite })
      #expect(parameter.tensor.gradientMatrix.row(1).allSatisfy { $0 == 0 })
      parameter.tensor.clearGradient()
    }
    // A floor above some of the norms.
    checkOperation([x, origin], tolerance: 5e-5) {
      $0.scaledByCosine($1[0], to: $1[1], floor: 1.5)
    } plain: { plain($0[0], $0[1], floor: 1.5) }
  }
}
