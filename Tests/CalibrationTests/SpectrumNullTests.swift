import Calibration
import Datasets
import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Spectra of relabelings")
struct SpectrumNullTests {
  let streams = RandomStreams(seed: 31)

  func null(
    _ first: Matrix<Float>, _ second: Matrix<Float>, _ relabelings: Relabelings,
    limit: Int = 384
  ) throws -> SpectrumNull {
    let pair = try PairedFactors(
      PrincipalFactors(of: first, limit: limit, streams: streams),
      PrincipalFactors(of: second, limit: limit, streams: streams))
    return try SpectrumNull(pair, relabelings: relabelings, streams: streams)
  }

  /// Everything that is measured, by moving rows and calling the measures themselves.
  @Test(arguments: [(70, 9, 6), (70, 6, 9), (40, 60, 5), (5, 3, 2)])
  func `agree with measuring features whose rows were moved`(
    items: Int, p: Int, q: Int
  ) throws {
    let world = World.sharedFactor(
      rank: 1, strength: 2, items: items, firstWidth: p, secondWidth: q, seed: 32)
    let relabelings = Relabelings(itemCount: items, count: 6, streams: streams)
    let found = try null(world.first, world.second, relabelings)
    let cases =
      [(found.observed, Array(0..<items))]
      + (0..<6).map { (found.relabeled[$0], relabelings.partners($0)) }
    for (statistics, partners) in cases {
      let moved = world.second.rows(partners)
      let subspace = try SharedSubspace(between: world.first, and: moved)
      for (a, b) in zip(statistics.singularValues, subspace.singularValues) {
        #expect(abs(a - b) < 2e-6 * subspace.singularValues[0])
      }
      let joint = try JointCovariance(between: world.first, and: moved)
      let alignment = CenteredKernelAlignment(joint)
      expectClose(statistics.biasedAlignment, alignment.biased)
      expectClose(statistics.debiasedAlignment, alignment.debiased, 1e-4)
      let canonical = try CanonicalCorrelation(joint, count: 64).correlations
      expectClose(statistics.leadingCanonical, canonical.first)
      if p <= items, q <= items {
        // Beyond n − 1 coordinates the plain list ends in zeros that the compressed one lacks.
        expectClose(statistics.squaredCanonical, mean(canonical.map { $0 * $0 }))
      }
      expectClose(statistics.svcca, try SVCCA(between: world.first, and: moved).value, 1e-4)
      expectClose(
        statistics.projectionWeighted,
        try ProjectionWeightedCCA(between: world.first, and: moved).value, 1e-4)
      expectClose(
        statistics.procrustes,
        try ProcrustesSimilarity(between: world.first, and: moved).similarity)
    }
  }

  func expectClose(
    _ a: Double?, _ b: Double?, _ tolerance: Double = 1e-5,
    _ location: SourceLocation = #_sourceLocation
  ) {
    guard let a, let b else {
      #expect(a == b, sourceLocation: location)
      return
    }
    #expect(abs(a - b) < tolerance, sourceLocation: location)
  }

  /// White noise is the worst case for a compressed modality: all of it is tail.
  @Test(arguments: [(900, 40, 0.0), (900, 40, 0.5), (40, 900, 0.0), (2000, 60, 0.5)])
  func `with a tail have the band of literal permutations`(
    p: Int, q: Int, decay: Double
  ) throws {
    let first = SpectralWorlds.coloured(600, p, decay: decay, seed: 33)
    let second = SpectralWorlds.coloured(600, q, decay: decay, seed: 34)
    let relabelings = Relabelings(itemCount: 600, count: 100, streams: streams)
    let found = try null(first, second, relabelings, limit: 60)
    let plain = try SpectralWorlds.plainSpectra(first, second, relabelings)
    for i in [0, 1, 5, 20, 39] {
      let a = found.relabeled.map { $0.singularValues[i] }
      let b = plain.map { $0[i] }
      #expect(abs(mean(a)! / mean(b)! - 1) < 0.01, "σ \(i): \(mean(a)!) \(mean(b)!)")
      #expect(abs(quantile(a, at: 0.95)! / quantile(b, at: 0.95)! - 1) < 0.02, "σ \(i)")
    }
    let energies = plain.map { $0.reduce(0) { $0 + $1 * $1 } }
    let compressed = found.relabeled.map(\.energy)
    #expect(abs(mean(compressed)! / mean(energies)! - 1) < 0.005)
    let spreads = [compressed, energies].map { sampleVariance($0)!.squareRoot() }
    #expect(abs(spreads[0] / spreads[1] - 1) < 0.35, "\(spreads)")
  }

  @Test func `with a tail and within labels have the band of literal permutations`() throws {
    let world = SpectralWorlds.classesOnly(
      items: 400, widths: (700, 25), classes: 8, spread: 0.7, seed: 35)
    let relabelings = Relabelings(
      itemCount: 400, count: 80, within: world.labels, streams: streams)
    let found = try null(world.first, world.second, relabelings, limit: 30)
    let plain = try SpectralWorlds.plainSpectra(world.first, world.second, relabelings)
    for i in [0, 3, 6, 8, 20] {
      let a = found.relabeled.map { $0.singularValues[i] }
      let b = plain.map { $0[i] }
      #expect(abs(mean(a)! / mean(b)! - 1) < 0.015, "σ \(i): \(mean(a)!) \(mean(b)!)")
    }
    let debiased = try (0..<80).map { k in
      try CenteredKernelAlignment(
        between: world.first, and: world.second.rows(relabelings.partners(k))
      ).debiased!
    }
    let compressed = found.relabeled.map { $0.debiasedAlignment! }
    let spread = sampleVariance(debiased)!.squareRoot()
    #expect(mean(debiased)! > 3 * spread)
    #expect(abs(mean(compressed)! - mean(debiased)!) < 0.04 * mean(debiased)!)
  }

  @Test func `with a tail centre debiased alignment on zero`() throws {
    let first = SpectralWorlds.coloured(300, 800, decay: 0, seed: 36)
    let second = SpectralWorlds.coloured(300, 20, decay: 0, seed: 37)
    let relabelings = Relabelings(itemCount: 300, count: 150, streams: streams)
    let found = try null(first, second, relabelings, limit: 40)
    let values = found.relabeled.map { $0.debiasedAlignment! }
    let plain = try (0..<150).map { k in
      try CenteredKernelAlignment(between: first, and: second.rows(relabelings.partners(k)))
        .debiased!
    }
    let spreads = [values, plain].map { sampleVariance($0)!.squareRoot() }
    #expect(abs(mean(values)!) < 0.4 * spreads[1])
    #expect(abs(spreads[0] / spreads[1] - 1) < 0.3, "\(spreads)")
  }

  @Test func `observed values with a tail are those of the shared subspace`() throws {
    let world = World.sharedFactor(
      rank: 3, strength: 4, items: 500, firstWidth: 20, secondWidth: 700, seed: 38)
    let none = Relabelings(itemCount: 500, count: 0, streams: streams)
    let found = try null(world.first, world.second, none, limit: 40).observed
    let subspace = try SharedSubspace(between: world.first, and: world.second)
    for (a, b) in zip(found.singularValues, subspace.singularValues) {
      #expect(abs(a - b) < 1e-5 * subspace.singularValues[0])
    }
    let factors = try [world.first, world.second].map {
      try PrincipalFactors(of: $0, limit: 40, streams: streams)
    }
    let known = try PairedFactors(factors[0], factors[1], covariance: subspace.covariance)
    let again = try SpectrumNull(known, relabelings: none, streams: streams).observed
    for (a, b) in zip(again.singularValues, subspace.singularValues) {
      #expect(abs(a - b) < 1e-5 * subspace.singularValues[0])
    }
    let alignment = try CenteredKernelAlignment(between: world.first, and: world.second)
    #expect(abs(found.debiasedAlignment! - alignment.debiased!) < 0.01)
    #expect(abs(found.biasedAlignment! - alignment.biased!) < 0.01)
  }

  @Test func `have the same bits for any number of threads`() throws {
    let world = World.independent(items: 150, firstWidth: 90, secondWidth: 20, seed: 39)
    let labels = (0..<150).map { $0 % 4 }
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    let results = try [1, 2, 5].map { count in
      Parallel.threadCount = count
      return try null(
        world.first, world.second,
        Relabelings(itemCount: 150, count: 7, within: labels, streams: streams), limit: 30)
    }
    #expect(results[0] == results[1] && results[1] == results[2])
  }

  @Test func `refuse modalities that do not line up or say too little`() throws {
    let factors = try [2, 2, 5].map {
      try PrincipalFactors(
        of: SpectralWorlds.coloured($0, 3, decay: 0, seed: 1), streams: streams)
    }
    #expect(throws: RedundancyError.itemCountMismatch(first: 2, second: 5)) {
      try PairedFactors(factors[0], factors[2])
    }
    #expect(throws: RedundancyError.tooFewItems(count: 2, needed: 3)) {
      try PairedFactors(factors[0], factors[1])
    }
  }
}
