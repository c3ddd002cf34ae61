import Autodiff
import LinearAlgebra
import Recommenders

/// Trains what a model has trained beside it; see ``AuxiliaryObjective``.
final class AuxiliaryTrainer {
  /// One for each objective.
  let optimizers: [Adam]
  private let model: any Recommender
  private let objectives: [AuxiliaryObjective]
  private let tape = Tape()

  /// - Parameter learningRate: Of those that have none of their own.
  init(_ model: any Recommender, learningRate: Double) {
    self.model = model
    objectives = model.auxiliaries
    optimizers = objectives.map {
      Adam(
        $0.parameters, learningRate: $0.learningRate ?? learningRate,
        weightDecay: $0.weightDecay, options: $0.options)
    }
  }

  /// The rate of an epoch, for those that have none of their own.
  func use(learningRate: Double) {
    for (objective, optimizer) in zip(objectives, optimizers) where objective.learningRate == nil {
      optimizer.learningRate = learningRate
    }
  }

  /// Takes the steps that are due at `moment` of a batch.
  ///
  /// - Returns: The mean loss of these steps, by name.
  func step(_ moment: AuxiliaryObjective.Moment, on batch: Batch) -> [(name: String, loss: Float)] {
    guard !objectives.isEmpty else { return [] }
    var losses: [(String, Float)] = []
    for (objective, optimizer) in zip(objectives, optimizers) where objective.moment == moment {
      var sum: Float = 0
      for step in 0..<objective.stepCount {
        tape.begin()
        let loss = objective.loss(batch, step, tape)
        sum += loss.scalar
        // What another loss has left is none of this one's.
        forgetGradients()
        tape.backward(from: loss)
        optimizer.step()
      }
      losses.append((objective.name, sum / Float(objective.stepCount)))
    }
    forgetGradients()
    return losses
  }

  /// Goes on behind `stepCount` steps of the main loss.
  func restore(
    stepCount: Int, moments: [String: (first: Matrix<Float>, second: Matrix<Float>)]
  ) {
    for (objective, optimizer) in zip(objectives, optimizers) {
      optimizer.restore(stepCount: stepCount * objective.stepCount, moments: moments)
    }
  }

  private func forgetGradients() {
    for parameter in model.parameters { parameter.tensor.clearGradient() }
    for objective in objectives {
      for parameter in objective.parameters { parameter.tensor.clearGradient() }
    }
  }
}
