import Autodiff
import LinearAlgebra
import Statistics

/// How the weights and biases of linear layers start.
enum LinearInitialization: String, CaseIterable {
  /// Weights Xavier uniform, biases zero.
  case xavier
  /// Both U(−1/√inputs, 1/√inputs), PyTorch's default.
  case torch
}

/// A linear layer, x·Wᵀ + b.
struct LinearLayer {
  let weight: Parameter
  let bias: Parameter

  init(
    _ name: String, inputs: Int, outputs: Int, initialization: LinearInitialization,
    using generator: inout SeededGenerator
  ) {
    switch initialization {
    case .xavier:
      weight = Parameter(
        "\(name).weight",
        Initialization.xavierUniform(outputs, inputs, using: &generator))
      bias = Parameter("\(name).bias", Matrix(rowCount: 1, columnCount: outputs))
    case .torch:
      let bound = 1 / Double(inputs).squareRoot()
      weight = Parameter(
        "\(name).weight",
        Initialization.uniform(outputs, inputs, bound: bound, using: &generator))
      bias = Parameter(
        "\(name).bias", Initialization.uniform(1, outputs, bound: bound, using: &generator))
    }
  }

  var parameters: [Parameter] { [weight, bias] }

  /// The layer's outputs for x, those of `modality` projected where there is a projector.
  func callAsFunction(
    _ x: Tensor, on tape: Tape, projector: SubspaceProjector? = nil, modality: Int = 0
  ) -> Tensor {
    projector.linear(
      x, weight: weight.tensor, bias: bias.tensor, modality: modality, on: tape)
  }
}

/// The encoder of one modality: two linear layers with a leaky rectifier between them.
struct ModalityEncoder {
  /// Slope of the rectifier below zero.
  static let slope = 0.01

  let name: String
  private let features: Tensor
  private let hidden: LinearLayer
  private let output: LinearLayer

  init(
    _ name: String, features: Matrix<Float>, hiddenWidth: Int, width: Int,
    initialization: LinearInitialization, using generator: inout SeededGenerator
  ) {
    self.name = name
    self.features = Tensor(constant: features)
    hidden = LinearLayer(
      "\(name).hidden", inputs: features.columnCount, outputs: hiddenWidth,
      initialization: initialization, using: &generator)
    output = LinearLayer(
      "\(name).output", inputs: hiddenWidth, outputs: width, initialization: initialization,
      using: &generator)
  }

  var parameters: [Parameter] { hidden.parameters + output.parameters }

  /// The embeddings of all items, items × width; projected where there is a projector.
  func callAsFunction(
    on tape: Tape, projector: SubspaceProjector? = nil, modality: Int = 0
  ) -> Tensor {
    output(
      tape.leakyReLU(hidden(features, on: tape), slope: Self.slope), on: tape,
      projector: projector, modality: modality)
  }
}
