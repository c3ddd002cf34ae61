import Foundation
import Testing
import Training

@Suite("Report of a sweep")
struct SweepReportTests {
  func result(
    valid: Double, test: Double, seed: Int = 999, best: Int = 3
  ) throws -> SweepOutcome {
    let json = """
      {"model": "clear", "dataset": "demo", "seed": \(seed), "digest": "00", "parameterCount": 1,
       "epochs": 9, "ending": "epochs", "bestEpoch": \(best), "peakMemory": 1,
       "valid": {"recall@20": \(valid), "ndcg@20": 0.25},
       "test": {"recall@20": \(test), "ndcg@20": 0.125},
       "medianSeconds": {"training": 1, "evaluation": 1, "projection": 0, "redundancy": 0}}
      """
    return .finished(try JSONDecoder().decode(RunResult.self, from: Data(json.utf8)))
  }

  func plan(_ overrides: [String]) throws -> SweepPlan {
    SweepPlan(
      try ConfigurationReader().read(model: "clear", dataset: "demo", overrides: overrides))
  }

  /// The text of a sweep's file.
  func text(_ report: SweepReport, _ file: KeyPath<SweepFolder, String>) throws -> String {
    let scratch = try ScratchFolder()
    let folder = try SweepFolder(at: scratch("sweep"))
    try folder.write(report)
    return try String(contentsOfFile: folder[keyPath: file], encoding: .utf8)
  }

  @Test func `chooses on validation and tells what the test would have chosen`() throws {
    let report = SweepReport(
      try plan(["clear.rank=[2, 4, 8]"]),
      [
        try result(valid: 0.10, test: 0.30), try result(valid: 0.12, test: 0.20),
        try result(valid: 0.11, test: 0.40),
      ])
    #expect(report.chosen == 1 && report.bestOnTest == 2)
    #expect(report.name(of: 1) == "rank=4")
    #expect(report.summary.hasPrefix("3 of 3 trainings are finished. Chosen on validation: rank=4,"))
    #expect(report.summary.contains("Best on test (the published habit): rank=8, with validation"))
    let rows = try text(report, \.page).split(separator: "\n").filter { $0.hasPrefix("| ") }
    #expect(rows.count == 2 + 3)
    #expect(rows[0].hasSuffix("| chosen on validation | best on test (the published habit) |"))
    #expect(rows[3] == "| 4 | 3 | 0.1200 | 0.2000 | 0.2500 | 0.1250 | ● |  |")
    #expect(rows[4].hasSuffix("|  | ○ |"))
  }

  @Test func `takes the first of equal points`() throws {
    let report = SweepReport(
      try plan(["clear.rank=[2, 4]"]),
      [try result(valid: 0.1, test: 0.2), try result(valid: 0.1, test: 0.2)])
    #expect(report.chosen == 0 && report.bestOnTest == 0)
  }

  @Test func `compares means over seeds, of points whose seeds are all finished`() throws {
    let report = SweepReport(
      try plan(["clear.rank=[2, 4, 8]", "seed=[1, 2]"]),
      [
        try result(valid: 0.3, test: 0.1, seed: 1), try result(valid: 0.1, test: 0.1, seed: 2),
        try result(valid: 0.2, test: 0.1, seed: 1), try result(valid: 0.25, test: 0.2, seed: 2),
        try result(valid: 0.9, test: 0.9, seed: 1), .pending,
      ])
    #expect(report.rows.count == 3 && report.chosen == 1)
    #expect(report.rows[0].validation("recall@20") == 0.2)
    let page = try text(report, \.page)
    #expect(page.contains("5 of 6 trainings are finished."))
    #expect(page.contains("| 2 | 3 ± 0 | 0.2000 ± 0.1414 |"))
    #expect(page.contains("| 8 | pending |"))
  }

  @Test func `has a line for each training, whatever came of it`() throws {
    let report = SweepReport(
      try plan(["clear.rank=[2, 4, 8]"]),
      [try result(valid: 1 / 3, test: 0.2), .diverged("epoch 2"), .pending])
    let lines = try text(report, \.table).split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false)
    }
    #expect(lines.allSatisfy { $0.count == lines[0].count })
    #expect(lines.dropFirst().map { $0[3] } == ["finished", "diverged", "pending"])
    #expect(Double(lines[1][6]) == 1.0 / 3.0)
    let journal = try text(report, \.journal)
    #expect(journal.contains(#""problem" : "epoch 2""#) && journal.contains(#""clear.rank" : "8""#))
  }

  @Test func `chooses nothing before anything is finished`() throws {
    let report = SweepReport(try plan(["clear.rank=[2]"]), [.pending])
    #expect(report.chosen == nil && report.bestOnTest == nil)
    #expect(report.summary == "0 of 1 trainings are finished.")
  }

  @Test func `goes into a folder of its own`() throws {
    let scratch = try ScratchFolder()
    try scratch.write("x", to: "taken/thesis.tex")
    #expect(throws: RunFolderError.notEmpty(path: scratch("taken"))) {
      try SweepFolder(at: scratch("taken"))
    }
    #expect(throws: RunFolderError.self) { try SweepFolder(at: scratch("taken/thesis.tex/x")) }
    let report = SweepReport(try plan(["clear.rank=[2]"]), [.pending])
    try SweepFolder(at: scratch("new")).write(report)
    #expect(try SweepFolder(at: scratch("new")).path == scratch("new"))
    #expect(try scratch.files(in: "new") == ["sweep.json", "sweep.md", "sweep.tsv"])
  }
}
