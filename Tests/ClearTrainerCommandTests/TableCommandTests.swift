import CommandTestSupport
import Foundation
import Testing
import Training

/// Tables through the real binary.
@Suite("Table command")
struct TableCommandTests {
  static let short = ["table", "--dataset", "tiny", "--set", "epochs=2"]

  /// The rows of a CSV file without quoted fields, by column.
  func rows(_ file: String, in directory: Workdir) throws -> [[String: String]] {
    let lines = String(decoding: try directory.contents(file), as: UTF8.self)
      .split(separator: "\r\n").map {
        $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(lines[0], $0)) }
  }

  func text(_ file: String, in directory: Workdir) throws -> String {
    String(decoding: try directory.contents(file), as: UTF8.self)
  }

  @Test func `Table 2 is trained, written three times over and found again`() throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    let arguments = Self.short + ["--models", "mf-bpr,clear", "--seeds", "2"]
    let outcome = try directory.succeed(arguments)
    #expect(outcome.output.hasPrefix("| system | seeds | R@10 | R@20 | N@10 | N@20 |\n"))
    #expect(outcome.output.hasSuffix("\ntables/table-2-tiny.md\n"))
    #expect(try directory.files(in: "runs").count == 4)
    let rows = try rows("tables/table-2-tiny.csv", in: directory)
    #expect(rows.map { $0["system"] } == ["MF-BPR", "CLEAR"])
    #expect(rows.allSatisfy { $0["seeds"] == "2" && $0["problem"] == "" })
    var means: [Double] = []
    for seed in [999, 1000] {
      let result = try RunResult(
        at: directory.path("runs/mf-bpr_tiny_epochs-2_\(seed)/result.json"))
      means.append(try #require(result.test["recall@20"]))
    }
    #expect(rows[0]["recall@20_mean"] == "\((means[0] + means[1]) / 2)")
    let page = try text("tables/table-2-tiny.md", in: directory)
    #expect(page.contains("CLEAR − MF-BPR, R@20 (2 seeds, "))
    #expect(
      page.contains(
        "clear-trainer train --model clear --dataset tiny --set epochs=2 --seed 1000"))
    #expect(try text("tables/table-2-tiny.tex", in: directory).contains("\\toprule"))

    let files = try ["md", "csv", "tex"].map { try directory.contents("tables/table-2-tiny.\($0)") }
    let again = try directory.succeed(arguments)
    #expect(again.errors.isEmpty, "\(again.transcript)")
    #expect(
      try ["md", "csv", "tex"].map { try directory.contents("tables/table-2-tiny.\($0)") } == files)
  }

  @Test func `a listed command trains the run of its row`() throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    try directory.succeed(Self.short + ["--models", "mf-bpr"])
    let page = try text("tables/table-2-tiny.md", in: directory)
    let line = try #require(page.split(separator: "\n").last { $0.contains("clear-trainer train") })
    let words = line.split(separator: " ").dropFirst().map(String.init)
    try directory.succeed(words + ["--output", "by-hand"])
    #expect(
      try directory.contents("by-hand/config.yaml")
        == directory.contents("runs/mf-bpr_tiny_epochs-2_999/config.yaml"))
    #expect(
      try RunContents("by-hand", in: directory)
        == RunContents("runs/mf-bpr_tiny_epochs-2_999", in: directory))
  }

  @Test func `a spent budget leaves a table that says what is missing`() throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    let outcome = try directory.succeed(
      Self.short + ["--models", "mf-bpr,lightgcn", "--budget", "0s"])
    #expect(outcome.output.contains("| MF-BPR | 0 | – | – | – | – |"))
    #expect(outcome.output.contains("LightGCN: not trained yet with seed 999."))
    #expect(!directory.exists("runs"))
  }

  @Test func `a budget that ends within a run stops it behind an epoch, to be resumed`() throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    let long = [
      "table", "--dataset", "tiny", "--models", "mf-bpr", "--set", "epochs=100000", "--set",
      "stopping_step=100000",
    ]
    let outcome = try directory.succeed(long + ["--budget", "0.5s"])
    #expect(outcome.output.contains("not trained yet"))
    let runs = try directory.files(in: "runs")
    #expect(runs.count == 1)
    let run = try RunFolder(at: directory.path("runs/\(runs[0])"))
    let epochs = try run.history().records.count
    #expect(epochs >= 1 && !directory.exists("runs/\(runs[0])/result.json"))
    #expect(try Checkpoint.header(at: run.last).epoch == epochs)
    try directory.succeed(long + ["--budget", "0.5s"])
    #expect(try run.history().records.count > epochs)
  }

  @Test func `a table that was killed becomes the uninterrupted one`() throws {
    let arguments = Self.short + ["--models", "mf-bpr,lightgcn,clear"]
    let directory = try Workdir()
    try directory.writeTinyData()
    let command = try directory.start(arguments)
    #expect(command.wait { directory.exists("runs/lightgcn_tiny_epochs-2_999/config.yaml") })
    command.send(SIGKILL)
    _ = try command.finish()
    try directory.succeed(arguments)
    let whole = try Workdir()
    try whole.writeTinyData()
    try whole.succeed(arguments)
    for ending in ["md", "csv", "tex"] {
      let file = "tables/table-2-tiny.\(ending)"
      #expect(try directory.contents(file) == whole.contents(file))
    }
  }

  @Test func `a model that cannot run is a row that says why`() throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    try directory.succeed(Self.short + ["--models", "mf-bpr,clear", "--set", "embedding_size=2"])
    let rows = try rows("tables/table-2-tiny.csv", in: directory)
    #expect(rows[0]["problem"] == "" && rows[1]["seeds"] == "0")
    #expect(rows[1]["problem"]?.contains("redundancy rank 4 is out of range") == true)
  }

  @Test func `what diverges is noted, and the others go on`() throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    try directory.refuse(
      [
        "table", "--dataset", "tiny", "--models", "mf-bpr", "--set", "epochs=3", "--set",
        "learning_rate=1e30",
      ], status: 70, naming: ["1 of the trainings", "tables/table-2-tiny.md"])
    let page = try text("tables/table-2-tiny.md", in: directory)
    #expect(page.contains("- MF-BPR: training diverged"))
  }

  @Test func `Table 3 chooses on validation`() throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    try directory.succeed(
      ["table", "--dataset", "tiny", "--table", "3", "--select", "--set", "epochs=1"])
    let page = try text("tables/table-3-tiny.md", in: directory)
    #expect(page.contains("VBPR + CLEAR − VBPR, R@20"))
    #expect(page.contains("- VBPR: reg_weight=") && page.contains("among 7 of 7 points"))
  }

  @Test func `Table 4 measures each system in a process of its own`() throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    let arguments = [
      "table", "--dataset", "tiny", "--table", "4", "--models", "mf-bpr,clear", "--threads", "1",
    ]
    try directory.succeed(arguments)
    let rows = try rows("tables/table-4-tiny.csv", in: directory)
    #expect(rows.map { $0["epochs"] } == ["3", "3"])
    for row in rows {
      #expect(try #require(Double(row["training_seconds"] ?? "")) > 0)
      #expect(try #require(Int(row["peak_bytes"] ?? "")) > 1 << 20)
    }
    #expect(try #require(Double(rows[1]["refresh_seconds"] ?? "")) > 0)
    let runs = try directory.files(in: "runs/costs")
    #expect(runs == ["clear_tiny_epochs-4_999", "mf-bpr_tiny_epochs-4_999"])
    let page = try directory.contents("tables/table-4-tiny.md")
    let again = try directory.succeed(arguments)
    #expect(again.errors.isEmpty, "\(again.transcript)")
    #expect(try directory.contents("tables/table-4-tiny.md") == page)
  }

  @Test func `Figure 3 is drawn with its numbers`() throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    try directory.succeed(
      ["table", "--dataset", "tiny", "--figure", "3", "--set", "epochs=1"])
    #expect(directory.exists("tables/figure-3-tiny.png"))
    #expect(try rows("tables/figure-3-tiny.csv", in: directory).count == 7)
  }

  @Test func `Figure 4 is drawn with its numbers`() throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    try directory.succeed(
      ["table", "--dataset", "tiny", "--figure", "4", "--set", "epochs=1"])
    #expect(directory.exists("tables/figure-4-tiny-seed-999.png"))
    #expect(try rows("tables/figure-4-tiny.csv", in: directory).count == 26)
  }

  struct Case: Sendable, CustomTestStringConvertible {
    let arguments: String
    let status: Int32
    let words: [String]
    var testDescription: String { arguments }
  }

  @Test(arguments: [
    Case(
      arguments: "--dataset tiny --models mf-bpr,cleer", status: 64,
      words: ["cleer", "nearest is clear"]),
    Case(
      arguments: "--dataset tiny --models mf-bpr --set reg_weight=[1,2]", status: 64,
      words: ["reg_weight", "--select"]),
    Case(
      arguments: "--dataset tiny --models mf-bpr --set reg_weigth=1", status: 64,
      words: ["reg_weigth", "reg_weight"]),
    Case(
      arguments: "--dataset tiny --models mf-bpr --output file/tables", status: 70,
      words: ["file/tables"]),
    Case(arguments: "--dataset tiny --models mf-bpr --runs file", status: 70, words: ["file"]),
    Case(arguments: "--dataset tiny --config none.yaml", status: 66, words: ["none.yaml"]),
  ])
  func `bad input is refused in a sentence`(_ bad: Case) throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    try directory.write("a file", to: "file")
    try directory.refuse(
      ["table"] + bad.arguments.split(separator: " ").map(String.init), status: bad.status,
      naming: bad.words)
    #expect(try text("file", in: directory) == "a file")
  }

  @Test func `a data set that is not there is missing input`() throws {
    let directory = try Workdir()
    let outcome = try directory.run(["table", "--dataset", "nowhere"])
    #expect(outcome.status == 66 && outcome.errors.contains("nowhere"), "\(outcome.transcript)")
    #expect(!directory.exists("tables") && !directory.exists("runs"))
  }

  @Test(arguments: [
    ("--budget soon", "--budget"), ("--budget -1h", "--budget"), ("--seeds 0", "--seeds"),
    ("--seed-list 1,1", "--seed-list"), ("--seed-list 1,b", "--seed-list"),
    ("--seeds 2 --seed-list 1", "--seed-list"), ("--table 1", "--table"),
    ("--figure 5", "--figure"), ("--table 2 --figure 3", "--figure"),
    ("--figure 3 --models clear", "--models"), ("--table 4 --select", "--select"),
    ("--set seed=4", "--seeds"), ("--set epochs", "key=value"),
  ])
  func `wrong usage is refused`(_ options: String, _ word: String) throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    let outcome = try directory.run(
      ["table", "--dataset", "tiny"] + options.split(separator: " ").map(String.init))
    #expect(outcome.status == 64 && outcome.errors.contains(word), "\(outcome.transcript)")
    #expect(!directory.exists("tables") && !directory.exists("runs"))
  }

  @Test func `a folder in the place of a run that holds something else is left alone`() throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    try directory.write("thesis", to: "runs/mf-bpr_tiny_epochs-2_999/thesis.tex")
    try directory.refuse(
      Self.short + ["--models", "mf-bpr"], status: 64, naming: ["mf-bpr_tiny_epochs-2_999"])
    #expect(try directory.files(in: "runs/mf-bpr_tiny_epochs-2_999") == ["thesis.tex"])
  }

  @Test func `runs on data that have changed since are refused`() throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    try directory.succeed(Self.short + ["--models", "mf-bpr"])
    try directory.writeTinyData { $0["text"] = $0["image"] }
    try directory.refuse(
      Self.short + ["--models", "mf-bpr"], status: 64, naming: ["other data", "tiny"])
  }
}
