import Audit
import Figures
import Foundation
import Reporting
import Testing

@Suite("Comparison of runs")
struct ComparisonTests {
  /// Runs of four epochs with two projected directions; the last has metrics alone.
  func comparison(runs: Int = 2) throws -> RunComparison {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("comparison-\(UUID().uuidString)", isDirectory: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let histories = try (0..<runs + 1).map { run -> RunHistory in
      let path = folder.appendingPathComponent("clear-<tiny>-\(run)", isDirectory: true)
      try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
      try Data("model: clear\ndataset: tiny\nseed: \(run)\n".utf8)
        .write(to: path.appendingPathComponent("config.yaml"))
      let lines = (1...4).map { epoch in
        let redundancy = """
          ,"redundancy":{"rank":2,"strength":\(run == 0 ? 0 : 0.9),"overlapBefore":0.2,\
          "overlapAfter":0.1,"overlapRandom":0.01,"singularValuesBefore":[\(4 + epoch),2,1],\
          "singularValuesAfter":[1,0.04,0.02],"effectiveRankBefore":1.5,"effectiveRankAfter":2.5,\
          "angles":[\(epoch),2]}
          """
        return #"{"epoch":\#(epoch),"improved":true,"valid":{"recall@20":0.\#(epoch)}"#
          + (run == runs ? "" : redundancy) + "}\n"
      }
      try Data((lines.joined() + "{\"epo").utf8)
        .write(to: path.appendingPathComponent("metrics.jsonl"))
      return try RunHistory(folder: path.path)
    }
    return RunComparison(
      histories,
      provenance: Provenance(
        version: "test", command: "redundancy-report --compare", seed: nil, threads: 1,
        openblas: "OpenBLAS", digests: ["a": "00"], date: "2026-01-01T00:00:00Z"))
  }

  static let schema = ReportJSONTests.schema.deletingLastPathComponent()
    .appendingPathComponent("run-comparison-1.schema.json")

  @Test func `obeys its schema`() throws {
    let validator = try SchemaValidator(Data(contentsOf: Self.schema))
    for runs in [0, 2] {
      let data = try comparisonJSON(comparison(runs: runs))
      #expect(try validator.violations(in: JSONSerialization.jsonObject(with: data)) == [])
    }
  }

  @Test func `is read back as it was written`() throws {
    let comparison = try comparison()
    let read = try JSONDecoder().decode(RunComparison.self, from: comparisonJSON(comparison))
    #expect(read == comparison)
  }

  @Test func `is a page that says the answer and lets no text become markup`() throws {
    let comparison = try comparison()
    let page = comparisonPage(comparison, figure: nil)
    #expect(!page.contains("<tiny>") && page.contains("clear-&lt;tiny&gt;-1"))
    #expect(page.contains(escaped(comparison.headline)))
    for heading in ["runs", "curves", "damping", "settings", "provenance"] {
      #expect(page.contains("<h2 id=\"\(heading)\">"))
    }
    #expect(page.contains("breaks off") && !page.contains("<script"))
    #expect(terminalSummary(comparison).contains("best epoch 4"))
  }

  @Test func `draws every quantity of every run`() throws {
    let figure = try #require(comparisonFigure(comparison()))
    #expect(
      figure.charts.map(\.title) == [
        "σ₁ … σₖ, unprojected", "σ₁ … σₖ, projected", "effective rank",
        "overlap of 20 neighbours", "angle to the epoch before (°)", "Recall@20",
      ])
    // Two runs of two singular values each; three runs have a recall.
    #expect(figure.charts[0].lines.map(\.run) == [0, 0, 1, 1])
    #expect(figure.charts[0].lines[2].values == [5, 6, 7, 8])
    #expect(figure.charts[3].lines.count { $0.style == .reference } == 2)
    #expect(figure.charts[5].lines.map(\.run) == [0, 1, 2])
    #expect(figure.charts[5].lines.allSatisfy { $0.values == [0.1, 0.2, 0.3, 0.4] })
    #expect(figure.runs.map(\.bestEpoch) == [4, 4, 4] && figure.dataset == "tiny")
  }

  @Test func `shows the first and last singular value alone when there are many runs`() throws {
    let figure = try #require(comparisonFigure(comparison(runs: 4)))
    // Four runs of two singular values, whose first and last are all there is.
    #expect(figure.charts[0].lines.map(\.name) == (0..<4).flatMap { _ in ["σ1", "σ2"] })
  }
}
