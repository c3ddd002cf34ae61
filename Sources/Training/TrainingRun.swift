import Autodiff
import Datasets
import Foundation
import LinearAlgebra
import Recommenders
import Redundancy
import Statistics

/// A training run that is written down as it goes.
///
/// After every epoch its line is in `metrics.jsonl` and the state from which training goes on in
/// `last.safetensors`; a run that is killed at any moment loses at most the epoch under way.
public final class TrainingRun {
  /// What is trained.
  public let trainer: Trainer
  /// The run's folder.
  public var folder: RunFolder { recorder.folder }

  private let recorder: RunRecorder
  private let digest: String
  private let version: String
  private var previousSubspace: SharedSubspace?
  private var best: CheckpointHeader.Metrics?

  /// Begins a run in a new folder.
  ///
  /// - Parameters:
  ///   - path: The folder; see ``RunFolder/create(at:configuration:force:)``.
  ///   - version: Of the program, for the checkpoints.
  ///   - models: Those that can be trained.
  /// - Throws: What ``Trainer/init(_:on:models:)`` and
  ///   ``RunFolder/create(at:configuration:force:)`` throw.
  public convenience init(
    _ configuration: RunConfiguration, on dataset: FeatureDataset, at path: String, force: Bool,
    version: String, models: [ModelDescriptor] = ModelCatalog.all
  ) throws {
    // A run that cannot begin leaves no folder.
    let trainer = try Trainer(
      configuration.naming(modalitiesOf: dataset), on: dataset, models: models)
    let recorder = try RunFolder.create(
      at: path, configuration: trainer.configuration.yaml(), force: force)
    self.init(trainer, recorder, digest: dataset.digest, version: version)
  }

  /// Goes on with the run in the folder at `path`.
  ///
  /// - Parameters:
  ///   - models: Those that can be trained.
  ///   - dataset: Reads the data set that the configuration names.
  /// - Throws: ``RunFolderError``, ``CheckpointError``, ``ConfigurationError`` and what
  ///   ``Trainer/init(_:on:models:)`` throws.
  public convenience init(
    resuming path: String, version: String, models: [ModelDescriptor] = ModelCatalog.all,
    dataset read: (RunConfiguration) throws -> FeatureDataset
  ) throws {
    let recorder = try RunFolder.resume(at: path)
    let folder = recorder.folder
    let configuration = try RunConfiguration(
      yaml: folder.configuration(), path: folder.config, models: models)
    let dataset = try read(configuration)
    let trainer = try Trainer(configuration, on: dataset, models: models)
    self.init(trainer, recorder, digest: dataset.digest, version: version)
    guard FileManager.default.fileExists(atPath: folder.last) else {
      try recorder.rewind(to: 0)
      return
    }
    let checkpoint = try Checkpoint.read(from: folder.last)
    try restore(checkpoint, path: folder.last)
    try recorder.rewind(to: trainer.epoch)
    let bestRecord = try folder.history().records.last { $0.improved }
    best = bestRecord.flatMap(CheckpointHeader.Metrics.init)
  }

  private init(_ trainer: Trainer, _ recorder: RunRecorder, digest: String, version: String) {
    self.trainer = trainer
    self.recorder = recorder
    self.digest = digest
    self.version = version
  }

  /// Trains to the end.
  ///
  /// - Parameter report: Called after every epoch; what it returns goes into `log.txt`.
  /// - Returns: What came of it, which is also in `result.json`.
  /// - Throws: ``TrainingError`` when training diverges; whatever was finished stays.
  public func run(report: (EpochRecord) -> String) throws -> RunResult {
    try trainEpochs(until: { false }, report)
    return try finish()
  }

  /// Trains to the end, or until `shouldStop`, which is asked after every epoch, says so; the run
  /// can then be resumed.
  ///
  /// - Returns: As ``run(report:)``; nil when training stopped before its end.
  /// - Throws: As ``run(report:)``.
  public func run(
    until shouldStop: () -> Bool, report: (EpochRecord) -> String
  ) throws -> RunResult? {
    try trainEpochs(until: shouldStop, report)
    return trainer.isFinished ? try finish() : nil
  }

  private func trainEpochs(
    until shouldStop: () -> Bool, _ report: (EpochRecord) -> String
  ) throws {
    do {
      while !trainer.isFinished {
        try recorder.log(report(trainEpoch()))
        if shouldStop() { return }
      }
    } catch {
      try? recorder.log("\(error)")
      throw error
    }
  }

  private func finish() throws -> RunResult {
    let result = RunResult(trainer, best: best, digest: digest, history: try folder.history())
    try recorder.write(result: result)
    return result
  }

  private func trainEpoch() throws -> EpochRecord {
    let outcome = try trainer.trainEpoch()
    let embeddings = trainer.model.modalityEmbeddings()
    trainer.model.projector?.prepare(embeddings.map(\.before))
    let start = ContinuousClock.now
    let redundancy = measure(embeddings)
    let record = EpochRecord(
      epoch: outcome.epoch, improved: outcome.improved, learningRate: outcome.learningRate,
      losses: outcome.losses, valid: outcome.evaluation?.valid.averagesByName,
      test: outcome.evaluation?.test.averagesByName,
      seconds: .init(
        training: outcome.seconds.training, evaluation: outcome.seconds.evaluation,
        projection: outcome.seconds.projection,
        redundancy: (ContinuousClock.now - start).inSeconds),
      redundancy: redundancy)
    try recorder.append(record)
    if let gap = trainer.model.projector?.spectralGap, outcome.seconds.projection > 0 {
      try recorder.log(
        "epoch \(outcome.epoch): projection of rank \(projection?.rank ?? 0), "
          + "singular values k and k + 1 differ by \(gap)")
    }
    let metrics = CheckpointHeader.Metrics(record)
    if outcome.improved, let evaluation = outcome.evaluation {
      best = metrics
      try checkpoint(metrics, embeddings, withOptimizer: false).write(to: folder.best)
      try recorder.write(UserTable(evaluation))
    }
    try checkpoint(metrics, embeddings, withOptimizer: true).write(to: folder.last)
    return record
  }

  // MARK: Checkpoints

  private var projection: NullSpaceProjection? { trainer.model.projector?.projection }

  private func checkpoint(
    _ metrics: CheckpointHeader.Metrics?, _ embeddings: [ModalityEmbedding], withOptimizer: Bool
  ) throws -> Checkpoint {
    let configuration = trainer.configuration
    let header = try CheckpointHeader(
      version: version, model: configuration.model, dataset: configuration.dataset,
      epoch: trainer.epoch, seed: configuration.seed, digest: digest,
      config: configuration.yaml(), modalities: embeddings.map(\.name),
      projection: projection.map { .init(rank: $0.rank, strength: $0.strength) },
      metrics: metrics, stepCount: withOptimizer ? trainer.optimizer.stepCount : nil,
      state: trainer.stopping.state)
    let parameters = trainer.model.allParameters
    var checkpoint = Checkpoint(
      header: header,
      parameters: Dictionary(
        uniqueKeysWithValues: parameters.map { ($0.name, .tensor($0.tensor)) }),
      buffers: Dictionary(
        uniqueKeysWithValues: trainer.model.buffers.map { ($0.name, .tensor($0.tensor)) }))
    if withOptimizer {
      for optimizer in trainer.optimizers {
        for parameter in optimizer.parameters {
          guard let moments = optimizer.moments(of: parameter) else { continue }
          checkpoint.moments[parameter.name] = .init(
            first: .tensor(moments.first), second: .tensor(moments.second))
        }
      }
    }
    for (index, embedding) in embeddings.enumerated() {
      checkpoint.modalities[embedding.name] = .init(
        before: embedding.before, after: embedding.after,
        projection: try projection.map { try matrices(of: $0, modality: index) })
    }
    return checkpoint
  }

  /// U_k, and Q as it acts on modality `modality`: the identity where it does not.
  private func matrices(
    of projection: NullSpaceProjection, modality: Int
  ) throws -> Checkpoint.Projection {
    let basis = Matrix<Float>(projection.bases[modality])
    var matrix = Matrix<Float>.identity(basis.rowCount)
    if trainer.model.projector?.includes(modality) ?? false {
      // From the basis as it is kept, so that a resumed run writes the same bits.
      let kept = try NullSpaceProjection(
        bases: [Matrix<Double>(basis)], strength: projection.strength)
      matrix = kept.apply(matrix, modality: 0)
    }
    return Checkpoint.Projection(
      matrix: matrix, basis: basis, mean: trainer.model.projector?.means?[modality])
  }

  private func restore(_ checkpoint: Checkpoint, path: String) throws {
    let configuration = trainer.configuration
    try checkpoint.requireOrigin(
      model: configuration.model, dataset: configuration.dataset, digest: digest, path: path)
    guard let stepCount = checkpoint.header.stepCount, !checkpoint.moments.isEmpty else {
      throw CheckpointError.noOptimizerState(path: path)
    }
    try checkpoint.restore(trainer.model, path: path)
    let epoch = checkpoint.header.epoch
    let state = try checkpoint.header.state(as: EarlyStopping.State.self, path: path)
    guard [state.bestEpoch, state.badEvaluations].allSatisfy((0...epoch).contains) else {
      throw CheckpointError.metadata(
        path: path, key: "state", found: checkpoint.header.state,
        expected: "a stopping rule's state of \(epoch) epochs")
    }
    trainer.restore(
      epoch: epoch, stepCount: stepCount,
      moments: checkpoint.moments.mapValues { ($0.first.matrix, $0.second.matrix) },
      stopping: state)
    // The last epoch's subspace, from the features as they were then.
    let before = checkpoint.header.modalities.compactMap { checkpoint.modalities[$0]?.before }
    if before.count >= 2 {
      previousSubspace = RedundancySummary.subspace(of: before)
    }
  }

  private func measure(_ embeddings: [ModalityEmbedding]) -> RedundancySummary? {
    guard embeddings.count >= 2 else { return nil }
    let (summary, subspace) = RedundancySummary.measure(
      before: embeddings.map(\.before), after: embeddings.map(\.after),
      rank: projection?.rank ?? trainer.configuration.projection?.rank
        ?? ProjectionOptions().rank,
      strength: projection?.strength ?? 0, previous: previousSubspace,
      seed: trainer.configuration.seed)
    previousSubspace = subspace
    return summary
  }
}

extension RunConfiguration {
  /// This configuration with the modalities that `dataset` has been read with, so that it is
  /// repeated with the same ones.
  public func naming(modalitiesOf dataset: FeatureDataset) -> RunConfiguration {
    var result = self
    result.modalities = dataset.modalities.map(\.name)
    return result
  }
}

extension CheckpointHeader.Metrics {
  /// Those of `record`, if it was evaluated.
  init?(_ record: EpochRecord) {
    guard let valid = record.valid, let test = record.test else { return nil }
    self.init(valid: valid, test: test)
  }
}

extension FeatureDataset {
  /// One digest of all inputs: of the lines "name digest", by name.
  public var digest: String {
    let lines = digests.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }
    return Digest.sha256(Array(lines.joined().utf8))
  }
}

extension UserTable {
  /// The metrics of validation and test, side by side.
  init(_ evaluation: Evaluation) {
    let parts = [("valid", evaluation.valid), ("test", evaluation.test)]
    let users = Set(parts.flatMap(\.1.users)).sorted()
    let rows = parts.map { part in
      Dictionary(uniqueKeysWithValues: part.1.users.enumerated().map { ($1, $0) })
    }
    self.init(
      columns: parts.flatMap { part in part.1.keys.map { "\(part.0).\($0)" } }, users: users,
      values: users.map { user in
        zip(parts, rows).flatMap { part, rows in
          part.1.keys.indices.map { column in
            rows[user].map { part.1.perUser[$0, column] }
          }
        }
      })
  }
}
