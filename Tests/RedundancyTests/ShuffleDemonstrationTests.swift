import Foundation
import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite struct ShuffleDemonstrationTests {
  private let pair = CatalogWorlds.related(seed: 1)
  private let streams = RandomStreams(seed: 3)

  @Test func `leaves every marginal measure where it was`() throws {
    let shown = try shuffleDemonstrations(
      between: pair.first, and: pair.second, streams: streams)
    #expect(shown.map(\.measure) == MeasureCatalog.marginal.map(\.card.name))
    for demonstration in shown {
      #expect(
        abs(demonstration.value - demonstration.valueShuffled)
          <= 1e-6 * max(1, abs(demonstration.value)), "\(demonstration.measure)")
    }
    #expect(
      try JSONDecoder().decode(
        [ShuffleDemonstration].self, from: JSONEncoder().encode(shown)) == shown)
  }

  @Test func `moves every paired measure`() throws {
    let shown = try shuffleDemonstrations(
      of: MeasureCatalog.paired, between: pair.first, and: pair.second, streams: streams)
    #expect(shown.count == MeasureCatalog.paired.count)
    for (demonstration, measure) in zip(shown, MeasureCatalog.paired) {
      let (own, shuffled) = (demonstration.value, demonstration.valueShuffled)
      #expect(
        measure.card.direction == .growsWithLikeness ? shuffled < 0.9 * own : own < 0.9 * shuffled,
        "\(demonstration.measure)")
    }
  }

  @Test func `leaves out what is not defined here`() throws {
    let undefined = Measure(EnergyDistance.card) { _, _, _ in nil }
    #expect(
      try shuffleDemonstrations(
        of: [undefined], between: pair.first, and: pair.second, streams: streams
      ).isEmpty)
  }
}
