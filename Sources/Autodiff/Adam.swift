internal import CAutodiff
import Foundation
import LinearAlgebra

/// Adam, for single-precision parameters.
///
///     m ← β₁m + (1 − β₁)g,  v ← β₂v + (1 − β₂)g²
///     θ ← θ − η/(1 − β₁ᵗ) · m / (√v/√(1 − β₂ᵗ) + ε)
///
/// Every row of every table moves in every step, also rows without a gradient; where a gradient has
/// some rows of a table only, the others' steps are put off until somebody reads them. A weight
/// decay δ is either added to the gradient, g + δθ, or taken from the parameter itself, (1 − ηδ)θ
/// (AdamW).
///
/// - Reference: [KB15]; [LH19] for the decoupled decay.
public final class Adam {
  /// The constants of the method; the published ones unless told otherwise.
  public struct Options: Sendable, Equatable {
    /// What weight decay acts on.
    public enum Decay: Sendable, Equatable {
      /// On the gradient, before the moments.
      case coupled
      /// On the parameter, beside the step.
      case decoupled
    }

    /// β₁ and β₂.
    public var firstDecay: Double
    public var secondDecay: Double
    /// ε.
    public var epsilon: Double
    public var decay: Decay

    public init(
      firstDecay: Double = 0.9, secondDecay: Double = 0.999, epsilon: Double = 1e-8,
      decay: Decay = .coupled
    ) {
      self.firstDecay = firstDecay
      self.secondDecay = secondDecay
      self.epsilon = epsilon
      self.decay = decay
    }
  }

  /// The parameters that are moved.
  public let parameters: [Parameter]
  /// Learning rate η.
  public var learningRate: Double
  /// Weight decay δ.
  public let weightDecay: Double
  public let options: Options
  /// Steps taken so far, t.
  public private(set) var stepCount = 0
  /// Running means of gradients m and of their squares v; nil for a parameter that has had no
  /// gradient yet, which stays where it is.
  private var moments: [(first: Tensor, second: Tensor)?]
  /// For each parameter that has had a gradient of some rows, what puts off the others' steps.
  private var rowUpdates: [RowUpdates?]

  public init(
    _ parameters: [Parameter], learningRate: Double, weightDecay: Double = 0,
    options: Options = Options()
  ) {
    self.parameters = parameters
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.options = options
    moments = Array(repeating: nil, count: parameters.count)
    rowUpdates = Array(repeating: nil, count: parameters.count)
  }

  /// Moves every parameter against its gradient, which is then forgotten.
  ///
  /// - Complexity: seven passes over memory for each parameter, or for the rows of its gradient.
  public func step() {
    stepCount += 1
    let t = Double(stepCount)
    let isDecoupled = options.decay == .decoupled
    let settings = ad_adam(
      first_decay: Float(options.firstDecay), second_decay: Float(options.secondDecay),
      step_size: Float(learningRate / (1 - pow(options.firstDecay, t))),
      inverse_root: Float(1 / (1 - pow(options.secondDecay, t)).squareRoot()),
      epsilon: Float(options.epsilon), weight_decay: isDecoupled ? 0 : Float(weightDecay),
      kept: isDecoupled ? Float(1 - learningRate * weightDecay) : 1)
    for (index, parameter) in parameters.enumerated() {
      let tensor = parameter.tensor
      if let (rows, gradient) = tensor.rowGradient {
        updates(of: tensor, at: index).step(settings, rows: rows, gradient)
      } else if moments[index] != nil || tensor.gradient != nil {
        step(settings, tensor, moments(of: tensor, at: index))
      }
    }
    for parameter in parameters { parameter.tensor.clearGradient() }
  }

  private func step(
    _ settings: ad_adam, _ tensor: Tensor, _ moments: (first: Tensor, second: Tensor)
  ) {
    nonisolated(unsafe) let (value, gradient, first, second) = (
      tensor.value, tensor.gradient, moments.first.value, moments.second.value
    )
    forEachBlock(tensor.count) { range in
      let at = range.lowerBound
      withUnsafePointer(to: settings) {
        ad_adam_steps(
          $0, 1, value + at, gradient.map { $0 + at }, first + at, second + at, range.count)
      }
    }
  }

  private func moments(of tensor: Tensor, at index: Int) -> (first: Tensor, second: Tensor) {
    let result = moments[index] ?? (zeros(like: tensor), zeros(like: tensor))
    moments[index] = result
    return result
  }

  private func updates(of tensor: Tensor, at index: Int) -> RowUpdates {
    let result = rowUpdates[index] ?? RowUpdates(tensor, moments(of: tensor, at: index))
    rowUpdates[index] = result
    tensor.use(result)
    return result
  }

  /// The running means m and v of `parameter`, in place; nil if it has had no gradient yet.
  public func moments(of parameter: Parameter) -> (first: Tensor, second: Tensor)? {
    parameter.tensor.settle()
    return parameters.firstIndex { $0 === parameter }.flatMap { moments[$0] }
  }

  /// Goes on behind step `stepCount`, with the moments kept from there.
  ///
  /// - Parameter moments: m and v by the parameter's name, of its shape; none for a parameter that
  ///   had had no gradient.
  public func restore(
    stepCount: Int, moments: [String: (first: Matrix<Float>, second: Matrix<Float>)]
  ) {
    self.stepCount = stepCount
    for parameter in parameters { parameter.tensor.settle() }
    rowUpdates = Array(repeating: nil, count: parameters.count)
    self.moments = parameters.map { parameter in
      moments[parameter.name].map { (Tensor(constant: $0.first), Tensor(constant: $0.second)) }
    }
  }

  private func zeros(like tensor: Tensor) -> Tensor {
    Tensor(rowCount: tensor.rowCount, columnCount: tensor.columnCount, needsGradient: false)
  }
}
