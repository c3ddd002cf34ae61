import Calibration
import Datasets
import Foundation
import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Calibrated similarity")
struct CalibratedSimilarityTests {
  func similarity(
    _ first: Matrix<Float>, _ second: Matrix<Float>, labels: [Int]? = nil, limit: Int = 384,
    seed: UInt64 = 51
  ) throws -> CalibratedSimilarity {
    let streams = RandomStreams(seed: seed)
    let pair = try PairedFactors(
      PrincipalFactors(of: first, limit: limit, streams: streams),
      PrincipalFactors(of: second, limit: limit, streams: streams))
    return CalibratedSimilarity(
      try SpectrumNull(
        pair,
        relabelings: Relabelings(
          itemCount: first.rowCount, count: 99, within: labels, streams: streams),
        streams: streams))
  }

  func all(_ result: CalibratedSimilarity) -> [CalibratedValue?] {
    [
      result.debiasedAlignment, result.biasedAlignment, result.leadingCanonical,
      result.squaredCanonical, result.svcca, result.projectionWeighted, result.procrustes,
    ]
  }

  @Test func `of identical modalities is one by every measure`() throws {
    let x = SpectralWorlds.coloured(300, 12, decay: 0.5, seed: 1)
    let result = try similarity(x, SpectralWorlds.rotated(x, seed: 2))
    for value in all(result) {
      #expect(abs(try #require(value).score - 1) < 1e-4)
      #expect(try #require(value).correctedPValue == 0.01)
    }
    #expect(try #require(result.shapeDistance) < 0.01)
  }

  @Test func `of a shared factor is found by every measure`() throws {
    let world = World.sharedFactor(
      rank: 2, strength: 3, items: 500, firstWidth: 30, secondWidth: 20, seed: 3)
    for value in all(try similarity(world.first, world.second)) {
      #expect(try #require(value).pValue == 0.01)
      #expect(try #require(value).score > 0.01)
    }
  }

  @Test(arguments: [(60, 384), (300, 60)])
  func `of class-only redundancy is significant freely and not within classes`(
    width: Int, limit: Int
  ) throws {
    let world = SpectralWorlds.classesOnly(
      items: 500, widths: (width, 20), classes: 5, spread: 0.6, seed: 4)
    let free = try similarity(world.first, world.second, limit: limit)
    let within = try similarity(
      world.first, world.second, labels: world.labels, limit: limit)
    #expect(try #require(free.debiasedAlignment).pValue == 0.01)
    #expect(try #require(within.debiasedAlignment).pValue > 0.05)
    #expect(try #require(within.procrustes).pValue > 0.05)
    #expect(
      try #require(within.debiasedAlignment).nullMean
        > #require(free.debiasedAlignment).threshold)
  }

  @Test(arguments: [(5, 384), (90, 24)])
  func `of independent modalities is significant as often as its level says`(
    width: Int, limit: Int
  ) throws {
    let results = try (0..<200).map { seed in
      all(
        try similarity(
          SpectralWorlds.coloured(50, width, decay: 0.5, seed: 30_000 + UInt64(seed)),
          SpectralWorlds.coloured(50, 4, decay: 0, seed: 40_000 + UInt64(seed)),
          limit: limit, seed: UInt64(seed)))
    }
    for measure in 0..<7 {
      let values = results.map { $0[measure]! }
      #expect((1...20).contains(values.count { $0.score > 0 }), "measure \(measure)")
      #expect(abs(mean(values.map(\.pValue))! - 0.5) < 0.09, "measure \(measure)")
    }
  }

  @Test func `leaves out what is undefined`() throws {
    let x = SpectralWorlds.coloured(30, 4, decay: 0, seed: 5)
    let constant = Matrix<Float>(rowCount: 30, columnCount: 3, repeating: 2)
    let flat = try similarity(x, constant)
    #expect(all(flat).allSatisfy { $0 == nil })
    #expect(flat.shapeDistance == nil)
    let three = try similarity(
      SpectralWorlds.coloured(3, 4, decay: 0, seed: 6),
      SpectralWorlds.coloured(3, 2, decay: 0, seed: 7))
    #expect(three.debiasedAlignment == nil)
    #expect(three.biasedAlignment != nil)
    // Two directions of three items are all there are: every correlation is 1 for every pairing.
    #expect(try #require(three.svcca).score == 0)
    #expect(try #require(three.svcca).pValue == 1)
  }
}
