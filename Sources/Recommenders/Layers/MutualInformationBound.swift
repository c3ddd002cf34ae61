import Autodiff
import Statistics

/// vCLUB: an upper bound of the mutual information of x and y, if q(y | x) is what it should be.
///
///     q(y | x) = N(y; μ(x), e^{ℓ(x)}),  μ and ℓ = tanh(·) each two linear layers, relu between
///     bound = max(0, ½·mean_r(ln q(y_r | x_r) − ln q(y_{π(r)} | x_r))),  π a permutation
///
/// The hidden layers are a quarter as wide as x and y.
///
/// - Reference: [CHDLGC20], Section 3.3.
package struct MutualInformationBound {
  private let mean: (hidden: LinearLayer, output: LinearLayer)
  private let logVariance: (hidden: LinearLayer, output: LinearLayer)

  /// - Parameter width: Of x and of y.
  package init(_ name: String, width: Int, using generator: inout SeededGenerator) {
    let hidden = max(1, width / 4)
    func perceptron(
      _ part: String, using generator: inout SeededGenerator
    ) -> (hidden: LinearLayer, output: LinearLayer) {
      (
        LinearLayer(
          "\(name).\(part).hidden", inputs: width, outputs: hidden, initialization: .torch,
          using: &generator),
        LinearLayer(
          "\(name).\(part).output", inputs: hidden, outputs: width, initialization: .torch,
          using: &generator)
      )
    }
    mean = perceptron("mean", using: &generator)
    logVariance = perceptron("log_variance", using: &generator)
  }

  package var parameters: [Parameter] {
    [mean.hidden, mean.output, logVariance.hidden, logVariance.output].flatMap(\.parameters)
  }

  /// The bound, 1 × 1: x and y may be trained by it, q may not.
  ///
  /// - Parameter order: π, as a list of rows.
  package func callAsFunction(
    _ x: Tensor, _ y: Tensor, order: [Int32], on tape: Tape
  ) -> Tensor {
    let means = mean.output.held(
      tape.leakyReLU(mean.hidden.held(x, on: tape), slope: 0), on: tape)
    let logVariances = tape.tanh(
      logVariance.output.held(
        tape.leakyReLU(logVariance.hidden.held(x, on: tape), slope: 0), on: tape))
    let gap = tape.difference(
      tape.gaussianLogLikelihood(y, mean: means, logVariance: logVariances),
      tape.gaussianLogLikelihood(
        tape.gathered(y, rows: order[...]), mean: means, logVariance: logVariances))
    return tape.leakyReLU(tape.scaled(gap, by: 0.5), slope: 0)
  }

  /// What q is fitted by, −mean_r ln q(y_r | x_r) without its constant, 1 × 1; x and y are taken
  /// as constants.
  package func fittingLoss(_ x: Tensor, _ y: Tensor, on tape: Tape) -> Tensor {
    let x = tape.detached(x)
    let means = mean.output(
      tape.leakyReLU(mean.hidden(x, on: tape), slope: 0), on: tape)
    let logVariances = tape.tanh(
      logVariance.output(
        tape.leakyReLU(logVariance.hidden(x, on: tape), slope: 0), on: tape))
    return tape.scaled(
      tape.gaussianLogLikelihood(
        tape.detached(y), mean: means, logVariance: logVariances), by: -1)
  }
}
