import Autodiff
import LinearAlgebra
import Testing

@Suite struct ParameterTests {
  @Test func `starts as its matrix, without a gradient`() {
    let start = randomMatrix(3, 2, seed: 1)
    let parameter = Parameter("x", start)
    #expect(parameter.name == "x" && parameter.tensor.matrix == start)
    #expect(parameter.tensor.needsGradient && parameter.tensor.gradient == nil)
  }

  @Test func `stacked parameters lie in one tensor and get their own gradients`() {
    let (all, parts) = Parameter.stacked([
      ("users", randomMatrix(3, 2, seed: 1)), ("items", randomMatrix(4, 2, seed: 2)),
    ])
    #expect(all.matrix == randomMatrix(3, 2, seed: 1).stacked(above: randomMatrix(4, 2, seed: 2)))
    let tape = Tape()
    tape.backward(from: tape.meanSquare(all))
    #expect(parts[0].tensor.gradientMatrix.elements.count == 6)
    #expect(
      parts[0].tensor.gradientMatrix.stacked(above: parts[1].tensor.gradientMatrix)
        == all.gradientMatrix)
    Adam(parts, learningRate: 0.1).step()
    #expect(all.gradient == nil)
    #expect(parts[1].tensor.matrix != randomMatrix(4, 2, seed: 2))
    #expect(all.matrix.rows(3..<7) == parts[1].tensor.matrix)
  }
}
