import CommandTestSupport
import Foundation
import Testing
import Training

/// Sweeps through the real binary.
@Suite("Sweep command")
struct SweepCommandTests {
  static let grid = [
    "sweep", "--model", "clear", "--dataset", "tiny", "--set", "epochs=2", "--strengths",
    "0.5,0.9", "--ranks", "2,4", "--output", "sweep",
  ]
  static let names = ["strength=0.0"] + ["0.5", "0.9"].flatMap { strength in
    ["2", "4"].map { "strength=\(strength),rank=\($0)" }
  }

  /// The rows of `sweep.tsv` by column.
  func rows(_ directory: Workdir) throws -> [[String: String]] {
    let lines = String(decoding: try directory.contents("sweep/sweep.tsv"), as: UTF8.self)
      .split(separator: "\n").map {
        $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }

  @Test func `trains strengths and ranks, and once without projection`() throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    let outcome = try directory.succeed(Self.grid)
    #expect(outcome.output.contains("5 of 5 trainings are finished. Chosen on validation:"))
    #expect(outcome.output.hasSuffix("\nsweep\n"))
    let rows = try rows(directory)
    #expect(rows.map { $0["run"] } == Self.names.map { "\($0),seed=999" })
    let validations = rows.compactMap { $0["valid.recall@20"].flatMap(Double.init) }
    let best = try #require(validations.max())
    #expect(
      rows.firstIndex { $0["chosen_on_validation"] == "1" } == validations.firstIndex(of: best))
    for mark in ["chosen_on_validation", "best_on_test_published_habit"] {
      #expect(rows.count { $0[mark] == "1" } == 1)
    }
    for row in rows {
      let result = try RunResult(at: directory.path("sweep/\(row["run"] ?? "")/result.json"))
      #expect(row["test.ndcg@20"] == result.test["ndcg@20"].map { "\($0)" })
      #expect(row["best_epoch"] == "\(result.bestEpoch)")
    }
    let page = String(decoding: try directory.contents("sweep/sweep.md"), as: UTF8.self)
    #expect(page.contains("| best on test (the published habit) |"))
    #expect(try directory.json("sweep/sweep.json")["metric"] as? String == "recall@20")
    #expect(directory.exists("sweep/figures/figure-4-seed-999.png"))
  }

  @Test func `goes on where it was killed, and trains nothing twice`() throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    let arguments = Self.grid + ["--no-figures"]
    let command = try directory.start(arguments)
    let third = "sweep/\(Self.names[2]),seed=999"
    #expect(command.wait { directory.exists("\(third)/config.yaml") })
    command.send(SIGKILL)
    #expect(try command.finish().status == -SIGKILL)
    let finished = Self.names.prefix(2).map { "sweep/\($0),seed=999" }
    let before = try finished.map { try directory.contents("\($0)/metrics.jsonl") }
    try directory.succeed(arguments)
    #expect(try rows(directory).allSatisfy { $0["state"] == "finished" })
    #expect(try finished.map { try directory.contents("\($0)/metrics.jsonl") } == before)

    let whole = try Workdir()
    try whole.writeTinyData()
    try whole.succeed(arguments)
    let tables = try [directory, whole].map { try $0.contents("sweep/sweep.tsv") }
    #expect(tables[0] == tables[1])
    let again = try directory.succeed(arguments)
    #expect(again.errors.isEmpty, "\(again.transcript)")
  }

  @Test func `averages over seeds`() throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    try directory.succeed([
      "sweep", "--model", "vbpr", "--dataset", "tiny", "--set", "epochs=1", "--set",
      "reg_weight=[0.1,0.01]", "--seeds", "3,4,5", "--output", "sweep",
    ])
    #expect(try rows(directory).count == 6)
    let page = String(decoding: try directory.contents("sweep/sweep.md"), as: UTF8.self)
    #expect(page.contains("over 3 seeds") && page.contains(" ± "))
    #expect(!directory.exists("sweep/figures"))
  }

  @Test func `searches the published grid`() throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    try directory.succeed([
      "sweep", "--model", "mf-bpr", "--dataset", "tiny", "--set", "epochs=1", "--grid",
      "published",
    ])
    #expect(try directory.files(in: "sweeps/mf-bpr-tiny-999").count == 7 + 3)
  }

  @Test func `notes what diverges and goes on`() throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    let outcome = try directory.refuse(
      [
        "sweep", "--model", "mf-bpr", "--dataset", "tiny", "--set", "epochs=3", "--set",
        "learning_rate=[1e30,0.001]", "--output", "sweep",
      ], status: 70, naming: ["1 of 2", "sweep/sweep.json"])
    #expect(outcome.output.contains("Chosen on validation: learning_rate=0.001"))
    #expect(try rows(directory).map { $0["state"] } == ["diverged", "finished"])
    let points = try directory.json("sweep/sweep.json")["points"] as? [[String: Any]]
    #expect((points?[0]["problem"] as? String)?.contains("diverged") == true)
  }

  @Test func `is refused where there is nothing to sweep, or something else`() throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    try directory.refuse(
      ["sweep", "--model", "mf-bpr", "--dataset", "tiny"], status: 64,
      naming: ["mf-bpr", "--grid published"])
    try directory.refuse(
      Self.grid + ["--clear", "off"], status: 64, naming: ["--clear off"])
    try directory.refuse(
      ["sweep", "--model", "mf-bpr", "--dataset", "tiny", "--ranks", "2"], status: 64,
      naming: ["mf-bpr", "projection"])
    #expect(!directory.exists("sweep"))
    try directory.write("thesis", to: "sweep/thesis.tex")
    try directory.refuse(Self.grid, status: 64, naming: ["sweep", "not empty"])
    #expect(try directory.files(in: "sweep") == ["thesis.tex"])
  }

  @Test func `does not mix runs of other settings in`() throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    let arguments = [
      "sweep", "--model", "mf-bpr", "--dataset", "tiny", "--set", "reg_weight=[0.1,0.01]",
      "--output", "sweep", "--set",
    ]
    try directory.succeed(arguments + ["epochs=1"])
    try directory.refuse(
      arguments + ["epochs=2"], status: 64, naming: ["reg_weight=0.1", "another configuration"])
  }
}
