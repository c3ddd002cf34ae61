import Foundation
import Testing

/// Reports compared with earlier ones, through the real binary.
@Suite("Diff command")
struct DiffCommandTests {
  private func report(_ directory: Workdir, _ more: [String], to output: String) throws {
    let outcome = try directory.run(
      ["--dataset", "demo", "--no-figures", "--only", "spectrum,swd", "--output", output] + more)
    #expect(outcome.status == 0, "\(outcome.transcript)")
  }

  @Test func `tells a report from another one by what its errors allow`() throws {
    let directory = try Workdir()
    try report(directory, [], to: "a")
    try report(directory, ["--threads", "1"], to: "b")
    try report(directory, ["--strength", "0.5"], to: "c")
    let same = try directory.run(["diff", "a/report.json", "b/report.json"])
    #expect(same.status == 0, "\(same.transcript)")
    #expect(same.output.contains("Nothing differs beyond its error."))
    let other = try directory.run(["diff", "a/report.json", "c/report.json"])
    #expect(other.status == 1, "\(other.transcript)")
    #expect(other.output.contains("* σ₁ after projection"))
    let json = try directory.run(["diff", "--json", "a/report.json", "c/report.json"])
    let object = try #require(
      JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
    #expect((object["flagged"] as? Int ?? 0) > 0)
  }

  @Test func `a report compares itself with a baseline, and a gate can look at that`() throws {
    let directory = try Workdir()
    try report(directory, [], to: "a")
    let outcome = try directory.run([
      "--dataset", "demo", "--no-figures", "--only", "spectrum,swd", "--output", "b",
      "--strength", "0.5", "--baseline", "a/report.json", "--fail-on", "differences.flagged>0",
    ])
    #expect(outcome.status == 1, "\(outcome.transcript)")
    #expect(outcome.output.contains("against the baseline"))
    let page = String(decoding: try directory.contents("b/report.html"), as: UTF8.self)
    #expect(page.contains("Against the baseline"))
  }

  @Test(
    arguments: [
      ("missing.json", 66, "cannot be read"), ("other.json", 65, "is no report.json"),
      ("old.json", 65, "has the schema redundancy-report-0"),
    ])
  func `refuses`(file: String, status: Int32, words: String) throws {
    let directory = try Workdir()
    try directory.write(Data("{\"rows\": 1}".utf8), to: "other.json")
    try directory.write(Data("{\"schema\": \"redundancy-report-0\"}".utf8), to: "old.json")
    for arguments in [
      ["diff", file, file], ["--dataset", "demo", "--no-figures", "--baseline", file],
    ] {
      let outcome = try directory.run(arguments)
      #expect(outcome.status == status, "\(outcome.transcript)")
      #expect(outcome.errors.contains(words) && outcome.errors.contains(file))
      #expect(outcome.errors.split(separator: "\n").count == 1)
    }
  }

  @Test func `a baseline run needs a checkpoint`() throws {
    let outcome = try Workdir().run(["--dataset", "demo", "--baseline", "runs/demo"])
    #expect(outcome.status == 64)
    #expect(outcome.errors.contains("--baseline takes an earlier report.json"))
  }
}
