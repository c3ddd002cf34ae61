import Calibration
import Datasets
import Foundation
import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Calibrated spectrum")
struct CalibratedSpectrumTests {
  static func spectrum(
    _ first: Matrix<Float>, _ second: Matrix<Float>, labels: [Int]? = nil, count: Int = 99,
    limit: Int = 384, seed: UInt64 = 41
  ) throws -> CalibratedSpectrum {
    let streams = RandomStreams(seed: seed)
    let pair = try PairedFactors(
      PrincipalFactors(of: first, limit: limit, streams: streams),
      PrincipalFactors(of: second, limit: limit, streams: streams))
    return CalibratedSpectrum(
      try SpectrumNull(
        pair,
        relabelings: Relabelings(
          itemCount: first.rowCount, count: count, within: labels, streams: streams),
        streams: streams))
  }

  @Test func `of identical modalities reaches the maximum in every place`() throws {
    let world = World.identical(items: 300, width: 12, seed: 1)
    let result = try Self.spectrum(world.first, world.second)
    #expect(result.directionsAboveNull == 12)
    for value in result.values {
      #expect(abs(value.score - 1) < 1e-5)
      #expect(value.pValue == 0.01 && value.correctedPValue == 0.01)
    }
    #expect(abs(try #require(result.energy).score - 1) < 1e-5)
    #expect(abs(try #require(result.nuclearNorm).score - 1) < 1e-5)
  }

  @Test(arguments: [(40, 384), (300, 60)])
  func `counts the shared factors`(width: Int, limit: Int) throws {
    for rank in [0, 1, 3] {
      let world = World.sharedFactor(
        rank: rank, strength: 2, items: 600, firstWidth: width, secondWidth: 20, seed: 2)
      let result = try Self.spectrum(world.first, world.second, limit: limit)
      #expect(result.directionsAboveNull == rank)
    }
  }

  @Test(arguments: [(60, 384), (300, 60)])
  func `of class-only redundancy stands out freely and not within classes`(
    width: Int, limit: Int
  ) throws {
    let world = SpectralWorlds.classesOnly(
      items: 500, widths: (width, 20), classes: 5, spread: 0.6, seed: 3)
    let free = try Self.spectrum(world.first, world.second, limit: limit)
    #expect(free.directionsAboveNull == 4)
    #expect(try #require(free.values.first).pValue == 0.01)
    let within = try Self.spectrum(
      world.first, world.second, labels: world.labels, limit: limit)
    #expect(within.isStratified && !free.isStratified)
    #expect(within.directionsAboveNull <= 1)
    #expect(try #require(within.energy).pValue > 0.05)
    #expect(try #require(within.energy).nullMean > 1.3 * #require(free.energy).nullMean)
  }

  /// 200 independent pairs: the p-value of σ₁ is uniform and the score positive at level α.
  @Test(arguments: [
    (5, 4, 0.0, 384), (5, 4, 0.5, 384), (90, 6, 0.0, 24), (90, 6, 0.5, 24), (90, 60, 0.5, 24),
  ])
  func `of independent modalities is significant as often as its level says`(
    p: Int, q: Int, decay: Double, limit: Int
  ) throws {
    let results = try (0..<200).map { seed in
      try Self.spectrum(
        SpectralWorlds.coloured(50, p, decay: decay, seed: 10_000 + UInt64(seed)),
        SpectralWorlds.coloured(50, q, decay: decay, seed: 20_000 + UInt64(seed)),
        limit: limit, seed: UInt64(seed))
    }
    let leading = results.map { $0.values[0] }
    // Binomial with 200 trials at 0.05: 10 ± 3.1.
    #expect((2...20).contains(leading.count { $0.score > 0 }))
    #expect(results.count { $0.values.contains { $0.correctedPValue! <= 0.05 } } <= 20)
    for values in [leading.map(\.pValue), results.map { $0.energy!.pValue }] {
      // The Kolmogorov–Smirnov distance exceeds 1.63/√200 once in a hundred times.
      let ordered = values.sorted()
      let distance = ordered.enumerated().map { place, value in
        max(abs(Double(place + 1) / 200 - value), abs(value - Double(place) / 200))
      }.max()!
      #expect(distance < 1.63 / 200.0.squareRoot() + 0.01, "\(distance)")
    }
  }

  @Test func `ends the count at the first direction inside the band`() throws {
    let world = World.sharedFactor(
      rank: 2, strength: 3, items: 400, firstWidth: 10, secondWidth: 8, seed: 4)
    let result = try Self.spectrum(world.first, world.second)
    let above = result.values.map { $0.observed > $0.threshold }
    #expect(result.directionsAboveNull == above.firstIndex(of: false))
    #expect(result.values.count == 8)
    #expect(result.singularValues.count == 8)
  }

  @Test func `never calls significant what no relabeling can change`() throws {
    let world = World.identical(items: 40, width: 30, seed: 5)
    let alone = try Self.spectrum(world.first, world.second, labels: Array(0..<40))
    #expect(alone.values.allSatisfy { $0.pValue == 1 && $0.score == 0 })
    let wide = World.identical(items: 60, width: 70, seed: 6)
    let compressed = try Self.spectrum(
      wide.first, wide.second.columns(0..<10), labels: Array(0..<60), limit: 30)
    #expect(compressed.values.allSatisfy { $0.pValue == 1 })
    // Three items: six pairings of two kinds at most.
    let three = try Self.spectrum(
      SpectralWorlds.coloured(3, 1, decay: 0, seed: 7),
      SpectralWorlds.coloured(3, 1, decay: 0, seed: 7))
    #expect(try #require(three.values.first).pValue > 0.1)
  }

  @Test func `of a constant, of no relabelings and of no features has nothing to say`() throws {
    let x = SpectralWorlds.coloured(30, 4, decay: 0, seed: 8)
    let constant = Matrix<Float>(rowCount: 30, columnCount: 3, repeating: 2)
    for (first, second) in [(x, constant), (constant, x), (constant, constant)] {
      let result = try Self.spectrum(first, second)
      #expect(result.directionsAboveNull == 0)
      #expect(result.values.allSatisfy { $0.pValue == 1 && $0.score == 0 })
    }
    let none = try Self.spectrum(x, x, count: 0)
    #expect(none.values.isEmpty && none.energy == nil && none.directionsAboveNull == 0)
    #expect(none.singularValues.count == 4)
    let empty = try Self.spectrum(x, Matrix(rowCount: 30, columnCount: 0))
    #expect(empty.values.isEmpty)
  }

  @Test func `survives a round trip through JSON`() throws {
    let world = World.independent(items: 60, firstWidth: 5, secondWidth: 4, seed: 9)
    let result = try Self.spectrum(world.first, world.second, count: 19)
    let copy = try JSONDecoder().decode(
      CalibratedSpectrum.self, from: JSONEncoder().encode(result))
    #expect(copy == result)
  }
}
