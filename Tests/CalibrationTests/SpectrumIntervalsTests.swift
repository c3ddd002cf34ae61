import Calibration
import Datasets
import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Intervals of the spectrum")
struct SpectrumIntervalsTests {
  let streams = RandomStreams(seed: 61)

  func intervals(
    _ first: Matrix<Float>, _ second: Matrix<Float>, directions: Int, limit: Int = 384
  ) throws -> SpectrumIntervals {
    try SpectrumIntervals(
      PairedFactors(
        PrincipalFactors(of: first, limit: limit, streams: streams),
        PrincipalFactors(of: second, limit: limit, streams: streams)),
      directions: directions, streams: streams)
  }

  /// Every group left out by leaving out its rows.
  @Test(arguments: [(210, 8, 5), (210, 5, 8), (45, 6, 5)])
  func `agree with measuring the features without each group`(
    items: Int, p: Int, q: Int
  ) throws {
    let world = World.sharedFactor(
      rank: 2, strength: 2, items: items, firstWidth: p, secondWidth: q, seed: 62)
    let found = try intervals(world.first, world.second, directions: 2)
    let groups = GroupJackknife.groups(itemCount: items, streams: streams)
    var spectra: [[Double]] = []
    var alignments: [Double] = []
    for group in 0..<20 {
      let kept = (0..<items).filter { groups[$0] != group }
      let (x, y) = (world.first.rows(kept), world.second.rows(kept))
      spectra.append(try SharedSubspace(between: x, and: y).singularValues)
      alignments.append(try #require(CenteredKernelAlignment(between: x, and: y).debiased))
    }
    let whole = try SharedSubspace(between: world.first, and: world.second).singularValues
    #expect(found.singularValues.count == 5)
    for i in 0..<5 {
      let plain = try #require(
        GroupJackknife(estimate: whole[i], leaveOneOut: spectra.map { $0[i] }))
      let interval = try #require(found.singularValues[i])
      #expect(abs(interval.standardError - plain.standardError) < 1e-5 * whole[0])
      #expect(abs(interval.estimate - plain.estimate) < 1e-5 * whole[0])
    }
    let alignment = try #require(found.debiasedAlignment)
    let plain = try #require(
      GroupJackknife(
        estimate: CenteredKernelAlignment(between: world.first, and: world.second).debiased!,
        leaveOneOut: alignments))
    #expect(abs(alignment.estimate - plain.estimate) < 1e-5)
    #expect(abs(alignment.standardError - plain.standardError) < 1e-5)
    let share = try #require(found.leadingEnergy)
    #expect(share.estimate > 0.8 && share.estimate < 1)
  }

  @Test func `of a wide modality are close to those of its features`() throws {
    let world = World.sharedFactor(
      rank: 2, strength: 4, items: 400, firstWidth: 300, secondWidth: 10, seed: 63)
    let compressed = try intervals(world.first, world.second, directions: 2, limit: 60)
    let exact = try intervals(world.first, world.second, directions: 2)
    for (a, b) in zip(compressed.singularValues.prefix(2), exact.singularValues) {
      let (a, b) = (try #require(a), try #require(b))
      #expect(abs(a.standardError / b.standardError - 1) < 0.1)
      #expect(abs(a.estimate - b.estimate) < 1e-4 * b.estimate)
    }
    let pair = (
      try #require(compressed.debiasedAlignment), try #require(exact.debiasedAlignment)
    )
    #expect(abs(pair.0.standardError / pair.1.standardError - 1) < 0.15)
  }

  /// Standard errors over 60 worlds against the spread of the estimates.
  @Test func `are as wide as the estimates spread`() throws {
    var estimates: [Double] = []
    var errors: [Double] = []
    for seed in 0..<60 {
      let world = World.sharedFactor(
        rank: 1, strength: 3, items: 200, firstWidth: 6, secondWidth: 5,
        seed: 700 + UInt64(seed))
      let found = try #require(
        try intervals(world.first, world.second, directions: 1).singularValues[0])
      estimates.append(found.estimate)
      errors.append(found.standardError)
    }
    let ratio = mean(errors)! / sampleVariance(estimates)!.squareRoot()
    #expect(ratio > 0.75 && ratio < 1.35, "\(ratio)")
  }

  @Test func `are left out where there is nothing to measure`() throws {
    let x = SpectralWorlds.coloured(30, 4, decay: 0, seed: 64)
    let constant = Matrix<Float>(rowCount: 30, columnCount: 3, repeating: 2)
    let flat = try intervals(x, constant, directions: 2)
    #expect(flat.debiasedAlignment == nil && flat.leadingEnergy == nil)
    let small = try intervals(
      SpectralWorlds.coloured(3, 2, decay: 0, seed: 65),
      SpectralWorlds.coloured(3, 2, decay: 0, seed: 66), directions: 0)
    #expect(small.debiasedAlignment == nil && small.leadingEnergy == nil)
    #expect(small.singularValues.count == 2)
  }
}
