import Statistics

/// A number under random subspaces, and where CLEAR's stands among them.
public struct ControlSpread: Codable, Sendable, Equatable {
  /// Mean over the draws.
  public let mean: Double
  /// Standard deviation over the draws; nil for a single one.
  public let standardDeviation: Double?
  /// Percentage of draws below CLEAR's value, half of those equal to it counted, 0 to 100.
  public let percentile: Double

  /// - Parameters:
  ///   - draws: The number under each random subspace; nil results for none.
  ///   - value: The number under CLEAR's projection.
  public init?(_ draws: [Double], value: Double) {
    guard let mean = Statistics.mean(draws) else { return nil }
    self.mean = mean
    standardDeviation = sampleVariance(draws)?.squareRoot()
    let below = Double(draws.count { $0 < value })
    let equal = Double(draws.count { $0 == value })
    percentile = 100 * (below + equal / 2) / Double(draws.count)
  }
}

/// What damping random subspaces of the same rank costs: the control of CLEAR's choice.
public struct RandomControl: Codable, Sendable, Equatable {
  /// The numbers of one modality, as in ``ModalityCost``; nil where that has none.
  public struct Modality: Codable, Sendable, Equatable {
    public let varianceLost: ControlSpread?
    public let varianceMoved: ControlSpread?
    public let neighborsKept: ControlSpread?
    public let voteAccuracy: ControlSpread?
    public let linearAccuracy: ControlSpread?
  }

  /// Number of random subspaces of each modality.
  public let draws: Int
  /// Share of the squared covariance left; nil when there was none.
  public let sharedEnergy: ControlSpread?
  /// Share of the leading singular value left; nil when there was none.
  public let sharedLeading: ControlSpread?
  /// Overlap of the modalities' neighbours afterwards.
  public let overlap: ControlSpread?
  /// Of the first and of the second modality.
  public let modalities: [Modality]

  /// Sums up `draws`, with the place of `reference` among them; nil for no draws.
  init?(_ draws: [DampingCost], reference: DampingCost) {
    guard !draws.isEmpty else { return nil }
    func spread(_ number: (DampingCost) -> Double?) -> ControlSpread? {
      number(reference).flatMap { ControlSpread(draws.compactMap(number), value: $0) }
    }
    self.draws = draws.count
    sharedEnergy = spread { $0.sharedCovariance?.energy }
    sharedLeading = spread { $0.sharedCovariance?.leading }
    overlap = spread { $0.overlap.value }
    modalities = reference.modalities.indices.map { index in
      Modality(
        varianceLost: spread { $0.modalities[index].variance?.lost },
        varianceMoved: spread { $0.modalities[index].variance?.moved },
        neighborsKept: spread { $0.modalities[index].neighborsKept.value },
        voteAccuracy: spread { $0.modalities[index].voteAccuracy?.value },
        linearAccuracy: spread { $0.modalities[index].linearAccuracy?.value })
    }
  }
}
