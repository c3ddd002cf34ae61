/// What one way of damping costs one modality.
public struct ModalityCost: Codable, Sendable, Equatable {
  /// Variance lost and moved; nil for a modality without variance.
  public let variance: VarianceCost?
  /// Mean share of an anchor's nearest items that are still among its nearest.
  public let neighborsKept: MeasuredShare
  /// Accuracy of the neighbours' vote on the anchors' labels, where there are labels.
  public let voteAccuracy: MeasuredShare?
  /// Accuracy of the linear probe on all items, where there are labels and variance.
  public let linearAccuracy: MeasuredShare?
}

/// What one way of damping costs two modalities, and what it removes of what they share.
public struct DampingCost: Codable, Sendable, Equatable {
  public let damping: Damping
  /// The covariance left between the modalities; nil when there was none.
  public let sharedCovariance: SharedCovarianceLeft?
  /// Mean share of an anchor's nearest items that both modalities have, afterwards.
  public let overlap: MeasuredShare
  /// Of the first and of the second modality.
  public let modalities: [ModalityCost]
}

/// The label probes of an undamped modality, where there are labels.
public struct ProbeBaseline: Codable, Sendable, Equatable {
  /// Accuracy of the neighbours' vote on the anchors' labels.
  public let voteAccuracy: MeasuredShare?
  /// Accuracy of the linear probe on all items; nil without variance.
  public let linearAccuracy: MeasuredShare?
}
