import Autodiff
import LinearAlgebra
import Statistics
import Testing

@Suite(.bothKindsOfProducts) struct TapePerceptronTests {
  /// Rows, inputs, hidden width, outputs: of one tile and of several, and of more blocks than one;
  /// with widths that fill strips and with others.
  private static let shapes = [
    (1, 64, 64, 64), (127, 64, 128, 64), (700, 128, 256, 64), (2_500, 128, 64, 128),
    (300, 30, 64, 64), (300, 64, 50, 64), (300, 64, 64, 20), (90, 1_088, 128, 64),
  ]

  private func parameters(_ d: Int, _ h: Int, _ m: Int) -> [Parameter] {
    [
      Parameter("W1", randomMatrix(h, d, seed: 2)), Parameter("b1", randomMatrix(1, h, seed: 3)),
      Parameter("W2", randomMatrix(m, h, seed: 4)), Parameter("b2", randomMatrix(1, m, seed: 5)),
    ]
  }

  @Test(arguments: shapes, [0, 0.01])
  func `is one layer after the other`(shape: (Int, Int, Int, Int), slope: Double) {
    let (n, d, h, m) = shape
    let x = Tensor(features: randomMatrix(n, d, seed: 1))
    let parameters = parameters(d, h, m)
    let found = TapeLinearTests.step(parameters) {
      $0.perceptron(x, hidden: ($1[0], $1[1]), slope: slope, output: ($1[2], $1[3]))
    }
    let expected = TapeLinearTests.step(parameters) {
      $0.linear(
        $0.linear(x, weight: $1[0], bias: $1[1], slope: slope), weight: $1[2], bias: $1[3])
    }
    TapeLinearTests.expectClose(found, expected)
    let evaluated = Tape(isRecording: false).perceptron(
      x, hidden: (parameters[0].tensor, parameters[1].tensor), slope: slope,
      output: (parameters[2].tensor, parameters[3].tensor))
    #expect(evaluated.matrix == found[0])
  }

  @Test func `needs no biases`() {
    let x = Tensor(features: randomMatrix(400, 64, seed: 1))
    let layers = [parameters(64, 128, 64)[0], parameters(64, 128, 64)[2]]
    TapeLinearTests.expectClose(
      TapeLinearTests.step(layers) {
        $0.perceptron(x, hidden: ($1[0], nil), slope: 0.2, output: ($1[1], nil))
      },
      TapeLinearTests.step(layers) {
        $0.linear($0.linear(x, weight: $1[0], slope: 0.2), weight: $1[1])
      })
  }

  @Test func `adds to gradients that are there`() {
    let x = Tensor(features: randomMatrix(300, 64, seed: 1))
    let parameters = parameters(64, 64, 64)
    TapeLinearTests.expectClose(
      TapeLinearTests.step(parameters) { tape, inputs in
        func output() -> Tensor {
          tape.perceptron(
            x, hidden: (inputs[0], inputs[1]), slope: 0.1, output: (inputs[2], inputs[3]))
        }
        return tape.sum(output(), output())
      },
      TapeLinearTests.step(parameters) {
        $0.scaled(
          $0.perceptron(x, hidden: ($1[0], $1[1]), slope: 0.1, output: ($1[2], $1[3])), by: 2)
      })
  }

  @Test func `leaves layers alone that are held`() {
    let x = Tensor(features: randomMatrix(300, 64, seed: 1))
    let parameters = parameters(64, 64, 64)
    let held = parameters[2...3].map { Tensor(constant: $0.tensor.matrix) }
    let found = TapeLinearTests.step(parameters) {
      $0.perceptron(x, hidden: ($1[0], $1[1]), slope: 0.1, output: (held[0], held[1]))
    }
    let all = TapeLinearTests.step(parameters) {
      $0.perceptron(x, hidden: ($1[0], $1[1]), slope: 0.1, output: ($1[2], $1[3]))
    }
    TapeLinearTests.expectClose(Array(found[0...2]), Array(all[0...2]))
    #expect(held.allSatisfy { $0.gradientMatrix.elements.allSatisfy { $0 == 0 } })
  }

  @Test func `trains inputs that are not features`() {
    let inputs = [Parameter("x", randomMatrix(200, 64, seed: 1))] + parameters(64, 64, 64)
    TapeLinearTests.expectClose(
      TapeLinearTests.step(inputs) {
        $0.perceptron($1[0], hidden: ($1[1], $1[2]), slope: 0.1, output: ($1[3], $1[4]))
      },
      TapeLinearTests.step(inputs) {
        $0.linear(
          $0.linear($1[0], weight: $1[1], bias: $1[2], slope: 0.1), weight: $1[3], bias: $1[4])
      })
  }
}
