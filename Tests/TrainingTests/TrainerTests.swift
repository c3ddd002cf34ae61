import Autodiff
import Datasets
import Foundation
import LinearAlgebra
import Recommenders
import Testing

import Training

@Suite("Trainer")
struct TrainerTests {
  private static func outcomes(
    _ configuration: RunConfiguration, epochs: Int, on dataset: FeatureDataset? = nil
  ) throws -> (outcomes: [EpochOutcome], trainer: Trainer) {
    let trainer = try Trainer(configuration, on: dataset ?? TrainerWorlds.dataset())
    return (try (0..<epochs).map { _ in try trainer.trainEpoch() }, trainer)
  }

  @Test(arguments: ModelCatalog.all.map(\.name))
  func `every model learns what users like`(model: String) throws {
    let configuration = try TrainerWorlds.configuration(
      model, ["epochs=25", "topk=[5, 20]", "metrics=[Recall]"])
    let (outcomes, trainer) = try Self.outcomes(configuration, epochs: 25)
    let losses = try outcomes.map { try #require($0.losses["total"]) }
    #expect(losses[24] < 0.8 * losses[0])
    let recalls = outcomes.compactMap { $0.evaluation?.test[MetricKey(.recall, at: 20)] }
    // 5 training items leave 35 candidates: 0.57 by chance.
    #expect(recalls.count == 25 && recalls.max()! > 0.8)
    let apart = ["total"] + trainer.model.auxiliaries.map(\.name)
    for outcome in outcomes {
      let terms = outcome.losses.filter { !apart.contains($0.key) }.values.reduce(0, +)
      #expect(abs(terms - outcome.losses["total"]!) < 1e-3)
    }
  }

  @Test func `no training item is recommended to its user`() throws {
    let (_, trainer) = try Self.outcomes(
      TrainerWorlds.configuration("lightgcn"), epochs: 3)
    let lists = try Evaluator(trainer.data).topItems(
      for: Array(0..<60), count: 40, in: trainer.model.representations())
    for (user, list) in lists.enumerated() {
      let own = trainer.data.itemsByUser[user].map { Int($0) }
      #expect(list.count == 40 - own.count && Set(list.map(\.item)).isDisjoint(with: own))
    }
  }

  @Test func `evaluates every other epoch where that is asked for`() throws {
    let configuration = try TrainerWorlds.configuration(
      "mf-bpr", ["epochs=5", "eval_step=2", "stopping_step=0"])
    let (outcomes, trainer) = try Self.outcomes(configuration, epochs: 5)
    #expect(outcomes.map { $0.evaluation != nil } == [false, true, false, true, false])
    #expect(outcomes.map(\.improved).enumerated().allSatisfy { !$0.element || $0.offset % 2 == 1 })
    #expect(trainer.stopping.state.bestEpoch % 2 == 0)
    // What is trained does not depend on it.
    var always = configuration
    always.settings.evalStep = 1
    let (others, other) = try Self.outcomes(always, epochs: 5)
    #expect(others.map(\.losses) == outcomes.map(\.losses))
    #expect(others[3].evaluation == outcomes[3].evaluation)
    #expect(other.weights == trainer.weights)
    // A step beyond the last epoch would never evaluate.
    var rarely = configuration
    rarely.settings.evalStep = 100
    #expect(try Self.outcomes(rarely, epochs: 5).outcomes.last?.evaluation == others[4].evaluation)
  }

  @Test func `the learning rate follows its schedule`() throws {
    let configuration = try TrainerWorlds.configuration(
      "mf-bpr", ["epochs=4", "learning_rate=0.01", "learning_rate_scheduler=[0.25, 2]"])
    let (outcomes, trainer) = try Self.outcomes(configuration, epochs: 4)
    for (outcome, rate) in zip(outcomes, [0.01, 0.005, 0.0025, 0.00125]) {
      #expect(abs(outcome.learningRate - rate) < 1e-15)
    }
    let constant = try TrainerWorlds.configuration("mf-bpr", ["epochs=4", "learning_rate=0.01"])
    let (others, other) = try Self.outcomes(constant, epochs: 4)
    #expect(others.allSatisfy { $0.learningRate == 0.01 })
    #expect(others[0].losses == outcomes[0].losses && others[2].losses != outcomes[2].losses)
    #expect(other.weights != trainer.weights)
  }

  @Test func `another seed is another run`() throws {
    func parameters(_ seed: UInt64) throws -> [Matrix<Float>] {
      try Self.outcomes(TrainerWorlds.configuration("mf-bpr", seed: seed), epochs: 1)
        .trainer.weights
    }
    #expect(try parameters(1) == parameters(1))
    #expect(try parameters(1) != parameters(2))
  }

  @Test func `stale scoring changes scores and not training`() throws {
    func run(_ stale: Bool) throws -> (outcomes: [EpochOutcome], trainer: Trainer) {
      try Self.outcomes(
        TrainerWorlds.configuration(
          "clear", ["stale_scoring=\(stale)", "dropout=0.3"], projection: ProjectionOptions()),
        epochs: 3)
    }
    let (fresh, stale) = (try run(false), try run(true))
    #expect(fresh.outcomes.map(\.losses) == stale.outcomes.map(\.losses))
    #expect(fresh.trainer.weights == stale.trainer.weights)
    #expect(fresh.outcomes[0].evaluation != stale.outcomes[0].evaluation)
  }

  @Test func `stops when the validation metric has`() throws {
    let configuration = try TrainerWorlds.configuration(
      "mf-bpr", ["epochs=500", "stopping_step=3", "learning_rate=1e-12"])
    let trainer = try Trainer(configuration, on: TrainerWorlds.dataset())
    while !trainer.isFinished { _ = try trainer.trainEpoch() }
    // Nothing moves, so the first epoch stays the best.
    #expect(trainer.epoch == 5 && trainer.stopping.state.bestEpoch == 1)
  }

  // MARK: Divergence

  @Test(arguments: ModelCatalog.all.map(\.name))
  func `a rate without bounds diverges with epoch and step`(model: String) throws {
    let configuration = try TrainerWorlds.configuration(
      model, ["learning_rate=1e30"], projection: model == "clear" ? ProjectionOptions() : nil)
    let trainer = try Trainer(configuration, on: TrainerWorlds.dataset())
    #expect {
      for _ in 0..<3 { _ = try trainer.trainEpoch() }
    } throws: { error in
      switch error as? TrainingError {
      case .diverged(let epoch, let step, let steps, _)?:
        epoch >= 1 && (1...steps).contains(step) && steps == 5
      case .divergedScores(let epoch, _)?, .divergedEmbeddings(let epoch)?: epoch >= 1
      default: false
      }
    }
  }

  @Test func `huge features diverge in the first step`() throws {
    let dataset = try TrainerWorlds.dataset(featureScale: 3e37)
    let trainer = try Trainer(TrainerWorlds.configuration("vbpr"), on: dataset)
    #expect(throws: TrainingError.self) { try trainer.trainEpoch() }
    #expect(trainer.epoch == 0)
  }

  @Test func `embeddings without directions are said to have diverged`() throws {
    let configuration = try TrainerWorlds.configuration("vbpr", projection: ProjectionOptions())
    let trainer = try Trainer(configuration, on: TrainerWorlds.dataset())
    _ = try trainer.trainEpoch()
    let weight = try #require(trainer.model.parameters.first { $0.name == "text.weight" }).tensor
    var values = weight.matrix
    values[3, 1] = .infinity
    weight.assign(values)
    #expect(throws: TrainingError.divergedEmbeddings(epoch: 2)) { try trainer.trainEpoch() }
    #expect(trainer.epoch == 1)
  }

  // MARK: What cannot be trained

  @Test func `features that are no numbers are refused with their place`() throws {
    var dataset = try TrainerWorlds.dataset()
    guard case .features(var text) = dataset.modalities[1] else { return }
    text.matrix[7, 2] = .nan
    dataset.modalities[1] = .features(text)
    let configuration = try TrainerWorlds.configuration("mf-bpr")
    #expect(throws: TrainingError.nonFiniteFeatures(source: "text", row: 7, column: 2)) {
      try Trainer(configuration, on: dataset)
    }
  }

  @Test func `what the data set or the model lacks is named`() throws {
    let whole = try TrainerWorlds.dataset()
    func refusal(
      _ model: String, projection: ProjectionOptions? = nil,
      _ change: (inout FeatureDataset) -> Void = { _ in }
    ) throws -> String {
      var dataset = whole
      change(&dataset)
      let configuration = try TrainerWorlds.configuration(model, projection: projection)
      do {
        _ = try Trainer(configuration, on: dataset)
        return "none"
      } catch {
        return "\(error)"
      }
    }
    #expect(
      try refusal("mf-bpr") { $0.interactions = nil }
        == "tiny has no interactions to train on; put tiny.inter beside its features")
    #expect(
      try refusal("clear") { $0.modalities.removeLast() }
        == "CLEAR needs 2 modalities, the data set has image")
    #expect(
      try refusal("freedom", projection: ProjectionOptions()) { $0.modalities.removeLast() }
        == "FREEDOM needs 2 modalities, the data set has image")
    #expect(try refusal("freedom") { $0.modalities.removeLast() } == "none")
    #expect(try refusal("vbpr") { $0.modalities.removeLast() } == "none")
    let lists = PrecomputedNeighbors(
      modality: "image", items: 40, width: 5,
      indices: (0..<200).map { Int32(($0 / 5 + $0 % 5) % 40) },
      cosines: [Float](repeating: 1, count: 200), path: "image_knn.npy")
    for (model, title) in [("clear", "CLEAR"), ("vbpr", "VBPR"), ("freedom", "FREEDOM")] {
      #expect(
        try refusal(model) { $0.modalities[0] = .neighbors(lists) }
          == "\(title) needs the features of modality image, but there are only precomputed "
          + "neighbour lists; put image_feat.npy beside them")
    }
    #expect(
      try refusal("lightgcn", projection: ProjectionOptions())
        == "LightGCN has no modality embeddings for a projection to act on; leave --clear out")
    var unknown = try TrainerWorlds.configuration("mf-bpr")
    unknown.model = "itemknn"
    #expect(
      throws: TrainingError.unknownModel(
        "itemknn", known: ModelCatalog.all.map(\.name))
    ) { try Trainer(unknown, on: whole) }
    let wide = try TrainerWorlds.configuration("clear", projection: ProjectionOptions(rank: 9))
    #expect(throws: ModelError.rankOutOfRange(rank: 9, width: 8)) {
      try Trainer(wide, on: whole).trainEpoch()
    }
  }

  @Test func `without their loss FREEDOM's features need only be neighbour lists`() throws {
    var dataset = try TrainerWorlds.dataset()
    dataset.modalities = ["image", "text"].map { name in
      .neighbors(
        PrecomputedNeighbors(
          modality: name, items: 40, width: 5,
          indices: (0..<200).map { Int32(($0 / 5 + $0 % 5) % 40) },
          cosines: [Float](repeating: 1, count: 200), path: "\(name)_knn.npy"))
    }
    let configuration = try TrainerWorlds.configuration("freedom", ["reg_weight=0"])
    let (outcomes, trainer) = try Self.outcomes(configuration, epochs: 2, on: dataset)
    #expect(outcomes.count == 2 && trainer.model.parameters.count == 2)
    #expect(trainer.model.modalityEmbeddings().isEmpty)
  }
}

extension Trainer {
  /// What has been trained so far.
  fileprivate var weights: [Matrix<Float>] { model.parameters.map(\.tensor.matrix) }
}
