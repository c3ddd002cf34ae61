import Training

/// One line of a run's `metrics.jsonl`, as far as a comparison reads it.
public struct RunEpoch: Codable, Sendable, Equatable {
  /// The epoch, counted from 1.
  public let epoch: Int
  /// Whether validation was better than in every epoch before.
  public let improved: Bool
  /// Values by metric, such as `recall@20`; absent when the epoch was not evaluated.
  public let valid: [String: Double]?
  public let test: [String: Double]?
  /// Absent for models with fewer than two modality embeddings.
  public let redundancy: RedundancySummary?

  public init(
    epoch: Int, improved: Bool, valid: [String: Double]?, test: [String: Double]?,
    redundancy: RedundancySummary?
  ) {
    self.epoch = epoch
    self.improved = improved
    self.valid = valid
    self.test = test
    self.redundancy = redundancy
  }
}

extension RunEpoch {
  /// What is wrong with a record that has the right form, or nil.
  func problem(after previous: Int?) -> String? {
    if let previous, epoch <= previous {
      return "epoch \(epoch) follows epoch \(previous)"
    }
    guard let redundancy else { return nil }
    for (name, values) in [
      ("singularValuesBefore", redundancy.singularValuesBefore),
      ("singularValuesAfter", redundancy.singularValuesAfter),
    ] {
      guard zip(values, values.dropFirst()).allSatisfy({ $0 >= $1 }), (values.last ?? 0) >= 0
      else { return "\(name) are not in descending order, or below zero" }
    }
    guard redundancy.rank >= 1 else { return "the rank \(redundancy.rank) is below 1" }
    guard (0...1).contains(redundancy.strength) else {
      return "the strength \(redundancy.strength) is outside 0...1"
    }
    return nil
  }
}
