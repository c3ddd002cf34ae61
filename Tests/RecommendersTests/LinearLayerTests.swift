import Autodiff
import LinearAlgebra
import Recommenders
import Statistics
import Testing

@Suite("Linear layer")
struct LinearLayerTests {
  private func layer(
    _ weights: LinearLayer.Weights, _ biases: LinearLayer.Biases, inputs: Int = 400,
    outputs: Int = 100
  ) -> LinearLayer {
    var generator = SeededGenerator(seed: 3)
    return LinearLayer(
      "x", inputs: inputs, outputs: outputs, weights: weights, biases: biases, using: &generator)
  }

  private func spread(_ values: [Float]) -> (deviation: Double, largest: Double) {
    let square = values.reduce(0) { $0 + Double($1) * Double($1) } / Double(values.count)
    return (square.squareRoot(), values.reduce(0) { max($0, abs(Double($1))) })
  }

  @Test func `weights start with the spread of their rule`() {
    func start(_ weights: LinearLayer.Weights) -> (deviation: Double, largest: Double) {
      spread(layer(weights, .none).weight.tensor.matrix.elements)
    }
    let uniform = start(.xavierUniform)
    let bound = (6.0 / 500).squareRoot()
    #expect(uniform.largest <= bound && uniform.largest > 0.999 * bound)
    #expect(abs(uniform.deviation / (2.0 / 500).squareRoot() - 1) < 0.02)
    #expect(abs(start(.xavierNormal).deviation / (2.0 / 500).squareRoot() - 1) < 0.02)
    #expect(abs(start(.kaimingNormal).deviation / (2.0 / 400).squareRoot() - 1) < 0.02)
    #expect(start(.kaimingNormal).largest > 3 * start(.kaimingNormal).deviation)
    let fanIn = start(.fanIn)
    #expect(fanIn.largest <= 0.05 && fanIn.largest > 0.999 * 0.05)
  }

  @Test func `biases start at zero, within the inputs' bound, or not at all`() {
    #expect(layer(.xavierNormal, .none).parameters.map(\.name) == ["x.weight"])
    let zero = layer(.xavierNormal, .zero)
    #expect(zero.parameters.map(\.name) == ["x.weight", "x.bias"])
    #expect(zero.bias!.tensor.matrix.elements.allSatisfy { $0 == 0 })
    let fanIn = spread(layer(.xavierNormal, .fanIn).bias!.tensor.matrix.elements)
    #expect(fanIn.largest <= 0.05 && fanIn.largest > 0.045)
  }

  @Test func `the named rules are their parts`() {
    var (first, second) = (SeededGenerator(seed: 3), SeededGenerator(seed: 3))
    for (rule, weights, biases) in [
      (.xavier, .xavierUniform, .zero), (.torch, .fanIn, .fanIn),
    ] as [(LinearInitialization, LinearLayer.Weights, LinearLayer.Biases)] {
      let named = LinearLayer(
        "x", inputs: 7, outputs: 5, initialization: rule, using: &first)
      let parts = LinearLayer(
        "x", inputs: 7, outputs: 5, weights: weights, biases: biases, using: &second)
      #expect(named.parameters.map(\.tensor.matrix) == parts.parameters.map(\.tensor.matrix))
    }
  }

  @Test func `without biases it is a product`() {
    let layer = layer(.xavierUniform, .none, inputs: 6, outputs: 4)
    let x = randomMatrix(5, 6, seed: 1)
    let y = layer(Tensor(constant: x), on: Tape(isRecording: false)).matrix
    let expected = Plain(x) * Plain(layer.weight.tensor.matrix).transposed
    #expect((Plain(y) - expected).maximumMagnitude < 1e-6)
  }

  @Test func `behind another layer, takes its outputs without their being there`() {
    let (inner, outer) = (
      layer(.xavierUniform, .fanIn, inputs: 6, outputs: 9),
      layer(.xavierNormal, .fanIn, inputs: 4, outputs: 3)
    )
    let x = Parameter("x", randomMatrix(5, 6, seed: 1))
    func step(_ make: (Tape) -> Tensor) -> [Matrix<Float>] {
      let tape = Tape()
      let y = make(tape)
      tape.backward(from: tape.meanSquare(y))
      let all = [x] + inner.parameters + outer.parameters
      defer { for parameter in all { parameter.tensor.clearGradient() } }
      return [y.matrix] + all.map(\.tensor.gradientMatrix)
    }
    let found = step { outer(x.tensor, through: inner, outputs: 2..<6, on: $0) }
    let expected = step { tape in
      outer(tape.columns(2..<6, of: inner(x.tensor, on: tape)), on: tape)
    }
    for (a, b) in zip(found, expected) {
      #expect((Plain(a) - Plain(b)).maximumMagnitude < 1e-6)
    }
    let bare = layer(.xavierUniform, .none, inputs: 6, outputs: 4)
    let y = outer(x.tensor, through: bare, on: Tape()).matrix
    let product =
      Plain(x.tensor.matrix) * Plain(bare.weight.tensor.matrix).transposed
      * Plain(outer.weight.tensor.matrix).transposed
    let plain = product.adding(Plain(outer.bias!.tensor.matrix).rows[0])
    #expect((Plain(y) - plain).maximumMagnitude < 1e-5)
  }

  @Test func `held, it is a constant`() {
    let layer = layer(.xavierUniform, .fanIn, inputs: 6, outputs: 4)
    let x = Parameter("x", randomMatrix(5, 6, seed: 1))
    let tape = Tape()
    let y = layer.held(x.tensor, on: tape)
    #expect(y.matrix == layer(x.tensor, on: tape).matrix)
    tape.backward(from: tape.meanSquare(y))
    #expect(x.tensor.gradient != nil && layer.parameters.allSatisfy { $0.tensor.gradient == nil })
  }
}
