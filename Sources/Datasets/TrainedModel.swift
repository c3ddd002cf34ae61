import LinearAlgebra

/// The model that learned a data set's features, as its checkpoint tells.
public struct TrainedModel: Codable, Sendable, Equatable {
  /// What the model scored at ``epoch``: values by metric, such as `recall@20`.
  public struct Metrics: Codable, Sendable, Equatable {
    public let valid: [String: Double]?
    public let test: [String: Double]?

    public init(valid: [String: Double]?, test: [String: Double]?) {
      self.valid = valid
      self.test = test
    }
  }

  /// The projection under which the model was trained.
  public struct Setting: Codable, Sendable, Equatable {
    /// Redundancy rank k.
    public let rank: Int
    /// Projection strength λ.
    public let strength: Double

    public init(rank: Int, strength: Double) {
      self.rank = rank
      self.strength = strength
    }
  }

  /// The model's name on the command line, such as `lightgcn`.
  public let model: String
  /// The data set that it was trained on.
  public let dataset: String
  /// The epoch after which it was saved, counted from 1.
  public let epoch: Int
  public let seed: UInt64
  /// Version of the trainer.
  public let version: String
  /// One SHA-256 for all that was read of the data set.
  public let digest: String
  /// Nil when the epoch was not evaluated.
  public let metrics: Metrics?
  /// Nil for a model that was trained without projection.
  public let projection: Setting?

  public init(
    model: String, dataset: String, epoch: Int, seed: UInt64, version: String, digest: String,
    metrics: Metrics?, projection: Setting?
  ) {
    self.model = model
    self.dataset = dataset
    self.epoch = epoch
    self.seed = seed
    self.version = version
    self.digest = digest
    self.metrics = metrics
    self.projection = projection
  }
}

/// A projection x − λ(x·U)·Uᵀ that comes with the features, because a model was trained with it.
public struct FittedProjection: Sendable, Equatable {
  /// Redundancy rank k.
  public let rank: Int
  /// Projection strength λ in 0...1.
  public let strength: Double
  /// U by modality, width × k with orthonormal columns; a modality without one is left as it is.
  public let bases: [String: Matrix<Float>]

  public init(rank: Int, strength: Double, bases: [String: Matrix<Float>]) {
    self.rank = rank
    self.strength = strength
    self.bases = bases
  }
}
