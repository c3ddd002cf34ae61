import Foundation
import Testing

/// Training runs side by side through the real binary.
@Suite("Compare command")
struct CompareCommandTests {
  /// A folder with a run without projection, one whose encoder grows, and one alone.
  func world() throws -> Workdir {
    let directory = try Workdir()
    try RunFolder(projection: nil).writeHistory("runs/plain", in: directory)
    try RunFolder().writeHistory("runs/grown", in: directory, growth: 3)
    try RunFolder(dataset: "other").writeHistory(
      "runs/alone", in: directory, ending: "{\"epoch\":6,\"impr")
    return directory
  }

  @Test func `writes page, numbers and curves, and answers whether directions grow back`() throws {
    let directory = try world()
    let outcome = try directory.run([
      "--compare", "runs/plain", "runs/grown", "runs/alone", "--output", "out",
    ])
    #expect(outcome.status == 0, "\(outcome.transcript)")
    #expect(outcome.errors.isEmpty && outcome.output.hasSuffix("out/report.html\n"))
    for suffix in ["png", "pdf", "gp", "tsv"] {
      #expect(directory.exists("out/figures/training-curves.\(suffix)"))
    }
    let report = try directory.report("out")
    #expect(report["schema"] as? String == "run-comparison-1")
    let answers = report["answers"] as? [[String: Any]] ?? []
    #expect(answers.map { $0["referenceRun"] as? String } == ["plain", "alone"])
    #expect(answers.map { $0["verdict"] as? String } == ["partial", "none"])
    #expect(answers[0]["growth"] as? Double == 9 && answers[0]["epoch"] as? Int == 4)
    // What (1 − 0.5)⁴ leaves of it.
    #expect(answers[0]["effectiveShare"] as? Double == 9.0 / 16)
    #expect((report["notes"] as? [String])?.contains { $0.contains("breaks off") } == true)
    let page = String(decoding: try directory.contents("out/report.html"), as: UTF8.self)
    #expect(page.contains("9.00 times that of plain") && page.contains("data:image/png;base64,"))
  }

  @Test(arguments: [
    ["compare", "runs/plain", "runs/grown"], ["--compare", "runs/plain", "runs/grown"],
    ["--compare=runs/plain", "runs/grown"], ["report", "--compare", "runs/plain", "runs/grown"],
    ["--output", "out", "--compare", "runs/plain", "runs/grown"],
  ])
  func `is the same as option and as subcommand`(arguments: [String]) throws {
    let directory = try world()
    let outcome = try directory.run(arguments + ["--json", "--no-figures", "--output", "out"])
    #expect(outcome.status == 0, "\(outcome.transcript)")
    let printed = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8))
    #expect(((printed as? [String: Any])?["runs"] as? [Any])?.count == 2)
    #expect(Data(outcome.output.utf8) == (try directory.contents("out/report.json")))
  }

  @Test func `follows one run, and eight`() throws {
    let directory = try Workdir()
    let names = (1...8).map { "runs/clear-tiny-\($0)" }
    for (place, name) in names.enumerated() {
      try RunFolder(seed: UInt64(place)).writeHistory(
        name, in: directory, epochs: 1 + 3 * place, growth: 1 + Double(place))
    }
    for count in [1, 8] {
      let outcome = try directory.run(["--compare"] + names.prefix(count) + ["--output", "out"])
      #expect(outcome.status == 0, "\(outcome.transcript)")
    }
  }

  func expectRefusal(
    _ directory: Workdir, _ arguments: [String], _ status: Int32, naming words: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let outcome = try directory.run(
      ["--compare"] + arguments + ["--no-figures", "--output", "out"])
    #expect(outcome.status == status, "\(outcome.transcript)", sourceLocation: sourceLocation)
    for word in words {
      #expect(
        outcome.errors.contains(word), "\(word) in \(outcome.transcript)",
        sourceLocation: sourceLocation)
    }
    #expect(!directory.exists("out/report.json"), sourceLocation: sourceLocation)
  }

  @Test func `names the missing run, file or line`() throws {
    let directory = try world()
    try expectRefusal(directory, ["runs/none"], 66, naming: ["runs/none", "no such run folder"])
    try expectRefusal(directory, ["runs/plain/config.yaml"], 65, naming: ["config.yaml is a file"])
    try FileManager.default.removeItem(atPath: directory.path("runs/alone/metrics.jsonl"))
    try expectRefusal(directory, ["runs/plain", "runs/alone"], 66, naming: ["alone/metrics.jsonl"])
    try directory.write("", to: "runs/alone/metrics.jsonl")
    try expectRefusal(directory, ["runs/alone"], 65, naming: ["no finished epoch"])
    let lines = String(decoding: try directory.contents("runs/plain/metrics.jsonl"), as: UTF8.self)
    try directory.write("{}\n" + lines, to: "runs/plain/metrics.jsonl")
    try expectRefusal(
      directory, ["runs/plain"], 65, naming: ["metrics.jsonl, line 1", "\"epoch\" is missing"])
    try directory.write("a: [", to: "runs/grown/config.yaml")
    try expectRefusal(directory, ["runs/grown"], 65, naming: ["config.yaml, line"])
  }

  @Test(arguments: [
    [], ["runs/plain", "runs/plain/"], ["runs/plain", "--rank", "3"],
    ["1", "2", "3", "4", "5", "6", "7", "8", "9"],
  ])
  func `answers wrong usage with 64`(arguments: [String]) throws {
    try expectRefusal(try world(), arguments, 64, naming: [])
  }
}
