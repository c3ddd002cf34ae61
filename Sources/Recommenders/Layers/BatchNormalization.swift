import Autodiff
import LinearAlgebra

/// Batch normalisation: columns standardised over the rows of a batch in training, by running
/// averages of the statistics elsewhere.
///
///     y = γ ⊙ (x − μ)/√(σ² + ε) + β,  running ← (1 − m)·running + m·(μ, σ²·n/(n − 1))
///
/// - Reference: [IS15], with the running averages of PyTorch.
package struct BatchNormalization {
  /// γ and β.
  package let scale: Parameter
  package let shift: Parameter
  private let mean: Tensor
  private let variance: Tensor
  private let name: String
  private let epsilon: Double
  private let momentum: Double

  package init(_ name: String, width: Int, epsilon: Double = 1e-5, momentum: Double = 0.1) {
    self.name = name
    self.epsilon = epsilon
    self.momentum = momentum
    let (ones, zeros) = (
      Matrix<Float>(rowCount: 1, columnCount: width, repeating: 1),
      Matrix<Float>(rowCount: 1, columnCount: width)
    )
    scale = Parameter("\(name).scale", ones)
    shift = Parameter("\(name).shift", zeros)
    mean = Tensor(constant: zeros)
    variance = Tensor(constant: ones)
  }

  package var parameters: [Parameter] { [scale, shift] }

  /// The running averages.
  package var buffers: [Buffer] {
    [Buffer("\(name).mean", mean), Buffer("\(name).variance", variance)]
  }

  /// x standardised by its own statistics, which enter the running averages.
  package func callAsFunction(_ x: Tensor, on tape: Tape) -> Tensor {
    let result = tape.batchNormalized(
      x, scale: scale.tensor, shift: shift.tensor, epsilon: epsilon)
    let unbiased = Double(x.rowCount) / Double(max(x.rowCount - 1, 1))
    average(mean, with: result.mean, scaledBy: 1)
    average(variance, with: result.variance, scaledBy: unbiased)
    return result.value
  }

  /// x standardised by the running averages.
  package func evaluated(_ x: Tensor, on tape: Tape) -> Tensor {
    let factors = tape.multiplied(
      scale.tensor, tape.inverseSquareRoot(tape.adding(constant: epsilon, to: variance)))
    let centred = tape.adding(row: tape.scaled(mean, by: -1), to: x)
    return tape.adding(row: shift.tensor, to: tape.scaledColumns(centred, by: factors))
  }

  private func average(_ running: Tensor, with batch: Tensor, scaledBy scale: Double) {
    for column in 0..<running.columnCount {
      let (old, new) = (Double(running.value[column]), scale * Double(batch.value[column]))
      running.value[column] = Float(old + momentum * (new - old))
    }
  }
}
