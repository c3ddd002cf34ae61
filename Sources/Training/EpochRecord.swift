/// What one epoch of training did: a line of `metrics.jsonl`.
public struct EpochRecord: Codable, Sendable, Equatable {
  /// Wall-clock seconds of the parts of an epoch.
  public struct Seconds: Codable, Sendable, Equatable {
    /// The batches, without the parts below.
    public let training: Double
    public let evaluation: Double
    /// Refreshing the projection.
    public let projection: Double
    /// Measuring the redundancy.
    public let redundancy: Double

    public init(training: Double, evaluation: Double, projection: Double, redundancy: Double) {
      self.training = training
      self.evaluation = evaluation
      self.projection = projection
      self.redundancy = redundancy
    }

    /// The whole epoch.
    public var total: Double { training + evaluation + projection + redundancy }
  }

  /// Number of the epoch, from 1.
  public let epoch: Int
  /// Whether the validation metric reached a new best.
  public let improved: Bool
  /// The rate of this epoch's steps.
  public let learningRate: Double
  /// Terms of the loss by name, with `total`; sums over the epoch's batches.
  public let losses: [String: Double]
  /// Validation metrics by key, such as `recall@20`, unrounded; nil when the epoch was not
  /// evaluated.
  public let valid: [String: Double]?
  /// Test metrics, as ``valid``.
  public let test: [String: Double]?
  public let seconds: Seconds
  /// What the modalities share; nil for a model with fewer than two modality embeddings.
  public let redundancy: RedundancySummary?

  public init(
    epoch: Int, improved: Bool, learningRate: Double, losses: [String: Double],
    valid: [String: Double]?, test: [String: Double]?, seconds: Seconds,
    redundancy: RedundancySummary?
  ) {
    self.epoch = epoch
    self.improved = improved
    self.learningRate = learningRate
    self.losses = losses
    self.valid = valid
    self.test = test
    self.seconds = seconds
    self.redundancy = redundancy
  }
}
