import Foundation
import LinearAlgebra
import Testing

import Autodiff

@Suite struct TapeNoiseTests {
  /// A number in [0, 1) that depends on `seed` and `place` alone (SplitMix64).
  private func draw(_ seed: UInt64, _ place: Int) -> Double {
    var z = seed &+ UInt64(place + 1) &* 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
  }

  @Test(arguments: [1, 7, 8, 37, 128])
  func `every place has the draw of its own that the plain generator gives`(width: Int) {
    let (rows, seed) = (300, UInt64.max - 5)
    let x = randomMatrix(rows, width, seed: 2)
    let input = Tensor(constant: x)
    let tape = Tape()
    let uniform = tape.uniform(rows, width, seed: seed).matrix
    let dropped = tape.dropout(input, rate: 0.3, seed: seed).matrix
    let perturbed = tape.perturbed(input, radius: 0.1, seed: seed).matrix
    for row in 0..<rows {
      let draws = (0..<width).map { draw(seed, row * width + $0) }
      let length = draws.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for column in 0..<width {
        let (value, draw) = (x[row, column], draws[column])
        #expect(uniform[row, column] == Float(draw))
        #expect(dropped[row, column] == (draw < 0.3 ? 0 : Float(1 / 0.7) * value))
        let moved = Double(value) + (value > 0 ? 0.1 : -0.1) * draw / length
        #expect(abs(Double(perturbed[row, column]) - moved) < 1e-6)
      }
    }
  }

  @Test func `gumbel noise has its mean and variance, and is a constant to the gradient`() {
    let x = Parameter("x", Matrix(rowCount: 300, columnCount: 200))
    let tape = Tape()
    let y = tape.addingGumbelNoise(to: x.tensor, seed: 3)
    let values = y.matrix.elements.map(Double.init)
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    #expect(abs(mean - 0.577_216) < 0.02)
    #expect(abs(variance - Double.pi * Double.pi / 6) < 0.05)
    tape.backward(from: tape.total(y))
    #expect(x.tensor.gradientMatrix.elements.allSatisfy { $0 == 1 })
    #expect(tape.addingGumbelNoise(to: x.tensor, seed: 3).matrix == y.matrix)
    #expect(tape.addingGumbelNoise(to: x.tensor, seed: 4).matrix != y.matrix)
    let scaled = tape.addingGumbelNoise(to: x.tensor, scale: 1e-5, guard: 1e-8, seed: 3)
    #expect(abs(scaled.matrix.elements[7] - 1e-5 * y.matrix.elements[7]) < 1e-9)
  }

  @Test func `perturbed rows move by the radius, each element away from zero`() {
    let x = randomMatrix(40, 16, seed: 1)
    var start = x
    start[3, 5] = 0
    let parameter = Parameter("x", start)
    let tape = Tape()
    let y = tape.perturbed(parameter.tensor, radius: 0.1, seed: 8)
    for row in 0..<40 {
      let moves = zip(y.matrix.row(row), start.row(row)).map { Double($0 - $1) }
      let length = moves.reduce(0) { $0 + $1 * $1 }.squareRoot()
      if row == 3 { #expect(moves[5] == 0) } else { #expect(abs(length - 0.1) < 1e-6) }
      for (move, value) in zip(moves, start.row(row)) { #expect(move * Double(value) >= 0) }
    }
    tape.backward(from: tape.total(y))
    #expect(parameter.tensor.gradientMatrix.elements.allSatisfy { $0 == 1 })
    #expect(tape.perturbed(parameter.tensor, radius: 0.1, seed: 8).matrix == y.matrix)
  }

  @Test func `uniform and gumbel constants have their distributions`() {
    let tape = Tape()
    let uniform = tape.uniform(300, 200, seed: 5)
    let values = uniform.matrix.elements
    #expect(values.allSatisfy { $0 >= 0 && $0 <= 1 } && !uniform.needsGradient)
    let mean = values.reduce(0) { $0 + Double($1) } / Double(values.count)
    let square = values.reduce(0) { $0 + Double($1) * Double($1) } / Double(values.count)
    #expect(abs(mean - 0.5) < 0.005 && abs(square - 1.0 / 3) < 0.005)
    #expect(tape.uniform(300, 200, seed: 5).matrix == uniform.matrix)
    #expect(tape.uniform(300, 200, seed: 6).matrix != uniform.matrix)

    let zeros = Tensor(constant: Matrix(rowCount: 30, columnCount: 20))
    #expect(
      tape.gumbelNoise(30, 20, guard: 1e-8, seed: 5).matrix
        == tape.addingGumbelNoise(to: zeros, guard: 1e-8, seed: 5).matrix)
  }
}
