import CommandTestSupport
import Foundation
import Testing
import Training

/// Checkpoints that are damaged, made up or another's, through the real binary.
@Suite("Hostile checkpoints")
struct HostileCheckpointTests {
  @Test func `are refused when they are cut off`() throws {
    let directory = try Workdir()
    let run = try FinishedRun.shared.get()
    try run.place("run", in: directory)
    let whole = try #require(run.files["last.safetensors"])
    for length in [0, 7, 8, 200, whole.count / 2, whole.count - 1] {
      try directory.write(whole.prefix(length), to: "run/last.safetensors")
      for arguments in [["evaluate", "run/last.safetensors"], ["resume", "run"]] {
        try directory.refuse(arguments, status: 65, naming: ["run/last.safetensors"])
      }
    }
    #expect(try directory.contents("run/metrics.jsonl") == run.files["metrics.jsonl"])
  }

  /// A change of the metadata, and what the sentence about it says.
  static let changes: [(key: String, value: String?, words: [String])] = [
    ("format", nil, ["no checkpoint"]), ("format", "clear-checkpoint-9", ["clear-checkpoint-1"]),
    ("model", "vbpr", ["vbpr", "clear"]), ("dataset", "baby", ["baby", "demo"]),
    ("digest", "00", ["other contents", "--data-dir"]), ("epoch", "-1", ["epoch"]),
    ("epoch", "many", ["epoch"]), ("state", "{}", ["state"]),
    ("state", #"{"bestValue":1,"bestEpoch":9,"badEvaluations":9223372036854775807}"#, ["state"]),
    ("modalities", "image", ["modalities"]), ("modalities", "", ["modalities"]),
    ("modalities", "text,image", ["modalities"]), ("modalities", "image,image", ["modalities"]),
    ("modalities", "image,text,smell", ["smell"]), ("rank", "65", ["basis"]),
    ("rank", "0", ["rank"]), ("strength", "2", ["strength"]), ("rank", nil, ["rank"]),
    ("adam.step", "9223372036854775807", ["adam.step"]),
  ]

  @Test(arguments: changes.indices)
  func `are refused for what they say`(index: Int) throws {
    let (key, value, words) = Self.changes[index]
    let directory = try Workdir()
    let run = try FinishedRun.shared.get()
    try run.place("run", in: directory)
    let changed = try CheckpointBytes(run.files["last.safetensors"]).changing { $0[key] = value }
    try directory.write(changed, to: "run/last.safetensors")
    try directory.refuse(
      ["resume", "run"], status: 65, naming: ["run/last.safetensors"] + words)
    #expect(try directory.contents("run/metrics.jsonl") == run.files["metrics.jsonl"])
    #expect(try directory.contents("run/last.safetensors") == changed)
  }

  @Test(arguments: [
    ("clear", "{", "key: value"), ("clear", "model: cleer\ndataset: demo\n", "cleer"),
    ("clear", "model: clear\ndataset: demo\nseed: [1, 2]\n", "2 runs"),
    ("clear", "model: clear\ndataset: demo\nembedding_size: 32\n", "x 32"),
    ("clear", "model: vbpr\ndataset: demo\n", "not vbpr"),
    ("clear", "model: clear\ndataset: demo\nclear: off\nmodalities: [image, smell]\n", "smell"),
  ])
  func `are refused for their configuration`(
    model: String, configuration: String, word: String
  ) throws {
    let directory = try Workdir()
    let changed = try CheckpointBytes(FinishedRun.shared.get().files["best.safetensors"])
      .changing { $0["config"] = configuration }
    try directory.write(changed, to: "best.safetensors")
    try directory.refuse(["evaluate", "best.safetensors"], status: 65, naming: [word])
  }

  @Test func `are refused for tensors that the model does not have`() throws {
    let directory = try Workdir()
    let bytes = try CheckpointBytes(FinishedRun.shared.get().files["best.safetensors"])
    for (name, other, word) in [
      ("parameter/fusion_weight", "parameter/weight", "parameter/fusion_weight"),
      ("parameter/fusion_weight", "buffer/fusion_weight", "parameter/fusion_weight"),
      ("basis/image", "basis/smell", "basis/image"),
      ("features.before/text", "features.before/smell", "features.before/text"),
    ] {
      try directory.write(bytes.renaming(name, to: other), to: "best.safetensors")
      try directory.refuse(
        ["evaluate", "best.safetensors"], status: 65, naming: ["best.safetensors", word])
    }
  }

  @Test func `of another model do not go on in a run`() throws {
    let directory = try Workdir()
    let run = try FinishedRun.shared.get()
    try run.place("run", in: directory)
    try directory.succeed([
      "train", "--model", "vbpr", "--dataset", "demo", "--set", "epochs=1", "--output", "other",
    ])
    try directory.write(directory.contents("other/last.safetensors"), to: "run/last.safetensors")
    try directory.refuse(["resume", "run"], status: 65, naming: ["vbpr", "not clear"])
  }

  @Test func `without the optimizer's state do not go on in a run`() throws {
    let directory = try Workdir()
    let run = try FinishedRun.shared.get()
    try run.place("run", in: directory)
    try directory.write(try #require(run.files["best.safetensors"]), to: "run/last.safetensors")
    try directory.refuse(
      ["resume", "run"], status: 65, naming: ["run/last.safetensors", "the optimizer"])
    #expect(try directory.contents("run/metrics.jsonl") == run.files["metrics.jsonl"])
  }

  @Test func `are refused once the data are others`() throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    try directory.succeed([
      "train", "--model", "clear", "--dataset", "tiny", "--set", "epochs=1", "--output", "run",
    ])
    try directory.writeTinyData { $0["image"]?[3, 3] += 1 }
    for arguments in [["evaluate", "run"], ["recommend", "run"], ["resume", "run"]] {
      try directory.refuse(arguments, status: 65, naming: ["other contents of tiny", "--data-dir"])
    }
  }
}
