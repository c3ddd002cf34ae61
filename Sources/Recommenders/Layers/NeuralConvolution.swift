import Autodiff
import LinearAlgebra
import Statistics

/// Graph convolution with weights, in the form that LATTICE has it:
///
///     S = A·Z⁽ˡ⁻¹⁾,  Z⁽ˡ⁾ = leaky(S·Gₗᵀ + cₗ) + leaky((Z⁽ˡ⁻¹⁾ ⊙ S)·Bₗᵀ + eₗ), some of it dropped
///     Z̄ = (Z⁽⁰⁾ + Σ_l rows of Z⁽ˡ⁾ normalised)/(L + 1)
///
/// - Reference: [WHWFC19], with the self loops and the mean of [ZZLWWW21].
struct NeuralConvolution {
  /// Slope of the rectifier below zero.
  static let slope = 0.01

  private let layers: [(sum: LinearLayer, product: LinearLayer)]
  private let dropout: Double

  init(width: Int, layers count: Int, dropout: Double, _ streams: RandomStreams) {
    self.dropout = dropout
    var generator = streams.generator(for: "initialization of convolutions")
    layers = (0..<count).map { layer in
      func linear(_ name: String) -> LinearLayer {
        LinearLayer(
          "\(name).\(layer + 1)", inputs: width, outputs: width, initialization: .torch,
          using: &generator)
      }
      return (linear("convolution.sum"), linear("convolution.product"))
    }
  }

  var parameters: [Parameter] { layers.flatMap { $0.sum.parameters + $0.product.parameters } }

  /// Z̄ for Z⁽⁰⁾ = x, nodes × width.
  ///
  /// - Parameter seed: The seed of each purpose; nil where nothing is dropped.
  func callAsFunction(
    _ x: Tensor, over adjacency: SparseOperator, on tape: Tape, seed: ((String) -> UInt64)?
  ) -> Tensor {
    var (current, sum) = (x, x)
    for (number, layer) in layers.enumerated() {
      let neighbors = tape.product(adjacency, current)
      let added = tape.sum(
        tape.leakyReLU(layer.sum(neighbors, on: tape), slope: Self.slope),
        tape.leakyReLU(
          layer.product(tape.multiplied(current, neighbors), on: tape), slope: Self.slope))
      current =
        seed.map { seed in
          tape.dropout(added, rate: dropout, seed: seed("messages of layer \(number + 1)"))
        } ?? added
      sum = tape.sum(sum, tape.normalizedRows(current))
    }
    return tape.scaled(sum, by: 1 / Double(layers.count + 1))
  }
}
