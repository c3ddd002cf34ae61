import Autodiff
import Datasets
import LinearAlgebra
import Neighbors
import Recommenders
import Statistics

/// What one epoch came to.
public struct EpochOutcome: Sendable {
  /// Number of the epoch, from 1.
  public let epoch: Int
  /// The rate of its steps.
  public let learningRate: Double
  /// Terms of the loss by name, with `total`, and the losses of what is trained beside the model;
  /// sums over the epoch's batches.
  public let losses: [String: Double]
  /// Metrics afterwards; nil when the epoch was not evaluated.
  public let evaluation: Evaluation?
  /// Whether the validation metric reached a new best.
  public let improved: Bool
  /// Wall-clock seconds of the batches, of the evaluation and of the projection's refresh.
  public let seconds: (training: Double, evaluation: Double, projection: Double)
}

/// Trains a model: epochs of batches, each followed by an evaluation and the stopping rule.
///
/// An epoch depends on the state of model, optimizer and stopping rule and on the seed and its own
/// number, but on nothing drawn before: a trainer that is restored goes on to the same bits.
///
/// - Reference: [Zhou23].
public final class Trainer {
  public let configuration: RunConfiguration
  public let model: any Recommender
  public let optimizer: Adam
  public let data: TrainingData
  /// Epochs trained so far.
  public private(set) var epoch = 0
  public private(set) var stopping: EarlyStopping

  private let auxiliaries: AuxiliaryTrainer
  private let sampler: TripleSampler
  private let evaluator: Evaluator
  private let tape = Tape()

  /// Builds the model and what it is trained with.
  ///
  /// - Parameter models: Those that can be trained.
  /// - Throws: ``TrainingError``, ``TrainingDataError``, ``ModelError``, `NeighborError`.
  public init(
    _ configuration: RunConfiguration, on dataset: FeatureDataset,
    models: [ModelDescriptor] = ModelCatalog.all
  ) throws {
    guard let descriptor = models.first(where: { $0.name == configuration.model }) else {
      throw TrainingError.unknownModel(configuration.model, known: models.map(\.name))
    }
    guard descriptor.takesProjection || configuration.projection == nil else {
      throw TrainingError.takesNoProjection(model: descriptor.title)
    }
    guard let interactions = dataset.interactions else {
      throw TrainingError.noInteractions(dataset: dataset.name)
    }
    for features in dataset.featureMatrices { try requireFinite(features) }
    let settings = configuration.settings
    let streams = RandomStreams(seed: configuration.seed)
    self.configuration = configuration
    data = try TrainingData(interactions, filterColdStart: settings.filterOutColdStartUsers)
    model = try descriptor.make(
      ModelInput(
        userCount: data.userCount, itemCount: data.itemCount, trainingUsers: data.trainingUsers,
        trainingItems: data.trainingItems, modalities: dataset.modalities),
      configuration.hyperParameters, configuration.projection, streams)
    try requireRank(configuration.projection, fits: model)
    optimizer = Adam(
      model.parameters, learningRate: settings.learningRate, weightDecay: settings.weightDecay,
      options: descriptor.optimizer)
    auxiliaries = AuxiliaryTrainer(model, learningRate: settings.learningRate)
    sampler = TripleSampler(
      data, descriptor.sampling, batchSize: settings.trainBatchSize, streams: streams)
    evaluator = Evaluator(data, keys: settings.metricKeys)
    stopping = EarlyStopping(patience: settings.stoppingStep)
  }

  /// Whether there is nothing more to do.
  public var isFinished: Bool { stopping.shouldStop || epoch >= configuration.settings.epochs }

  /// The optimizers of the model and of what is trained beside it.
  var optimizers: [Adam] { [optimizer] + auxiliaries.optimizers }

  /// Goes on behind `epoch` and `stepCount` steps; the caller has restored the model.
  ///
  /// - Parameter moments: Of every parameter that has had a gradient, by name.
  public func restore(
    epoch: Int, stepCount: Int,
    moments: [String: (first: Matrix<Float>, second: Matrix<Float>)],
    stopping state: EarlyStopping.State
  ) {
    optimizer.restore(stepCount: stepCount, moments: moments)
    auxiliaries.restore(stepCount: stepCount, moments: moments)
    self.epoch = epoch
    stopping = EarlyStopping(patience: stopping.patience, state: state)
  }

  /// Trains one epoch and evaluates it.
  ///
  /// - Throws: ``TrainingError`` when the loss or the scores are no longer finite; the model is
  ///   then of no use, and the checkpoint of the epoch before is the last good one.
  public func trainEpoch() throws -> EpochOutcome {
    let clock = ContinuousClock()
    let settings = configuration.settings
    let number = epoch + 1
    let start = clock.now
    do {
      try model.beginEpoch(number)
    } catch let error where error is LinearAlgebraError || error is NeighborError {
      throw TrainingError.divergedEmbeddings(epoch: number)
    }
    optimizer.learningRate = settings.learningRateScheduler.rate(
      base: settings.learningRate, epoch: number - 1)
    auxiliaries.use(learningRate: optimizer.learningRate)
    let losses = try trainBatches(of: number)
    let trained = clock.now

    var evaluation: Evaluation?
    var improved = false
    if number % min(settings.evalStep, settings.epochs) == 0 {
      do throws(EvaluationError) {
        evaluation = try evaluator.evaluate(model.representations())
      } catch {
        throw TrainingError.divergedScores(epoch: number, error)
      }
      if let value = evaluation?.valid[settings.validMetric] {
        improved = stopping.record(value, epoch: number)
      }
    }
    epoch = number
    return EpochOutcome(
      epoch: number, learningRate: optimizer.learningRate, losses: losses,
      evaluation: evaluation, improved: improved,
      seconds: (
        training: (trained - start).inSeconds - (model.projector?.refreshSeconds ?? 0),
        evaluation: (clock.now - trained).inSeconds,
        projection: model.projector?.refreshSeconds ?? 0
      ))
  }

  private func trainBatches(of epoch: Int) throws(TrainingError) -> [String: Double] {
    var sums: [String: Double] = [:]
    let batches = sampler.epoch(epoch).batches(size: configuration.settings.trainBatchSize)
    func add(_ name: String, _ value: Float, _ batch: Batch) throws(TrainingError) {
      guard value.isFinite else {
        throw .diverged(epoch: epoch, step: batch.step, steps: batches.count, term: name)
      }
      sums[name, default: 0] += Double(value)
    }
    for batch in batches {
      for (name, value) in auxiliaries.step(.before, on: batch) { try add(name, value, batch) }
      tape.begin()
      let loss = model.loss(of: batch, on: tape)
      for (name, value) in loss.terms + [("total", loss.total)] {
        try add(name, value.scalar, batch)
      }
      tape.backward(from: loss.total)
      optimizer.step()
      for (name, value) in auxiliaries.step(.after, on: batch) { try add(name, value, batch) }
    }
    return sums
  }
}

/// Throws unless the modality embeddings are as wide as the projection takes directions from them.
private func requireRank(
  _ projection: ProjectionOptions?, fits model: any Recommender
) throws(ModelError) {
  guard let rank = projection?.rank,
    let width = model.modalityEmbeddings().map(\.before.columnCount).min(), rank > width
  else { return }
  throw .rankOutOfRange(rank: rank, width: width)
}

private func requireFinite(_ features: FeatureMatrix) throws(TrainingError) {
  guard let index = features.matrix.elements.firstIndex(where: { !$0.isFinite }) else { return }
  let width = features.matrix.columnCount
  throw .nonFiniteFeatures(
    source: features.path ?? features.name, row: index / width, column: index % width)
}
