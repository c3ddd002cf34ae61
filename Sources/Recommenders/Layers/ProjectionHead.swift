import Autodiff
import Statistics

/// What a contrastive loss compares: three linear layers, batch normalisation and a rectifier
/// between them, and rows of length 1.
///
///     z = rows of W₃·relu(bn(W₂·relu(bn(W₁·x + b₁)) + b₂)) + b₃ normalised
///
/// It is used in training only, so that its running averages have no reader and are no part of a
/// checkpoint.
package struct ProjectionHead {
  private let layers: [LinearLayer]
  private let norms: [BatchNormalization]

  package init(
    _ name: String, inputs: Int, hiddenWidth: Int, width: Int,
    using generator: inout SeededGenerator
  ) {
    let widths = [inputs, hiddenWidth, hiddenWidth, width]
    layers = (0..<3).map { layer in
      LinearLayer(
        "\(name).layer\(layer + 1)", inputs: widths[layer], outputs: widths[layer + 1],
        initialization: .torch, using: &generator)
    }
    norms = (1...2).map { BatchNormalization("\(name).norm\($0)", width: hiddenWidth) }
  }

  package var parameters: [Parameter] {
    layers.flatMap(\.parameters) + norms.flatMap(\.parameters)
  }

  /// z for the outputs `range` of the layer `inner` for x.
  package func callAsFunction(
    _ x: Tensor, through inner: LinearLayer, outputs range: Range<Int>, on tape: Tape
  ) -> Tensor {
    let first = rectified(
      layers[0](x, through: inner, outputs: range, on: tape), by: norms[0], on: tape)
    let second = rectified(layers[1](first, on: tape), by: norms[1], on: tape)
    return tape.normalizedRows(layers[2](second, on: tape))
  }

  private func rectified(_ x: Tensor, by norm: BatchNormalization, on tape: Tape) -> Tensor {
    tape.leakyReLU(norm(x, on: tape), slope: 0)
  }
}
