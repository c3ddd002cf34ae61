import Autodiff

/// A loss of a model's own for parameters that its main loss does not train, such as those of a
/// critic.
///
/// Before or after every step of the main loss it takes steps of its own with its own optimizer.
/// What gradients one of the two losses has for the other's parameters is forgotten.
public struct AuxiliaryObjective {
  /// When it is trained.
  public enum Moment: Sendable {
    /// Before the step of the main loss on the same batch.
    case before
    /// After it. Tensors of the main loss's tape are still there, as they were before its step.
    case after
  }

  /// What its loss is called in the log; not among the terms of the main loss.
  public let name: String
  /// What it trains; none of the model's own.
  public let parameters: [Parameter]
  public let moment: Moment
  /// Its steps for every step of the main loss.
  public let stepCount: Int
  /// Its learning rate in every epoch; nil for the main one.
  public let learningRate: Double?
  public let weightDecay: Double
  public let options: Adam.Options
  /// Its loss, 1 × 1, in step 0..<stepCount of those on a batch.
  public let loss: (_ batch: Batch, _ step: Int, _ tape: Tape) -> Tensor

  public init(
    _ name: String, _ parameters: [Parameter], _ moment: Moment, stepCount: Int = 1,
    learningRate: Double? = nil, weightDecay: Double = 0,
    options: Adam.Options = Adam.Options(),
    loss: @escaping (_ batch: Batch, _ step: Int, _ tape: Tape) -> Tensor
  ) {
    precondition(stepCount > 0, "\(stepCount) steps")
    self.name = name
    self.parameters = parameters
    self.moment = moment
    self.stepCount = stepCount
    self.learningRate = learningRate
    self.weightDecay = weightDecay
    self.options = options
    self.loss = loss
  }
}
