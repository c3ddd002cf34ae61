import LinearAlgebra
import Redundancy
import Statistics

/// How far apart the two clouds of features lie, by measures that ignore the pairing.
public struct CloudDistances: Codable, Sendable, Equatable {
  public let pairing: Pairing
  /// In which coordinates.
  public let coordinates: String
  public let energyDistance: EnergyDistance
  public let maxSlicedWasserstein: MaxSlicedWasserstein
  /// Whether a linear classifier can tell the modalities apart.
  public let classifier: TwoSampleClassifier
  /// Each marginal measure before and after the second modality's rows were shuffled.
  public let shuffled: [ShuffleDemonstration]

  /// Measures two clouds in the same coordinates.
  ///
  /// - Throws: ``OverlapError``, and what the classifier throws.
  package init(_ pair: FeaturePair, coordinates: String, streams: RandomStreams) throws {
    pairing = .marginal
    self.coordinates = coordinates
    energyDistance = try EnergyDistance(between: pair.first, and: pair.second, streams: streams)
    maxSlicedWasserstein = try MaxSlicedWasserstein(
      between: pair.first, and: pair.second, streams: streams)
    classifier = try TwoSampleClassifier(between: pair.first, and: pair.second, streams: streams)
    // The densities of retrieval scores need a search of their own.
    let shown = MeasureCatalog.marginal.filter { $0.card.name != ScoreDensity.card.name }
    shuffled = try shuffleDemonstrations(
      of: shown, between: pair.first, and: pair.second, streams: streams)
  }
}
