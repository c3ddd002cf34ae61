import Autodiff
import LinearAlgebra
import Statistics

/// The encoder of one modality: two linear layers with a leaky rectifier between them.
///
///     W₂·leaky(W₁·x + b₁) + b₂
struct ModalityEncoder {
  /// Slope of the rectifier below zero.
  static let slope = 0.01

  let name: String
  private let hidden: LinearLayer
  private let output: LinearLayer

  init(
    _ name: String, inputs: Int, hiddenWidth: Int, width: Int,
    initialization: LinearInitialization, using generator: inout SeededGenerator
  ) {
    self.name = name
    hidden = LinearLayer(
      "\(name).hidden", inputs: inputs, outputs: hiddenWidth, initialization: initialization,
      using: &generator)
    output = LinearLayer(
      "\(name).output", inputs: hiddenWidth, outputs: width, initialization: initialization,
      using: &generator)
  }

  var parameters: [Parameter] { hidden.parameters + output.parameters }

  /// The embeddings of all items, items × width; projected where there is a projector.
  ///
  /// - Parameter inner: A layer that the features go through first.
  func callAsFunction(
    _ features: Tensor, through inner: LinearLayer? = nil, on tape: Tape,
    projector: SubspaceProjector? = nil, modality: Int = 0
  ) -> Tensor {
    let first =
      inner.map { hidden.folded(through: $0, on: tape) }
      ?? (hidden.weight.tensor, hidden.bias?.tensor)
    return tape.perceptron(
      features, hidden: first, slope: Self.slope,
      output: projector.folded(
        weight: output.weight.tensor, bias: output.bias?.tensor, modality: modality, on: tape))
  }
}
