import Audit
import Datasets
import Figures
import Foundation
import LinearAlgebra
import Reporting
import Testing

@Suite("Report of a checkpoint")
struct CheckpointPageTests {
  static func model(_ projection: TrainedModel.Setting?) -> TrainedModel {
    TrainedModel(
      model: "clear <b>", dataset: "tiny", epoch: 31, seed: 998, version: "test", digest: "00ff",
      metrics: .init(
        valid: ["recall@20": 0.125, "recall@5": 0.0625], test: ["recall@20": 0.375]),
      projection: projection)
  }

  /// Embeddings of a planted world with the model's own projection, against others.
  static let findings = Result { () throws -> AuditFindings in
    func dataset(seed: UInt64) throws -> FeatureDataset {
      let world = World.sharedFactor(
        rank: 2, strength: 4, items: 220, firstWidth: 6, secondWidth: 6, seed: seed)
      var data = try FeatureDataset(
        name: "clear on tiny",
        modalities: [
          .features(FeatureMatrix(name: "image", generated: world.first)),
          .features(FeatureMatrix(name: "text", generated: world.second)),
        ], digests: [:])
      data.trained = model(nil)
      return data
    }
    var own = try dataset(seed: 3)
    own.trained = model(.init(rank: 2, strength: 0.5))
    var basis = Matrix<Float>(rowCount: 6, columnCount: 2)
    basis[0, 0] = 1
    basis[3, 1] = 1
    own.projection = FittedProjection(
      rank: 2, strength: 0.5, bases: ["image": basis, "text": basis])
    var options = AuditOptions()
    options.diagnostics = [.spectrum]
    return try audit(own, options: options, baseline: dataset(seed: 4))
  }

  func report() throws -> RedundancyReport {
    try Self.findings.get().report(
      provenance: Provenance(
        version: "test", command: "redundancy-report", seed: 1, threads: 1, openblas: "OpenBLAS",
        digests: [:], date: "2026-01-01T00:00:00Z"))
  }

  @Test func `names the model, its epoch, seed and metrics`() throws {
    let page = try ReportPage(report(), figures: [:]).rendered()
    for text in [
      "<h2 id=\"model\">", "clear &lt;b&gt;", "tiny", "31", "998", "k = 2, λ = 0.5", "recall@20",
      "0.125", "0.375", "the model itself applied", "Against the run without projection",
    ] { #expect(page.contains(text), "\(text)") }
    let order = page.range(of: "recall@5<").flatMap { five in
      page.range(of: "recall@20<").map { five.lowerBound < $0.lowerBound }
    }
    #expect(order == true)
  }

  @Test func `obeys the schema`() throws {
    let validator = try SchemaValidator(Data(contentsOf: ReportJSONTests.schema))
    let data = try reportJSON(report())
    #expect(try validator.violations(in: JSONSerialization.jsonObject(with: data)) == [])
    #expect(try JSONDecoder().decode(RedundancyReport.self, from: data) == report())
  }

  @Test func `shows the two spectra beside each other and marks no place as damped`() throws {
    let report = try report()
    let figures = reportFigures(report, maps: nil)
    #expect(figures.map(\.name) == ["figure-5", "figure-5-baseline"])
    #expect((figures[0].figure as? Figure5)?.damped == [])
    let baseline = try #require(figures[1].figure as? Figure5Baseline)
    #expect(baseline.values.before == report.baseline?.before.singularValues)
    #expect(baseline.normalized.after == report.baseline?.after.normalizedValues)
    #expect(baseline.afterModel.contains("epoch 31"))
  }
}
