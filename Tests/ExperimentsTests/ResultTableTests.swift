import Experiments
import Foundation
import Testing
import Training

@Suite("Table of results")
struct ResultTableTests {
  /// A system whose test metrics are `values` with seeds 999, 1000, …
  func results(_ name: String, _ values: [Double], missing: [UInt64] = [], problem: String? = nil)
    throws -> TrialResults
  {
    let runs = try values.enumerated().map { place, value in
      let seconds: [String: Any] = [
        "training": 1, "evaluation": 1, "projection": 0, "redundancy": 0,
      ]
      let fields: [String: Any] = [
        "model": "mf-bpr", "dataset": "baby", "seed": 999 + place, "digest": "0",
        "parameterCount": 1, "epochs": 1, "ending": "epochs", "bestEpoch": 1,
        "valid": ["recall@20": value], "peakMemory": 0, "medianSeconds": seconds,
        "test": ["recall@20": value, "ndcg@20": value / 2],
      ]
      let data = try JSONSerialization.data(withJSONObject: fields)
      let users = UserTable(
        columns: ["test.recall@20"], users: [1, 2, 3],
        values: [[value], [value / 2], [0]])
      return FinishedRun(
        result: try JSONDecoder().decode(RunResult.self, from: data), users: users, folder: name)
    }
    return TrialResults(
      Trial(name, model: "mf-bpr"), runs, missing: missing, problem: problem)
  }

  func table(_ results: [TrialResults], dataset: String = "baby") -> ResultTable {
    ResultTable(
      title: "Table", dataset: dataset, results: results,
      published: PublishedResults.table2 + PublishedResults.tiktok,
      metrics: ["recall@20", "ndcg@20"])
  }

  @Test func `equal ones as printed share the best and the second place`() throws {
    let found = table([
      try results("a", [0.10001]), try results("b", [0.1]), try results("c", [0.09]),
      try results("d", [0.09004]), try results("e", [0.08]), try results("f", []),
    ])
    #expect(
      found.rows.map { $0.cells[0].emphasis } == [.best, .best, .second, .second, nil, nil])
    #expect(table([try results("a", [0.1])]).rows[0].cells[0].emphasis == nil)
  }

  @Test func `stands beside what was published`() throws {
    let found = table([try results("FREEDOM", [0.0952, 0.0972]), try results("own", [0.05])])
    let cell = found.rows[0].cells[0]
    #expect(cell.published?.value == 0.0992 && cell.published?.source == "CLEAR26, Table 2")
    #expect(abs(try #require(cell.relativeDifference) - (0.0962 / 0.0992 - 1)) < 1e-12)
    #expect(found.rows[1].cells[0].published == nil)
    let lines = found.printed.markdown.split(separator: "\n")
    let published = "published | difference |"
    #expect(lines[0] == "| system | seeds | R@20 | \(published) N@20 | \(published)")
    #expect(
      lines[2].hasPrefix("| FREEDOM | 2 | **0.0962 ± 0.0014** | 0.0992 | −3.0 % |"))
    #expect(lines[3] == "| own | 1 | <u>0.0500</u> |  |  | <u>0.0250</u> |  |  |")
  }

  @Test func `marks what cannot be compared`() throws {
    let found = table([try results("MMSSL", [0.09])], dataset: "tiktok")
    #expect(found.rows[0].cells[1].published != nil)
    #expect(found.rows[0].cells[1].relativeDifference == nil)
    let page = found.markdown(command: "make")
    #expect(page.contains("0.0392 †") && page.contains("† MMSSL, N@20: not comparable"))
  }

  @Test func `says what is missing and why`() throws {
    let found = table([
      try results("a", [0.1], missing: [1000, 1001]), try results("b", [], missing: [999]),
      try results("c", [], missing: [999], problem: "c needs ears"),
    ])
    #expect(
      found.missing == [
        "a: not trained yet with seed 1000, 1001.", "b: not trained yet with seed 999.",
        "c: c needs ears.",
      ])
    #expect(found.printed.markdown.contains("| c | 0 | – |"))
    #expect(found.csv.contains("\r\nc,baby,0,,,"))
  }

  @Test func `numbers of the CSV are those of the runs, unrounded`() throws {
    let values = [0.123456789, 0.1]
    let row = table([try results("a", values)]).csv.split(separator: "\r\n")[1]
    let fields = row.split(separator: ",", omittingEmptySubsequences: false)
    #expect(fields[2] == "2" && Double(fields[3]) == (values[0] + values[1]) / 2)
    let half = (values[0] - values[1]) / 2
    #expect(abs(try #require(Double(fields[4])) - half * 2.0.squareRoot()) < 1e-15)
  }

  @Test func `finds the strongest other system`() throws {
    let rows = [
      try results("CLEAR", [0.3]), try results("a", [0.1]), try results("b", [0.2]),
      try results("c", [0.2]), try results("d", []),
    ]
    #expect(ResultTable.strongest(of: rows, besides: "CLEAR") == "b")
    #expect(ResultTable.strongest(of: [rows[0], rows[4]], besides: "CLEAR") == nil)
  }

  @Test func `its page lists the command of every run`() throws {
    let page = table([try results("a", [0.1, 0.2])]).markdown(command: "clear-trainer table")
    #expect(page.contains("\n    clear-trainer table\n"))
    for seed in [999, 1000] {
      #expect(
        page.contains("\n    clear-trainer train --model mf-bpr --dataset baby --seed \(seed)\n"))
    }
  }
}
