import Datasets
import Foundation
import Testing

/// Trained models through the real binary.
@Suite("Report of a checkpoint")
struct CheckpointTests {
  func report(_ directory: Workdir, _ arguments: [String]) throws -> [String: Any] {
    let outcome = try directory.run(
      ["--no-figures", "--only", "spectrum,swd", "--output", "out"] + arguments)
    #expect(outcome.status == 0, "\(outcome.transcript)")
    return try directory.report("out")
  }

  @Test func `shows the model's own projection, its epoch and metrics`() throws {
    let directory = try Workdir()
    try RunFolder().writeCheckpoint("runs/a", in: directory)
    let outcome = try directory.run([
      "--checkpoint", "runs/a", "--output", "out", "--perplexity", "10",
    ])
    #expect(outcome.status == 0, "\(outcome.transcript)")
    let report = try directory.report("out")
    let parameters = report["parameters"] as? [String: Any]
    #expect(parameters?["rank"] as? Int == 2 && parameters?["strength"] as? Double == 0.5)
    let checkpoint = report["checkpoint"] as? [String: Any]
    #expect(checkpoint?["isOwnProjection"] as? Bool == true)
    #expect((checkpoint?["drift"] as? [[String: Any]])?.count == 2)
    let page = String(decoding: try directory.contents("out/report.html"), as: UTF8.self)
    for text in ["clear on tiny", "the model itself applied", "998", "0.375", "recall@20"] {
      #expect(page.contains(text), "\(text)")
    }
    for figure in ["figure-5", "figure-6"] {
      #expect(directory.exists("out/figures/\(figure).png"))
    }
  }

  @Test func `fits another projection when asked to, and one where the model has none`() throws {
    let directory = try Workdir()
    try RunFolder().writeCheckpoint("a", in: directory)
    let changed = try report(directory, ["--checkpoint", "a/best.safetensors", "--rank", "3"])
    let parameters = changed["parameters"] as? [String: Any]
    #expect(parameters?["rank"] as? Int == 3 && parameters?["strength"] as? Double == 0.5)
    #expect((changed["checkpoint"] as? [String: Any])?["isOwnProjection"] as? Bool == false)

    try RunFolder(projection: nil).writeCheckpoint("b", in: directory)
    let plain = try report(directory, ["--checkpoint", "b"])
    let defaults = plain["parameters"] as? [String: Any]
    #expect(defaults?["rank"] as? Int == 8 && defaults?["strength"] as? Double == 0.9)
    let page = String(decoding: try directory.contents("out/report.html"), as: UTF8.self)
    #expect(page.contains("trained without projection"))
  }

  @Test func `files its report under the name of the run`() throws {
    let directory = try Workdir()
    try RunFolder().writeCheckpoint("runs/clear-tiny-998", in: directory)
    for path in ["runs/clear-tiny-998", "runs/clear-tiny-998/best.safetensors"] {
      let outcome = try directory.run([
        "--checkpoint", path, "--no-figures", "--only", "spectrum",
      ])
      #expect(outcome.output.hasSuffix("report/clear-tiny-998/report.html\n"))
    }
  }

  @Test func `takes classes and interactions from the data set`() throws {
    let directory = try Workdir()
    try RunFolder(dataset: "demo", items: 2000).writeCheckpoint("a", in: directory)
    let outcome = try directory.run([
      "--checkpoint", "a", "--dataset", "demo", "--no-figures", "--only", "fisher", "--output",
      "out",
    ])
    #expect(outcome.status == 0, "\(outcome.transcript)")
    let fisher = try directory.report("out")["fisher"] as? [[String: Any]]
    #expect((fisher?[0]["classDescription"] as? String)?.contains("cluster") == false)
    let other = try directory.run([
      "--checkpoint", "a", "--dataset", "synthetic-baby", "--no-figures", "--output", "other",
    ])
    #expect(other.status == 65, "\(other.transcript)")
    #expect(other.errors.contains("2000") && other.errors.contains("7050"))
  }

  @Test func `compares with the run without projection`() throws {
    let directory = try Workdir()
    try RunFolder().writeCheckpoint("a", in: directory)
    try RunFolder(seed: 40, projection: nil).writeCheckpoint("b", in: directory)
    let outcome = try directory.run([
      "--checkpoint", "a", "--baseline", "b", "--only", "spectrum", "--output", "out",
    ])
    #expect(outcome.status == 0, "\(outcome.transcript)")
    #expect(directory.exists("out/figures/figure-5-baseline.png"))
    let report = try directory.report("out")
    let baseline = report["baseline"] as? [String: Any]
    let before = baseline?["before"] as? [String: Any]
    #expect((before?["normalizedValues"] as? [Double])?.count == 8)
    let digests = (report["provenance"] as? [String: Any])?["digests"] as? [String: String]
    #expect(digests?.keys.sorted() == ["baseline best.safetensors", "best.safetensors"])
  }

  static let others: [(RunFolder, String)] = [
    (RunFolder(dataset: "other", projection: nil), "other"),
    (RunFolder(projection: nil, digest: "11"), "digests"),
    (RunFolder(items: 121, projection: nil), "121"),
    (RunFolder(), "without"),
  ]

  @Test(arguments: others.indices)
  func `refuses a baseline of another kind`(index: Int) throws {
    let directory = try Workdir()
    let (folder, word) = Self.others[index]
    try RunFolder().writeCheckpoint("a", in: directory)
    try folder.writeCheckpoint("b", in: directory)
    try expectRefusal(directory, ["--checkpoint", "a", "--baseline", "b"], 65, naming: [word])
  }

  func expectRefusal(
    _ directory: Workdir, _ arguments: [String], _ status: Int32, naming words: [String],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let outcome = try directory.run(arguments + ["--no-figures", "--output", "out"])
    #expect(outcome.status == status, "\(outcome.transcript)", sourceLocation: sourceLocation)
    for word in words {
      #expect(
        outcome.errors.contains(word), "\(word) in \(outcome.transcript)",
        sourceLocation: sourceLocation)
    }
    #expect(
      outcome.errors.split(separator: "\n").count == 1, "\(outcome.transcript)",
      sourceLocation: sourceLocation)
    #expect(!directory.exists("out/report.json"), sourceLocation: sourceLocation)
  }

  @Test func `refuses what is no checkpoint`() throws {
    let directory = try Workdir()
    try SafetensorsFile.write(
      ["a": RunFolder().embeddings[0]], to: directory.path("other.safetensors"))
    try directory.write("model: clear\n", to: "text.yaml")
    let long = withUnsafeBytes(of: UInt64.max.littleEndian) { Data($0) }
    try long.write(to: directory.url.appendingPathComponent("long.safetensors"))
    for file in ["other.safetensors", "text.yaml", "long.safetensors"] {
      try expectRefusal(directory, ["--checkpoint", file], 65, naming: [file])
    }
    try expectRefusal(directory, ["--checkpoint", "none"], 66, naming: ["none"])
    try FileManager.default.createDirectory(
      atPath: directory.path("empty"), withIntermediateDirectories: true)
    try expectRefusal(directory, ["--checkpoint", "empty"], 66, naming: ["empty/best.safetensors"])
  }

  @Test func `refuses a checkpoint cut anywhere`() throws {
    let directory = try Workdir()
    try RunFolder().writeCheckpoint("a", in: directory)
    let whole = try directory.contents("a/best.safetensors")
    for length in [0, 7, 8, 200, whole.count / 2, whole.count - 1] {
      try whole.prefix(length).write(
        to: directory.url.appendingPathComponent("a/best.safetensors"))
      try expectRefusal(directory, ["--checkpoint", "a"], 65, naming: ["best.safetensors"])
    }
  }

  @Test func `says when a model has no modality embeddings`() throws {
    let directory = try Workdir()
    try RunFolder(model: "mf-bpr", projection: nil, modalities: []).writeCheckpoint(
      "a", in: directory)
    try expectRefusal(
      directory, ["--checkpoint", "a"], 65,
      naming: ["mf-bpr has no modality embeddings to diagnose"])
  }

  @Test(arguments: [
    ["--baseline", "a"], ["--dataset", "demo", "--baseline", "a"],
    ["--checkpoint", "a", "--features", "x.npy", "y.npy"],
    ["--checkpoint", "a", "--labels", "labels.npy"],
    ["--checkpoint", "a", "--baseline", "b", "--only", "overlap"],
  ])
  func `answers wrong usage with 64`(arguments: [String]) throws {
    let directory = try Workdir()
    let outcome = try directory.run(arguments)
    #expect(outcome.status == 64, "\(outcome.transcript)")
  }

  @Test func `can be projected like any data set`() throws {
    let directory = try Workdir()
    try RunFolder().writeCheckpoint("a", in: directory)
    let outcome = try directory.run([
      "project", "--checkpoint", "a", "--rank", "2", "--output", "p",
    ])
    #expect(outcome.status == 0, "\(outcome.transcript)")
    #expect(directory.exists("p/image_feat.npy") && directory.exists("p/text_feat.npy"))
  }
}
