import Foundation
import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Covariance spectrum")
struct CovarianceSpectrumTests {
  func spectrum(
    _ first: Matrix<Float>, _ second: Matrix<Float>, rank: Int, strength: Double
  ) throws -> CovarianceSpectrum {
    let subspace = try SharedSubspace(between: first, and: second)
    let projection = try NullSpaceProjection(subspace, rank: rank, strength: strength)
    return try CovarianceSpectrum(
      of: subspace, first: first, second: second, projection: projection)
  }

  /// Theorem 5: the first k values shrink by (1 − λ)², the others stay.
  func predicted(_ values: [Double], rank: Int, strength: Double) -> [Double] {
    values.enumerated()
      .map { $0.offset < rank ? (1 - strength) * (1 - strength) * $0.element : $0.element }
      .sorted(by: >)
  }

  @Test(arguments: [(3, 0.9), (3, 1.0), (1, 0.5), (12, 0.7)])
  func `after projection follows the formula`(
    rank: Int, strength: Double
  ) throws {
    let (x, y) = MeasureWorlds.planted(
      items: 2500, widths: (40, 12), rank: 3, strength: 2, seed: 5)
    let result = try spectrum(x, y, rank: rank, strength: strength)
    let expected = predicted(result.singularValues, rank: rank, strength: strength)
    // Projected features are rounded to single precision.
    let tolerance = 1e-6 * result.singularValues[0]
    for (a, b) in zip(result.projected.singularValues, expected) { #expect(abs(a - b) < tolerance) }
    #expect(result.projected.singularValues.count == 12)
    #expect(result.projected.rank == rank)
    #expect(result.projected.strength == strength)
  }

  @Test(arguments: [(1, 0.4), (5, 1.0), (9, 0.9)])
  func `after a projection fitted elsewhere is that of the projected features`(
    rank: Int, strength: Double
  ) throws {
    let (x, y) = MeasureWorlds.planted(
      items: 700, widths: (31, 14), rank: 3, strength: 2, seed: 6)
    let other = MeasureWorlds.planted(items: 90, widths: (31, 14), rank: 2, strength: 1, seed: 7)
    let projection = try NullSpaceProjection(
      SharedSubspace(between: other.0, and: other.1), rank: rank, strength: strength)
    let found = try CovarianceSpectrum(
      of: SharedSubspace(between: x, and: y), first: x, second: y, projection: projection
    ).projected.singularValues
    let plain = try singularValues(
      crossCovariance(projection.apply(x, modality: 0), projection.apply(y, modality: 1)).matrix)
    // Projected features are rounded to single precision.
    for (a, b) in zip(found, plain) { #expect(abs(a - b) < 1e-6 * plain[0]) }
    #expect(found.count == 14)
  }

  @Test func `finds the planted rank above the noise, and nothing above it after removal`() throws {
    let (x, y) = MeasureWorlds.planted(
      items: 3000, widths: (60, 24), rank: 5, strength: 2, seed: 9)
    let result = try spectrum(x, y, rank: 5, strength: 1)
    #expect(result.directionsAboveNoise == 5)
    #expect(result.optimalRank.last?.isNoiseEdge == true)
    #expect(result.optimalRank.last?.rank == 5)
    #expect(result.singularValues.count == 24)
    let largest = try #require(result.projected.singularValues.first)
    #expect(largest < result.noiseEdge)
    let after = try #require(result.projected.effectiveRank)
    #expect(after > 1.5 * (try #require(result.effectiveRank)))
    let conditionBefore = try #require(result.projected.conditionBefore)
    #expect(abs(conditionBefore - result.singularValues[0] / result.singularValues[5]) < 1e-12)
    #expect(try #require(result.projected.conditionAfter) < conditionBefore / 2)
  }

  @Test(arguments: [0.0, 0.003, 0.04, 0.5, 3, 100])
  func `has the rank of the paper's trade-off as its brute force`(penalty: Double) {
    let values = [2.0, 1.1, 0.6, 0.3, 0.1, 0.01]
    let costs = (0...values.count).map { k in
      values[k...].reduce(penalty * Double(k)) { $0 + $1 * $1 }
    }
    let best = costs.indices.min { costs[$0] < costs[$1] }
    #expect(CovarianceSpectrum.optimalRank(singularValues: values, penalty: penalty) == best)
  }

  @Test func `lists its penalties relative to the first value`() throws {
    let result = CovarianceSpectrum(
      singularValues: [2, 1, 0.1], noiseEdge: 0.5, projectedValues: [1, 0.1, 0], rank: 1,
      strength: 1)
    #expect(result.optimalRank.map(\.rank) == [1, 2, 2, 2, 3, 3, 2])
    #expect(result.optimalRank[0].penalty == 2)
    #expect(result.optimalRank[6].relativePenalty == 0.0625)
    #expect(result.projected.conditionBefore == 2)
    #expect(abs(try #require(result.projected.conditionAfter) - 10) < 1e-12)
  }

  @Test func `of a constant modality is zero, with nothing defined and nothing NaN`() throws {
    let x = MeasureWorlds.gaussian(50, 6, seed: 2)
    let y = Matrix<Float>(rowCount: 50, columnCount: 4, repeating: 3)
    let result = try spectrum(x, y, rank: 2, strength: 0.5)
    #expect(result.singularValues == [0, 0, 0, 0])
    #expect(result.effectiveRank == nil)
    #expect(result.optimalRank.isEmpty)
    #expect(result.directionsAboveNoise == 0)
    #expect(result.projected.conditionBefore == nil)
    // The encoder refuses NaN and infinity.
    let json = try JSONEncoder().encode(result)
    #expect(try JSONDecoder().decode(CovarianceSpectrum.self, from: json) == result)
  }

  @Test func `does not change when a modality is turned or moved`() throws {
    let (x, y) = MeasureWorlds.planted(
      items: 600, widths: (20, 15), rank: 2, strength: 1.5, seed: 31)
    let plain = try spectrum(x, y, rank: 2, strength: 0.9)
    let moved = try spectrum(
      MeasureWorlds.mapped(MeasureWorlds.rotated(x, seed: 3)) { value, column in
        value + Double(column)
      }, y, rank: 2, strength: 0.9)
    for (a, b) in zip(plain.singularValues, moved.singularValues) { #expect(abs(a - b) < 1e-6) }
    #expect(abs(plain.noiseEdge - moved.noiseEdge) < 1e-4 * plain.noiseEdge)
  }

  @Test func `has the same bits for any number of threads`() throws {
    let (x, y) = MeasureWorlds.planted(
      items: 2600, widths: (300, 20), rank: 2, strength: 1, seed: 3)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let one = try spectrum(x, y, rank: 2, strength: 0.9)
    Parallel.threadCount = 4
    #expect(try spectrum(x, y, rank: 2, strength: 0.9) == one)
  }

  /// numpy 2.4, np.linalg.svd of the centred covariance in float64.
  @Test(.enabled(if: RealFeatures.arePresent))
  func `of TikTok agrees with numpy`() throws {
    let result = try spectrum(
      RealFeatures.load("tiktok/image_feat.npy"), RealFeatures.load("tiktok/audio_feat.npy"),
      rank: 8, strength: 0.9)
    let expected = [
      2.406551525299682, 1.451411838381418, 0.3120298545715015, 0.14030623558210603,
      0.1111247287417832, 0.09300106537007705,
    ]
    for (a, b) in zip(result.singularValues, expected) { #expect(abs(a - b) < 1e-12) }
    #expect(abs(try #require(result.effectiveRank) - 7.364021941946061) < 1e-9)
    #expect(abs(try #require(result.stableRank) - 1.3906875067418962) < 1e-12)
    #expect(abs(try #require(result.participationRatio) - 1.7075730653208723) < 1e-12)
    #expect(result.rank90 == 2)
    #expect(abs(result.cumulativeEnergy[3] - 0.995) < 5e-4)
    #expect(result.numericalRank == 128)
    #expect(result.directionsAboveNoise >= 2)
  }
}
