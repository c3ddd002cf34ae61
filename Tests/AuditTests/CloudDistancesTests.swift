import Audit
import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Distances of two clouds")
struct CloudDistancesTests {
  func distances(shift: Double) throws -> CloudDistances {
    var generator = SeededGenerator(seed: 2)
    func cloud(_ shift: Double) -> Matrix<Float> {
      Matrix(
        rowCount: 150, columnCount: 4,
        elements: generator.normals(600).map { Float($0 + shift) })
    }
    return try CloudDistances(
      FeaturePair(cloud(0), cloud(shift)), coordinates: "as they are",
      streams: RandomStreams(seed: 1))
  }

  @Test func `grow with the distance of the clouds`() throws {
    let (near, far) = (try distances(shift: 0), try distances(shift: 3))
    #expect(near.pairing == .marginal && near.coordinates == "as they are")
    #expect(far.energyDistance.value > 10 * abs(near.energyDistance.value))
    #expect(abs(far.maxSlicedWasserstein.value - 6) < 0.5)
    #expect(far.maxSlicedWasserstein.value > 5 * near.maxSlicedWasserstein.value)
    #expect(far.classifier.accuracy > 0.95 && near.classifier.accuracy < 0.65)
  }

  @Test func `do not notice when one cloud is shuffled`() throws {
    let shown = try distances(shift: 1).shuffled
    #expect(shown.count == MeasureCatalog.marginal.count - 1)
    for measure in shown {
      #expect(abs(measure.value - measure.valueShuffled) <= 1e-6 * (1 + abs(measure.value)))
    }
  }
}
