import Foundation
import Testing
import Training

/// Training through the real binary.
@Suite("Train command")
struct TrainCommandTests {
  @Test func `writes a run that its configuration repeats`() throws {
    let directory = try Workdir()
    let outcome = try directory.succeed([
      "train", "--model", "vbpr", "--dataset", "demo", "--set", "epochs=2", "--modalities",
      "text,image",
    ])
    #expect(outcome.output.hasSuffix("\nruns/vbpr-demo-999\n"), "\(outcome.transcript)")
    #expect(
      try directory.files(in: "runs/vbpr-demo-999") == [
        ".clear-trainer.lock", "best.safetensors", "config.yaml", "last.safetensors", "log.txt",
        "metrics.jsonl", "result.json", "users.tsv",
      ])
    let first = outcome.errors.split(separator: "\n").first ?? ""
    for words in ["vbpr on demo (text, image)", "800 users", "2000 items", "parameters"] {
      #expect(first.contains(words), "\(outcome.transcript)")
    }
    let config = "runs/vbpr-demo-999/config.yaml"
    #expect(
      String(decoding: try directory.contents(config), as: UTF8.self)
        .contains("\nmodalities: [text, image]\n"))
    try directory.succeed(["train", "--config", config, "--output", "again"])
    #expect(
      try RunContents("again", in: directory) == RunContents("runs/vbpr-demo-999", in: directory))
  }

  @Test func `does not depend on the number of threads`() throws {
    let directory = try Workdir()
    for threads in ["1", "3"] {
      try directory.succeed(
        FinishedRun.arguments + ["--threads", threads, "--output", "with-\(threads)"])
    }
    let reference = try FinishedRun.shared.get().contents
    #expect(try RunContents("with-1", in: directory) == reference)
    #expect(try RunContents("with-3", in: directory) == reference)
  }

  @Test func `leaves a run alone unless it is told to replace it`() throws {
    let directory = try Workdir()
    let run = try FinishedRun.shared.get()
    try run.place("run", in: directory)
    let arguments = [
      "train", "--model", "mf-bpr", "--dataset", "demo", "--set", "epochs=1", "--output", "run",
    ]
    try directory.refuse(arguments, status: 64, naming: ["run holds a run", "--force"])
    for (file, data) in run.files { #expect(try directory.contents("run/\(file)") == data) }
    try directory.succeed(arguments + ["--force"])
    #expect(try directory.json("run/result.json")["model"] as? String == "mf-bpr")
  }

  @Test func `never replaces what is no run`() throws {
    let directory = try Workdir()
    try directory.write("thesis", to: "work/thesis.tex")
    try directory.refuse(
      ["train", "--model", "mf-bpr", "--dataset", "demo", "--force", "--output", "work"],
      status: 64, naming: ["work", "left alone"])
    #expect(try directory.files(in: "work") == ["thesis.tex"])
  }

  @Test func `trains on features with rows of zeros`() throws {
    let directory = try Workdir()
    try directory.writeTinyData { features in
      for item in [0, 7, 39] {
        for column in 0..<9 { features["image"]?[item, column] = 0 }
      }
    }
    for model in ["clear", "freedom"] {
      try directory.succeed([
        "train", "--model", model, "--dataset", "tiny", "--set", "epochs=2", "--output", model,
      ])
    }
  }

  @Test func `ends with the last good checkpoint when training diverges`() throws {
    let directory = try Workdir()
    let arguments = [
      "train", "--model", "mf-bpr", "--dataset", "demo", "--set", "epochs=5", "--output", "run",
      // The rate of epoch e is 10⁻³·10³⁰ᵉ.
      "--set", "learning_rate_scheduler=[1e30,1]",
    ]
    try directory.refuse(arguments, status: 70, naming: ["diverged", "epoch 2, step", "rate"])
    let history = try RunFolder(at: directory.path("run")).history()
    #expect(history.records.map(\.epoch) == [1] && !directory.exists("run/result.json"))
    let evaluated = try directory.succeed(["evaluate", "run/last.safetensors"])
    #expect(evaluated.output.contains("epoch 1, as in training"), "\(evaluated.transcript)")
    try directory.refuse(["resume", "run"], status: 70, naming: ["diverged", "epoch 2"])
  }

  @Test func `says at which epoch embeddings cease to be finite`() throws {
    let directory = try Workdir()
    try directory.refuse(
      FinishedRun.arguments + ["--set", "learning_rate=1e30", "--output", "run"], status: 70,
      naming: ["diverged", "epoch 1"])
  }
}
