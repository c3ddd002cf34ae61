import Autodiff
import LinearAlgebra
import Statistics

/// How the weights and biases of linear layers start, where it is to be chosen.
package enum LinearInitialization: String, CaseIterable {
  /// Weights Xavier uniform, biases zero.
  case xavier
  /// Both U(−1/√inputs, 1/√inputs), PyTorch's default.
  case torch
}

/// A linear layer, x·Wᵀ + b.
package struct LinearLayer {
  /// How the weights start.
  package enum Weights {
    /// U(−a, a) with a = √(6/(inputs + outputs)).
    case xavierUniform
    /// N(0, 2/(inputs + outputs)).
    case xavierNormal
    /// N(0, 2/inputs).
    case kaimingNormal
    /// U(−1/√inputs, 1/√inputs).
    case fanIn
  }

  /// How the biases start, if there are any.
  package enum Biases {
    case none
    case zero
    /// U(−1/√inputs, 1/√inputs).
    case fanIn
  }

  /// outputs × inputs.
  package let weight: Parameter
  /// 1 × outputs.
  package let bias: Parameter?

  package init(
    _ name: String, inputs: Int, outputs: Int, weights: Weights, biases: Biases,
    using generator: inout SeededGenerator
  ) {
    let bound = 1 / Double(inputs).squareRoot()
    let start =
      switch weights {
      case .xavierUniform: Initialization.xavierUniform(outputs, inputs, using: &generator)
      case .xavierNormal: Initialization.xavierNormal(outputs, inputs, using: &generator)
      case .kaimingNormal: Initialization.kaimingNormal(outputs, inputs, using: &generator)
      case .fanIn: Initialization.uniform(outputs, inputs, bound: bound, using: &generator)
      }
    weight = Parameter("\(name).weight", start)
    switch biases {
    case .none: bias = nil
    case .zero:
      bias = Parameter("\(name).bias", Matrix(rowCount: 1, columnCount: outputs))
    case .fanIn:
      bias = Parameter(
        "\(name).bias", Initialization.uniform(1, outputs, bound: bound, using: &generator))
    }
  }

  package init(
    _ name: String, inputs: Int, outputs: Int, initialization: LinearInitialization,
    using generator: inout SeededGenerator
  ) {
    switch initialization {
    case .xavier:
      self.init(
        name, inputs: inputs, outputs: outputs, weights: .xavierUniform, biases: .zero,
        using: &generator)
    case .torch:
      self.init(
        name, inputs: inputs, outputs: outputs, weights: .fanIn, biases: .fanIn,
        using: &generator)
    }
  }

  package var parameters: [Parameter] { [weight] + (bias.map { [$0] } ?? []) }

  /// The layer's outputs for x or some of its rows, each once; those of `modality` projected where
  /// there is a projector.
  package func callAsFunction(
    _ x: Tensor, distinct rows: [Int32]? = nil, on tape: Tape,
    projector: SubspaceProjector? = nil, modality: Int = 0
  ) -> Tensor {
    projector.linear(
      x, distinct: rows, weight: weight.tensor, bias: bias?.tensor, modality: modality, on: tape)
  }

  /// The layer's outputs for x after a leaky rectifier.
  package func rectified(_ x: Tensor, slope: Double, on tape: Tape) -> Tensor {
    tape.linear(x, weight: weight.tensor, bias: bias?.tensor, slope: slope)
  }

  /// The layer's outputs for x with the layer itself as a constant: a gradient flows to x alone.
  package func held(_ x: Tensor, on tape: Tape) -> Tensor {
    tape.linear(
      x, weight: tape.detached(weight.tensor), bias: bias.map { tape.detached($0.tensor) })
  }

  /// The layer's outputs for outputs of `inner` for x, which are never there themselves; see
  /// ``folded(through:outputs:on:)``.
  ///
  /// - Parameters:
  ///   - range: Which outputs of `inner`; nil for all.
  ///   - slope: That of a leaky rectifier behind the layer; no rectifier if nil.
  /// - Complexity: 2·outputs·inputs of `inner`·(rows of x + inputs) operations, where one layer
  ///   after the other has 2·rows·inputs·(inputs of `inner` + outputs).
  package func callAsFunction(
    _ x: Tensor, through inner: LinearLayer, outputs range: Range<Int>? = nil,
    slope: Double? = nil, on tape: Tape
  ) -> Tensor {
    let layer = folded(through: inner, outputs: range, on: tape)
    return tape.linear(x, weight: layer.weight, bias: layer.bias, slope: slope)
  }

  /// The weight and the bias of this layer on some outputs of `inner`, or on all, as one layer:
  ///
  ///     W·(U·x + a) + b = (W·U)·x + (W·a + b)
  func folded(
    through inner: LinearLayer, outputs range: Range<Int>? = nil, on tape: Tape
  ) -> (weight: Tensor, bias: Tensor?) {
    let range = range ?? 0..<inner.weight.tensor.rowCount
    let shift = inner.bias.map {
      tape.linear(
        tape.columns(range, of: $0.tensor), weight: weight.tensor, bias: bias?.tensor)
    }
    return (
      tape.product(weight.tensor, tape.rows(range, of: inner.weight.tensor)),
      shift ?? bias?.tensor
    )
  }
}
