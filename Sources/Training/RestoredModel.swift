import Datasets
import Recommenders

/// A trained model as a checkpoint holds it, with the interactions that it was trained on.
public struct RestoredModel {
  /// What the checkpoint says of itself.
  public let header: CheckpointHeader
  /// How it was trained.
  public let configuration: RunConfiguration
  public let data: TrainingData
  public let model: any Recommender

  /// Reads the checkpoint at `path` and builds its model again.
  ///
  /// - Parameter read: Reads the data set that the configuration names.
  /// - Throws: ``CheckpointError``, also when the data set has other contents now, and what
  ///   ``Trainer/init(_:on:models:)`` throws.
  public init(
    at path: String, dataset read: (RunConfiguration) throws -> FeatureDataset
  ) throws {
    let checkpoint = try Checkpoint.read(from: path)
    header = checkpoint.header
    do throws(ConfigurationError) {
      configuration = try RunConfiguration(yaml: header.config, path: "config")
    } catch {
      throw CheckpointError.configuration(path: path, error)
    }
    let dataset = try read(configuration)
    try checkpoint.requireOrigin(
      model: configuration.model, dataset: configuration.dataset, digest: dataset.digest,
      path: path)
    let trainer = try Trainer(configuration, on: dataset)
    try checkpoint.restore(trainer.model, path: path)
    data = trainer.data
    model = trainer.model
  }

  /// The metrics that the configuration names.
  ///
  /// - Parameter normalization: What NDCG is divided by; training uses ``GainNormalization/ideal``.
  /// - Throws: ``EvaluationError``.
  public func evaluate(
    normalization: GainNormalization = .ideal
  ) throws(EvaluationError) -> Evaluation {
    try Evaluator(data, keys: configuration.settings.metricKeys, normalization: normalization)
      .evaluate(model.representations())
  }

  /// Hands the best `count` items of each of `users` to `body`, best first, without the user's
  /// training items.
  ///
  /// - Throws: ``EvaluationError``, before the first list; what `body` throws.
  /// - Complexity: memory for the lists of `eval_batch_size` users.
  public func recommend(
    to users: [Int], count: Int, _ body: (_ user: Int, _ items: [ScoredItem]) throws -> Void
  ) throws {
    if let user = users.first(where: { !(0..<data.userCount).contains($0) }) {
      throw EvaluationError.unknownUser(user, userCount: data.userCount)
    }
    let evaluator = Evaluator(data)
    let representations = model.representations()
    let size = configuration.settings.evalBatchSize
    for start in stride(from: 0, to: users.count, by: size) {
      let batch = Array(users[start...].prefix(size))
      let lists = try evaluator.topItems(for: batch, count: count, in: representations)
      for (user, list) in zip(batch, lists) { try body(user, list) }
    }
  }
}
