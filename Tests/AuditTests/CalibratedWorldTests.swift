import Audit
import Datasets
import LinearAlgebra
import Redundancy
import Statistics
import Testing

/// Whole audits of worlds whose answer is known.
@Suite("Audits of known worlds")
struct CalibratedWorldTests {
  private func report(_ data: FeatureDataset, _ change: (inout AuditOptions) -> Void = { _ in })
    throws -> RedundancyReport
  {
    var options = AuditOptions()
    options.rank = 2
    options.topK = [5, 10, 20]
    options.permutations = 99
    options.diagnostics = [
      .quality, .spectrum, .overlap, .classes, .similarity, .pairs, .cost, .information,
    ]
    change(&options)
    return try audit(data, options: options).report(
      provenance: Provenance(
        version: "test", command: "test", seed: 999, threads: 1, openblas: "", digests: [:],
        date: ""))
  }

  @Test func `unrelated modalities repeat nothing, and there is nothing to project`() throws {
    let world = World.independent(items: 300, firstWidth: 40, secondWidth: 20, seed: 3)
    let report = try report(dataset(world.first, world.second))
    #expect(report.verdict.redundancy == .none)
    #expect(report.verdict.advice == .leave)
    let calibration = try #require(report.calibration)
    #expect(calibration.spectrum?.directionsAboveNull == 0)
    #expect(calibration.rank?.rank == 0)
    #expect(calibration.similarity?.debiasedAlignment?.score == 0)
    for level in try #require(calibration.neighbors).overlaps {
      #expect(level.statistic.free?.score == 0)
    }
    #expect(report.quality?.suspiciousItems == [] && report.cleaned == nil)
  }

  @Test func `identical modalities repeat everything`() throws {
    let world = World.identical(items: 300, width: 12, seed: 4)
    let report = try report(dataset(world.first, world.second))
    #expect(report.verdict.redundancy == .large)
    #expect(report.verdict.advice == .project)
    let calibration = try #require(report.calibration)
    for level in try #require(calibration.neighbors).overlaps {
      #expect(level.statistic.free?.score == 1)
    }
    #expect(abs(try #require(calibration.similarity?.debiasedAlignment).score - 1) < 1e-4)
    #expect(calibration.spectrum?.directionsAboveNull == 12)
  }

  @Test func `shared factors are counted and recommended`() throws {
    let world = World.sharedFactor(
      rank: 3, strength: 5, items: 500, firstWidth: 30, secondWidth: 20, seed: 5)
    let report = try report(dataset(world.first, world.second)) { $0.rank = 3 }
    #expect(report.verdict.advice == .project)
    #expect(report.calibration?.spectrum?.directionsAboveNull == 3)
    #expect(report.calibration?.rank?.rank == 3)
    let cost = try #require(report.cost)
    let own = try #require(cost.ways.first { $0.damping == .shared })
    #expect(try #require(own.sharedCovariance).energy < 0.1)
    #expect(try #require(cost.random?.sharedEnergy).mean > 0.5)
  }

  @Test func `what only the class repeats is said to be the class`() throws {
    let classes = (0..<400).map { $0 % 8 }
    func modality(_ name: String, width: Int) -> Matrix<Float> {
      var generator = RandomStreams(seed: 6).generator(for: name)
      let centers = generator.normals(8 * width)
      let noise = generator.normals(400 * width)
      return Matrix(
        rowCount: 400, columnCount: width,
        elements: noise.indices.map {
          Float(1.5 * centers[classes[$0 / width] * width + $0 % width] + noise[$0])
        })
    }
    let report = try report(
      dataset(modality("first", width: 24), modality("second", width: 16), classes: classes))
    let overlap = try #require(report.calibration?.neighbors?.overlaps.last).statistic
    #expect(try #require(overlap.free).pValue == 0.01)
    #expect(try #require(overlap.withinClasses).pValue > 0.05)
    #expect(try #require(overlap.explainedByClasses) > 0.8)
    #expect(report.verdict.redundancy == .classOnly)
    #expect(report.verdict.advice == .leave)
    #expect(try #require(report.information).parts.redundant > 1)
  }

  @Test func `one vector given to many items is found, and the overlap without them is chance`()
    throws
  {
    let world = World.independent(items: 600, firstWidth: 24, secondWidth: 24, seed: 7)
    let (mean, other) = (columnMeans(world.first), columnMeans(world.second))
    var (first, second) = (world.first, world.second)
    let imputed = Array(stride(from: 3, to: 600, by: 20))
    for item in imputed {
      for column in 0..<24 {
        first[item, column] = Float(mean[column])
        second[item, column] = Float(other[column])
      }
    }
    let report = try report(dataset(first, second))
    #expect(report.quality?.suspiciousItems == imputed)
    #expect(report.verdict.advice == .fixData)
    let row = try #require(report.cleaned?.rows.first { $0.label == "overlap@10" })
    let chance = 10.0 / 569
    #expect(row.all > 2 * chance)
    #expect(abs(row.cleaned - chance) < 0.004)
    #expect(report.cleaned?.removed == imputed.count)
    #expect(report.verdict.findings.contains { $0.diagnostic == .quality })
  }

  @Test func `of three modalities every pair is measured, and the stacked projection on each`()
    throws
  {
    let world = World.sharedFactor(
      rank: 2, strength: 5, items: 300, firstWidth: 16, secondWidth: 12, seed: 8)
    let other = World.independent(items: 300, firstWidth: 10, secondWidth: 10, seed: 9)
    let data = try FeatureDataset(
      name: "three",
      modalities: [
        .features(FeatureMatrix(name: "image", generated: world.first)),
        .features(FeatureMatrix(name: "text", generated: world.second)),
        .features(FeatureMatrix(name: "audio", generated: other.first)),
      ], digests: [:])
    let pairs = try #require(report(data).pairs)
    #expect(pairs.pairs.map { "\($0.first)-\($0.second)" } == [
      "image-text", "image-audio", "text-audio",
    ])
    let related = pairs.pairs[0]
    #expect(try #require(related.overlap?.correctedPValue) == 0.01)
    #expect(try #require(related.alignment?.correctedPValue) == 0.01)
    #expect(related.directionsAboveNull == 2)
    #expect(try #require(related.leftByStackedProjection) < 0.1)
    #expect(try #require(related.leftByOwnProjection) < 0.1)
    for pair in pairs.pairs.dropFirst() {
      #expect(try #require(pair.overlap?.correctedPValue) > 0.05)
      #expect(pair.directionsAboveNull == 0)
    }
    let two = try report(dataset(world.first, world.second))
    #expect(two.pairs == nil)
    #expect(!two.skipped.contains { $0.diagnostic == .pairs })
  }

  @Test func `without relabelings there are raw numbers and no calibration`() throws {
    let world = World.independent(items: 100, firstWidth: 6, secondWidth: 5, seed: 3)
    let report = try report(dataset(world.first, world.second)) { $0.permutations = 0 }
    #expect(report.calibration == nil)
    #expect(report.retrievalOverlap?.count == 3)
    #expect(report.verdict.redundancy == .none)
  }

  @Test func `a sample of anchors is calibrated among anchors`() throws {
    let world = World.sharedFactor(
      rank: 2, strength: 5, items: 400, firstWidth: 12, secondWidth: 9, seed: 2)
    let report = try report(dataset(world.first, world.second)) { $0.anchors = 60 }
    let neighbors = try #require(report.calibration?.neighbors)
    #expect(neighbors.anchorCount == 60)
    #expect(neighbors.overlaps.allSatisfy { $0.statistic.free?.pValue == 0.01 })
  }
}
