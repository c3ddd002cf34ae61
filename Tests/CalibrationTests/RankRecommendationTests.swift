import Calibration
import Datasets
import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Recommended rank")
struct RankRecommendationTests {
  func recommendation(
    _ first: Matrix<Float>, _ second: Matrix<Float>, limit: Int = 384, count: Int = 99
  ) throws -> (result: RankRecommendation, spectrum: CalibratedSpectrum) {
    let streams = RandomStreams(seed: 71)
    let pair = try PairedFactors(
      PrincipalFactors(of: first, limit: limit, streams: streams),
      PrincipalFactors(of: second, limit: limit, streams: streams))
    let spectrum = CalibratedSpectrum(
      try SpectrumNull(
        pair,
        relabelings: Relabelings(itemCount: first.rowCount, count: count, streams: streams),
        streams: streams))
    return (try RankRecommendation(pair, spectrum: spectrum, streams: streams), spectrum)
  }

  @Test(arguments: [(30, 384), (300, 60)])
  func `is the number of strong shared factors, and stable`(width: Int, limit: Int) throws {
    let world = World.sharedFactor(
      rank: 3, strength: 4, items: 800, firstWidth: width, secondWidth: 20, seed: 1)
    let (result, spectrum) = try recommendation(world.first, world.second, limit: limit)
    #expect(result.rank == 3)
    let rule = try #require(result.aboveNull)
    #expect(rule.rank == 3 && rule.smallest == 3 && rule.median == 3)
    #expect(rule.agreement > 0.85)
    let penalized = try #require(result.penalized)
    #expect(penalized.rank == 3)
    let threshold = try #require(spectrum.values.first).threshold
    #expect(result.penalty == threshold * threshold)
    #expect(
      penalized.rank
        == CovarianceSpectrum.optimalRank(
          singularValues: spectrum.singularValues, penalty: threshold * threshold))
    #expect(
      try #require(result.rank90).rank
        == SpectralSummary(singularValues: spectrum.singularValues).rank90)
    let strengths = try #require(result.strengths)
    let sigma = spectrum.singularValues
    // At one end the strongest damped direction equals the first undamped one, at the other the
    // threshold: (1 − λ)²σ₁.
    let ends = [strengths.lower, strengths.upper].map { (1 - $0) * (1 - $0) * sigma[0] }
    #expect(abs(ends[0] - max(sigma[3], threshold)) < 1e-9)
    #expect(abs(ends[1] - min(sigma[3], threshold)) < 1e-9)
    #expect(0 < strengths.lower && strengths.upper < 1)
  }

  @Test func `of unrelated modalities is not to project`() throws {
    let world = World.independent(items: 400, firstWidth: 30, secondWidth: 20, seed: 12)
    let (result, _) = try recommendation(world.first, world.second)
    #expect(result.rank == 0)
    #expect(result.strengths == nil)
    // Thresholds that did not follow the number of items would count noise in every half.
    #expect(try #require(result.aboveNull).median == 0)
    #expect(try #require(result.penalized).median == 0)
  }

  @Test func `wavers for a factor at the edge of what chance gives`() throws {
    let world = World.sharedFactor(
      rank: 1, strength: 0.32, items: 400, firstWidth: 20, secondWidth: 20, seed: 3)
    let (result, _) = try recommendation(world.first, world.second)
    let rule = try #require(result.aboveNull)
    #expect(rule.smallest < rule.largest)
    #expect(rule.agreement < 1)
  }

  @Test func `damps everything when every direction is shared`() throws {
    let world = World.identical(items: 200, width: 5, seed: 4)
    let (result, _) = try recommendation(world.first, world.second)
    #expect(result.rank == 5)
    #expect(try #require(result.strengths).upper == 1)
  }

  @Test func `has no rule without relabelings or variance`() throws {
    let x = SpectralWorlds.coloured(30, 4, decay: 0, seed: 5)
    let none = try recommendation(x, x, count: 0).result
    #expect(none.aboveNull == nil && none.penalized == nil && none.penalty == nil)
    #expect(none.rank == 0 && none.strengths == nil)
    let constant = Matrix<Float>(rowCount: 30, columnCount: 3, repeating: 2)
    let flat = try recommendation(x, constant).result
    #expect(flat.rank90 == nil && flat.rank == 0)
    let three = try recommendation(
      SpectralWorlds.coloured(3, 2, decay: 0, seed: 6),
      SpectralWorlds.coloured(3, 2, decay: 0, seed: 7)).result
    #expect(three.halves == 50)
  }
}
