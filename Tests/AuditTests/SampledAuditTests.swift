import Audit
import Datasets
import LinearAlgebra
import Redundancy
import Statistics
import Testing

/// Audits that measure a part of their diagnostics on a sample of the items.
@Suite("Audits with samples")
struct SampledAuditTests {
  private func report(_ data: FeatureDataset, _ change: (inout AuditOptions) -> Void = { _ in })
    throws -> RedundancyReport
  {
    var options = AuditOptions()
    options.rank = 2
    options.topK = [5, 20]
    options.permutations = 39
    options.perplexity = 10
    change(&options)
    return try audit(data, options: options).report(
      provenance: Provenance(
        version: "test", command: "test", seed: 999, threads: 1, openblas: "", digests: [:],
        date: ""))
  }

  private func world() throws -> FeatureDataset {
    let world = World.sharedFactor(
      rank: 2, strength: 4, items: 500, firstWidth: 9, secondWidth: 6, seed: 5)
    return try dataset(world.first, world.second, classes: (0..<500).map { $0 % 4 })
  }

  @Test func `measure what is exact on all items and the rest as on the sample alone`() throws {
    let data = try world()
    let sampled = try report(data) { $0.sample = 200 }
    let all = try report(data) { $0.diagnostics = [.quality, .spectrum, .overlap, .similarity] }
    #expect(sampled.spectrum == all.spectrum)
    #expect(sampled.retrievalOverlap == all.retrievalOverlap)
    #expect(sampled.similarity == all.similarity)
    #expect(sampled.quality == all.quality)
    #expect(sampled.calibration?.neighbors == all.calibration?.neighbors)

    var generator = RandomStreams(seed: 999).generator(for: "item-sample")
    let alone = try report(data.keeping(generator.sample(200, from: 500)))
    #expect(sampled.cost == alone.cost && sampled.cost != nil)
    #expect(sampled.information == alone.information && sampled.information != nil)
    #expect(sampled.fisher == alone.fisher && sampled.fisher != nil)
    #expect(sampled.slicedWasserstein == alone.slicedWasserstein)
    #expect(sampled.clouds == alone.clouds && sampled.clouds != nil)
    #expect(sampled.tsne == alone.tsne && sampled.tsne != nil)
    #expect(sampled.theorems == alone.theorems && sampled.theorems != nil)
    #expect(sampled.calibration?.spectrum == alone.calibration?.spectrum)
    #expect(sampled.calibration?.similarity == alone.calibration?.similarity)
    #expect(sampled.calibration?.rank == alone.calibration?.rank)
    #expect(sampled.dataset.items == 500 && sampled.parameters.sample == 200)
  }

  @Test func `say what was measured on the sample, and of which anchors neighbours are`() throws {
    let report = try report(world()) {
      $0.diagnostics = [.overlap, .spectrum, .swd, .fisher, .pairs]
      $0.sample = 200
      $0.anchors = 100
    }
    let sample = try #require(report.notes.first { $0.contains("200 of the 500 items") })
    for part in ["the calibration of the spectrum", "fisher", "swd"] {
      #expect(sample.contains(part))
    }
    #expect(!sample.contains("overlap") && !sample.contains("pairs"))
    #expect(report.notes.contains { $0.contains("100 sampled anchors") })
  }

  @Test func `of all items are no samples`() throws {
    let data = try world()
    var sampled = try report(data) { $0.diagnostics = [.spectrum, .swd]; $0.sample = 500 }
    let all = try report(data) { $0.diagnostics = [.spectrum, .swd] }
    sampled.timings = all.timings
    #expect(sampled == all)
  }

  @Test func `go on without columns that are constant in the sample`() throws {
    let data = try world()
    var generator = RandomStreams(seed: 999).generator(for: "item-sample")
    let items = Set(generator.sample(200, from: 500))
    var first = data.featureMatrices[0].matrix
    for item in 0..<500 { first[item, 3] = items.contains(item) ? 2 : Float(item % 7) }
    let report = try report(dataset(first, data.featureMatrices[1].matrix)) {
      $0.diagnostics = [.spectrum, .swd]
      $0.sample = 200
    }
    #expect(report.notes.contains { $0.hasPrefix("in the sample: dropped 1 of 9 columns") })
    #expect(report.spectrum?.singularValues.count == 6)
  }

  @Test func `find shared vectors in all items and the overlap without them from the lists`()
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
    let report = try report(dataset(first, second)) {
      $0.diagnostics = [.quality, .overlap, .spectrum]
      $0.sample = 300
    }
    #expect(report.quality?.suspiciousItems == imputed)
    let rows = try #require(report.cleaned?.rows)
    #expect(rows.map(\.label) == ["overlap@5", "overlap@20"])
    #expect(abs(rows[1].cleaned - 20.0 / 569) < 0.006)
  }
}
