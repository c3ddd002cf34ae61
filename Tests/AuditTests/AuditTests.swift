import Audit
import Datasets
import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Audit")
struct AuditTests {
  let origin = Provenance(
    version: "test", command: "test", seed: 1, threads: 1, openblas: "", digests: [:], date: "")

  func report(
    _ data: FeatureDataset, _ diagnostics: [Diagnostic], change: (inout AuditOptions) -> Void = { _ in }
  ) throws -> RedundancyReport {
    var options = AuditOptions()
    options.diagnostics = diagnostics
    options.rank = 2
    options.topK = [5, 20]
    change(&options)
    return try audit(data, options: options).report(provenance: origin)
  }

  @Test func `finds identical modalities largely redundant`() throws {
    let world = World.identical(items: 300, width: 8, seed: 1)
    let report = try report(dataset(world.first, world.second), [.overlap, .similarity])
    #expect(report.verdict.redundancy == .large)
    #expect(report.verdict.advice == .undetermined)
    #expect(report.verdict.recommendation.contains("needs the spectrum"))
    #expect(report.retrievalOverlap?.map(\.mean) == [1, 1])
    let alignment = try #require(report.similarity?.linearCKA)
    // Covariances are summed from single-precision blocks.
    #expect(abs(alignment - 1) < 1e-6)
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func `finds no redundancy in independent modalities`(seed: UInt64) throws {
    let world = World.independent(items: 400, firstWidth: 12, secondWidth: 8, seed: seed)
    let report = try report(dataset(world.first, world.second), [.overlap, .spectrum])
    #expect(report.verdict.redundancy == .none)
    #expect(report.spectrum?.directionsAboveNoise == 0)
  }

  @Test func `keeps marginal numbers and moves paired ones when rows are shuffled`() throws {
    let world = World.sharedFactor(
      rank: 2, strength: 4, items: 300, firstWidth: 8, secondWidth: 8, seed: 5)
    var generator = SeededGenerator(seed: 9)
    let shuffled = world.second.rows(generator.permutation(300))
    let diagnostics: [Diagnostic] = [.overlap, .swd, .similarity, .spectrum]
    let paired = try report(dataset(world.first, world.second), diagnostics)
    let unpaired = try report(dataset(world.first, shuffled), diagnostics)

    // The projection is fitted on the pairing, so only the numbers before it are marginal.
    #expect(paired.slicedWasserstein?.before == unpaired.slicedWasserstein?.before)
    let gaps = try [paired, unpaired].map { try #require($0.similarity?.modalityGap.distance) }
    #expect(abs(gaps[0] - gaps[1]) < 1e-6)
    #expect(
      paired.scoreDensity?.overlapCoefficient == unpaired.scoreDensity?.overlapCoefficient)

    #expect(paired.verdict.redundancy != .none)
    #expect(unpaired.verdict.redundancy == .none)
    let energies = try [paired, unpaired].map { try #require($0.spectrum?.frobeniusNorm) }
    #expect(energies[0] > 3 * energies[1])
    let alignments = try [paired, unpaired].map { try #require($0.similarity?.linearCKA) }
    #expect(alignments[0] > 0.1 && abs(alignments[1]) < 0.02)
  }

  @Test func `says why a diagnostic cannot be had and measures the others`() throws {
    let world = World.independent(items: 15, firstWidth: 5, secondWidth: 4, seed: 2)
    let report = try report(
      dataset(world.first, world.second), [.overlap, .tsne, .fisher]
    ) { $0.topK = [5, 200] }
    #expect(report.retrievalOverlap?.map(\.k) == [5])
    #expect(report.notes.contains { $0.contains("K = 200") })
    #expect(report.skipped.map(\.diagnostic) == [.fisher, .tsne])
    #expect(report.skipped[0].reason.contains("15 items"))
    #expect(report.skipped[1].reason.contains("--perplexity below 10"))
    #expect(report.tsne == nil && report.fisher == nil)
  }

  @Test func `calls only what was compared paired or marginal`() throws {
    let world = World.independent(items: 300, firstWidth: 8, secondWidth: 6, seed: 5)
    var second = world.second
    for row in 0..<300 { for column in 0..<6 { second[row, column] *= 1000 } }
    let report = try report(dataset(world.first, second), [.quality, .similarity])
    let findings = report.verdict.findings
    #expect(findings.map(\.diagnostic) == [.quality, .similarity])
    #expect(findings.map(\.pairing) == [nil, .paired])
    #expect(findings.first?.text.contains("root mean square") == true)
  }

  @Test func `says what the classes are, without relabelings as well`() throws {
    let world = World.independent(items: 300, firstWidth: 8, secondWidth: 6, seed: 4)
    let clustered = try report(dataset(world.first, world.second), [.classes])
    #expect(clustered.calibration == nil)
    #expect(
      clustered.classes?.classDescription
        == "content classes (k-means of the row-normalised text, 30 clusters)")
    let given = try report(
      dataset(world.first, world.second, classes: (0..<300).map { $0 % 3 }), [.classes])
    #expect(given.classes?.classDescription == "planted classes")
  }

  @Test func `takes precomputed neighbour lists for the overlap alone`() throws {
    // Four items in a ring: both lists name the item itself and its two neighbours.
    let ids: [Int32] = [0, 1, 3, 1, 0, 2, 2, 1, 3, 3, 0, 2]
    let cosines: [Float] = [1, 0.9, 0.8, 1, 0.9, 0.8, 1, 0.9, 0.8, 1, 0.9, 0.8]
    let lists = ["image", "text"].map { name in
      Modality.neighbors(
        PrecomputedNeighbors(
          modality: name, items: 4, width: 3, indices: ids, cosines: cosines, path: name))
    }
    let data = try FeatureDataset(name: "ring", modalities: lists, digests: [:])
    let report = try report(data, [.spectrum, .overlap, .theorems]) { $0.topK = [2] }
    #expect(report.retrievalOverlap?.map(\.mean) == [1])
    #expect(report.skipped.map(\.diagnostic) == [.spectrum, .theorems])
    #expect(report.skipped.allSatisfy { $0.reason.contains("It needs the features themselves") })
  }

  @Test func `compares a seeded sample of anchors`() throws {
    let world = World.sharedFactor(
      rank: 2, strength: 4, items: 300, firstWidth: 8, secondWidth: 6, seed: 5)
    let data = try dataset(world.first, world.second)
    let sample = try report(data, [.overlap]) { $0.anchors = 100 }
    var again = try report(data, [.overlap]) { $0.anchors = 100 }
    again.timings = sample.timings
    #expect(again == sample)
    let all = try report(data, [.overlap])
    let means = try [sample, all].map { try #require($0.retrievalOverlap?.last?.mean) }
    #expect(means[0] != means[1] && abs(means[0] - means[1]) < 0.05)
    #expect(throws: AuditError.tooManyAnchors(count: 301, items: 300)) {
      try report(data, [.overlap]) { $0.anchors = 301 }
    }
  }

  @Test func `needs a rank that the modalities have`() throws {
    let world = World.independent(items: 40, firstWidth: 5, secondWidth: 4, seed: 2)
    #expect(throws: RedundancyError.rankOutOfRange(rank: 5, available: 4)) {
      try report(dataset(world.first, world.second), [.spectrum]) { $0.rank = 5 }
    }
  }

  @Test func `reports every key of the pairing`() throws {
    let world = World.independent(items: 40, firstWidth: 5, secondWidth: 4, seed: 2)
    let report = try report(dataset(world.first, world.second), [.overlap])
    let compared = Diagnostic.allCases.filter { $0.card.pairing != nil }
    #expect(
      Set(report.pairing.keys) == Set(compared.map(\.reportKey) + ["scoreDensity", "clouds"]))
    #expect(report.pairing["quality"] == nil)
    #expect(report.pairing["slicedWasserstein"] == .marginal)
    #expect(report.pairing["retrievalOverlap"] == .paired)
  }
}
