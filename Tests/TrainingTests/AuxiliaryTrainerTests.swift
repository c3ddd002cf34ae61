import Autodiff
import Datasets
import Foundation
import LinearAlgebra
import Recommenders
import Statistics
import Testing

import Training

/// Factors whose items are scaled by a critic, which is trained on the scaled items of each batch,
/// and a pace, which is trained before each step.
private final class Duel: Recommender {
  /// - Parameter holdsCritic: Whether the main loss takes the critic as a constant.
  static func descriptor(holdsCritic: Bool = true, paceRate: Double? = nil) -> ModelDescriptor {
    ModelDescriptor(
      name: "duel", title: "Duel", reference: "RFGS09",
      hyperParameters: [
        .ofProtocol("train_batch_size", "triples in a batch", default: .integer(48)),
        .learningRateSchedule(factor: 0.5, period: 2),
      ], takesProjection: false, optimizer: Adam.Options(firstDecay: 0.8, decay: .decoupled),
      sampling: .distinctUsers
    ) { input, _, _, streams in
      Duel(input, streams, holdsCritic: holdsCritic, paceRate: paceRate)
    }
  }

  let parameters: [Parameter]
  private let critic = Parameter("critic", Matrix(rowCount: 1, columnCount: 8, repeating: 1))
  private let pace = Parameter("pace", Matrix(rowCount: 1, columnCount: 1, repeating: 1))
  private let streams: RandomStreams
  private let holdsCritic: Bool
  private let paceRate: Double?
  private var seen: Tensor?

  init(_ input: ModelInput, _ streams: RandomStreams, holdsCritic: Bool, paceRate: Double?) {
    self.streams = streams
    self.holdsCritic = holdsCritic
    self.paceRate = paceRate
    parameters = [("users", input.userCount), ("items", input.itemCount)].map { name, count in
      Parameter(name, normalTable(count, 8, seed: UInt64(count)))
    }
  }

  var auxiliaries: [AuxiliaryObjective] {
    [
      AuxiliaryObjective(
        "critic", [critic], .after, stepCount: 3, learningRate: 3e-3,
        options: Adam.Options(firstDecay: 0.5, secondDecay: 0.9)
      ) { [unowned self] batch, step, tape in
        let seed = streams.seed(for: "critic", batch) &+ UInt64(step)
        let inputs = tape.dropout(tape.detached(seen!), rate: 0.2, seed: seed)
        return tape.meanSquare(
          tape.adding(constant: -0.1, to: tape.scaledColumns(inputs, by: critic.tensor)))
      },
      AuxiliaryObjective("pace", [pace], .before, learningRate: paceRate) {
        [unowned self] _, _, tape in tape.meanSquare(pace.tensor)
      },
    ]
  }

  func loss(of batch: Batch, on tape: Tape) -> Loss {
    let scale = holdsCritic ? tape.detached(critic.tensor) : critic.tensor
    let items = tape.scaledByScalar(
      tape.scaledColumns(parameters[1].tensor, by: scale), by: tape.detached(pace.tensor))
    seen = tape.gathered(items, rows: batch.positives)
    let ranking = tape.rankingLoss(
      users: parameters[0].tensor, items: items, user: batch.users, positive: batch.positives,
      negative: batch.negatives, form: .natural)
    return Loss(total: ranking, terms: [("bpr", ranking)])
  }

  func representations() -> Representations {
    Representations(
      users: parameters[0].tensor.matrix, items: parameters[1].tensor.matrix)
  }
}

@Suite("Auxiliary trainer")
struct AuxiliaryTrainerTests {
  private func configuration(_ model: ModelDescriptor) throws -> RunConfiguration {
    try ConfigurationReader(models: [model]).read(
      model: "duel", dataset: "tiny",
      overrides: ["epochs=6", "learning_rate=0.01", "weight_decay=0.01"], seed: 5
    ).runs[0]
  }

  private func trained(_ model: ModelDescriptor) throws -> (Trainer, [EpochOutcome]) {
    let trainer = try Trainer(
      configuration(model), on: TrainerWorlds.dataset(), models: [model])
    return (trainer, try (0..<6).map { _ in try trainer.trainEpoch() })
  }

  private func tables(_ trainer: Trainer) -> [Matrix<Float>] {
    trainer.model.allParameters.map(\.tensor.matrix)
  }

  @Test func `a model's defaults for the protocol's keys are in force`() throws {
    let settings = try configuration(Duel.descriptor()).settings
    #expect(settings.trainBatchSize == 48)
    #expect(settings.learningRateScheduler == LearningRateSchedule(factor: 0.5, period: 2))
    let (trainer, outcomes) = try trained(Duel.descriptor())
    #expect(abs(outcomes[2].learningRate - 0.005) < 1e-12)
    #expect(trainer.optimizer.options.decay == .decoupled)
  }

  @Test func `each objective takes its steps and is in the log by its name`() throws {
    let (trainer, outcomes) = try trained(Duel.descriptor())
    #expect(trainer.model.allParameters.map(\.name) == ["users", "items", "critic", "pace"])
    #expect(Set(outcomes[0].losses.keys) == ["bpr", "total", "critic", "pace"])
    #expect(outcomes[5].losses["critic"]! < outcomes[0].losses["critic"]!)
    #expect(outcomes[5].losses["pace"]! < outcomes[0].losses["pace"]!)
    // The pace follows the main rate, which halves every other epoch, unless it has its own.
    let (other, _) = try trained(Duel.descriptor(paceRate: 0.01))
    #expect(tables(other)[3][0, 0] < tables(trainer)[3][0, 0])
  }

  @Test func `what the main loss asks of the critic is forgotten`() throws {
    let (held, _) = try trained(Duel.descriptor())
    let (free, _) = try trained(Duel.descriptor(holdsCritic: false))
    #expect(tables(held) == tables(free))
  }

  @Test func `resumed anywhere, ends as if uninterrupted`() throws {
    let model = Duel.descriptor()
    let dataset = try TrainerWorlds.dataset()
    let folder = try ScratchFolder()
    let run = try TrainingRun(
      configuration(model), on: dataset, at: folder("run"), force: false, version: "test",
      models: [model])
    _ = try run.run { record in
      try? FileManager.default.copyItem(
        atPath: folder("run"), toPath: folder("after \(record.epoch)"))
      return ""
    }
    let uninterrupted = try RunOutcome(run.folder)
    #expect(uninterrupted.last.tables["first/critic"] != nil)
    for epoch in [1, 4] {
      let resumed = try TrainingRun(
        resuming: folder("after \(epoch)"), version: "test", models: [model]
      ) { _ in dataset }
      _ = try resumed.run { _ in "" }
      #expect(try RunOutcome(resumed.folder) == uninterrupted)
    }
  }

  @Test func `an objective that is no longer finite is named`() throws {
    let model = Duel.descriptor(paceRate: 1e30)
    let trainer = try Trainer(
      configuration(model), on: TrainerWorlds.dataset(), models: [model])
    #expect {
      for _ in 0..<3 { _ = try trainer.trainEpoch() }
    } throws: { error in
      guard case .diverged(1, let step, _, let term)? = error as? TrainingError else {
        return false
      }
      return step >= 1 && ["pace", "bpr", "critic"].contains(term)
    }
  }
}
