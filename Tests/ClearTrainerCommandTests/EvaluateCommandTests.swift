import Foundation
import Recommenders
import Testing
import Training

/// Evaluation through the real binary.
@Suite("Evaluate command")
struct EvaluateCommandTests {
  static let models =
    ModelCatalog.all.map(\.name) + [
      "vbpr --clear rank=2,scope=first", "clear --clear off",
      "clear --clear rank=2,interval=5 --set project_centred=true",
      "clear --set stale_scoring=true", "freedom --clear rank=3,directions=random",
      "sand --set distancing=negative_l2",
    ]

  @Test(arguments: models)
  func `measures what training measured`(model: String) throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    try directory.succeed(
      ["train", "--dataset", "tiny", "--set", "epochs=3", "--output", "run", "--model"]
        + model.split(separator: " ").map(String.init))
    for checkpoint in ["run", "run/last.safetensors"] {
      let outcome = try directory.succeed(["evaluate", checkpoint, "--json"])
      let report = try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
      #expect(report.equalsStored == true, "\(outcome.transcript)")
      #expect(outcome.errors.isEmpty, "\(outcome.transcript)")
      let record = try RunFolder(at: directory.path("run")).history().records[report.epoch - 1]
      #expect(report.valid == record.valid && report.test == record.test)
    }
  }

  struct Report: Decodable {
    let model: String
    let epoch: Int
    let ndcg: String
    let valid: [String: Double]
    let test: [String: Double]
    let equalsStored: Bool?
  }

  func report(_ arguments: [String], in directory: Workdir) throws -> Report {
    let outcome = try directory.succeed(["evaluate"] + arguments + ["--json"])
    return try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8))
  }

  @Test func `can normalise NDCG as LATTICE does`() throws {
    let directory = try Workdir()
    try FinishedRun.shared.get().place("run", in: directory)
    let ideal = try report(["run"], in: directory)
    let hits = try report(["run", "--ndcg", "hits"], in: directory)
    #expect(hits.equalsStored == true && hits.ndcg == "hits" && ideal.ndcg == "ideal")
    for (key, value) in ideal.test where !key.hasPrefix("ndcg") { #expect(hits.test[key] == value) }
    #expect(try #require(hits.test["ndcg@50"]) > #require(ideal.test["ndcg@50"]))
  }

  @Test func `prints a table`() throws {
    let directory = try Workdir()
    try FinishedRun.shared.get().place("run", in: directory)
    let outcome = try directory.succeed(["evaluate", "run"])
    let lines = outcome.output.split(separator: "\n")
    #expect(lines.count == 2 + 16)
    #expect(lines[0].hasPrefix("clear on demo, seed 999, epoch ") && lines[0].contains("as in"))
    let value = try #require(try report(["run"], in: directory).test["recall@20"])
    let expected = String(format: "%.4f", value)
    #expect(
      lines.contains { $0.hasPrefix("recall@20 ") && $0.hasSuffix(" \(expected)") },
      "\(outcome.transcript)")
  }

  @Test func `says where the metrics differ from those of training`() throws {
    let directory = try Workdir()
    let changed = try CheckpointBytes(FinishedRun.shared.get().files["best.safetensors"])
      .changing { $0["metrics"] = #"{"valid":{"recall@20":0.5},"test":{"recall@20":0.5}}"# }
    try directory.write(changed, to: "best.safetensors")
    let outcome = try directory.succeed(["evaluate", "best.safetensors"])
    #expect(outcome.errors.contains("differ") && outcome.errors.contains("recall@20"))
    #expect(!outcome.output.contains("as in training"))
    #expect(try report(["best.safetensors"], in: directory).equalsStored == false)
  }
}
