import CommandTestSupport
import Foundation
import LinearAlgebra
import Testing
import Training

/// Every kind of bad input through the real binary: one sentence, the documented exit code, and
/// nothing lost.
@Suite("Bad input to the trainer")
struct BadInputTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let arguments: String
    let status: Int32
    let words: [String]
    var testDescription: String { arguments }

    init(_ arguments: String, _ status: Int32, _ words: [String]) {
      self.arguments = arguments
      self.status = status
      self.words = words
    }
  }

  static let trainings = [
    Case("--model cleer --dataset tiny", 64, ["cleer", "nearest is clear"]),
    Case("--model clear --dataset tiny --set reg_weigth=1", 64, ["reg_weigth", "reg_weight"]),
    Case("--model clear --dataset tiny --set learning_rate=fast", 64, ["learning_rate", "fast"]),
    Case("--model clear --dataset tiny --set fuse=jion", 64, ["fuse", "nearest is join"]),
    Case("--model mf-bpr --dataset tiny --clear rank=4", 64, ["mf-bpr", "projection"]),
    Case("--model clear --dataset tiny --clear rank=65", 65, ["65", "64 wide"]),
    Case("--model clear --dataset tiny --clear rang=4", 64, ["rang", "rank"]),
    Case("--model clear --dataset tiny --set reg_weight=[1,2]", 64, ["reg_weight", "sweep"]),
    Case("--model clear --dataset tiny --modalities image,smell", 65, ["smell", "image, text"]),
    Case("--model clear --dataset tiny --modalities image", 65, ["image", "two"]),
    Case("--model clear --dataset tiny --set modalities=[]", 64, ["modalities", "a list of names"]),
    Case("--model clear --dataset tiny --config none.yaml", 66, ["none.yaml"]),
    Case("--model clear --dataset tiny --config bad.yaml", 65, ["bad.yaml, line 2"]),
    Case("--model clear --dataset ../tiny", 65, ["../tiny"]),
    Case("--model clear", 64, ["--dataset"]),
    Case("--dataset tiny", 64, ["--model"]),
    Case("--model clear --dataset tiny --set valid_metric=Recall@7", 64, ["Recall@7", "topk"]),
  ]

  @Test(arguments: trainings)
  func `is refused before a run begins`(example: Case) throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    try directory.write("epochs: 3\nepocks: 4\n", to: "bad.yaml")
    try directory.refuse(
      ["train", "--output", "run"] + example.arguments.split(separator: " ").map(String.init),
      status: example.status, naming: example.words)
    #expect(!directory.exists("run"))
  }

  @Test func `in huge numbers is survived`() throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    let settings = ["train_batch_size", "eval_batch_size", "stopping_step", "eval_step"].flatMap {
      ["--set", "\($0)=\(Int.max)"]
    }
    try directory.succeed(
      ["train", "--model", "clear", "--dataset", "tiny", "--set", "epochs=2", "--output", "run"]
        + settings)
  }

  @Test func `in the features names file and row`() throws {
    let directory = try Workdir()
    try directory.writeTinyData { $0["text"]?[17, 3] = .nan }
    try directory.refuse(
      ["train", "--model", "clear", "--dataset", "tiny", "--output", "run"], status: 65,
      naming: ["text_feat.npy", "row 17", "column 3"])
    #expect(!directory.exists("run"))
  }

  @Test func `lacking a modality says which there are`() throws {
    let directory = try Workdir()
    try directory.writeTinyData { $0["text"] = nil }
    try directory.refuse(
      ["train", "--model", "clear", "--dataset", "tiny", "--output", "run"], status: 65,
      naming: ["tiny", "image", "two are needed"])
  }

  @Test func `without interactions says which file is missing`() throws {
    let directory = try Workdir()
    try directory.writeTinyData()
    try FileManager.default.removeItem(atPath: directory.path("data/tiny/tiny.inter"))
    try directory.refuse(
      ["train", "--model", "clear", "--dataset", "tiny", "--output", "run"], status: 65,
      naming: ["tiny.inter"])
  }

  static let runs = [
    Case("resume nowhere", 66, ["nowhere", "no run folder"]),
    Case("resume empty", 66, ["empty", "config.yaml"]),
    Case("resume spoiled", 65, ["spoiled/config.yaml, line 2", "key: value"]),
    Case("evaluate nowhere.safetensors", 66, ["nowhere.safetensors"]),
    Case("evaluate spoiled", 66, ["spoiled", "best.safetensors"]),
    Case("evaluate empty", 66, ["empty", "config.yaml"]),
    Case("evaluate spoiled/config.yaml", 65, ["spoiled/config.yaml"]),
    Case("recommend run --users 3,800", 64, ["user 800", "0 to 799"]),
    Case("recommend run --users=-1", 64, ["user -1"]),
    Case("recommend run --users-file none.txt", 66, ["none.txt"]),
    Case("recommend run --users-file users.txt", 65, ["users.txt, line 2"]),
    Case("recommend run --top 2001", 64, ["2001", "2000"]),
    Case("recommend run --output empty", 70, ["empty", "directory"]),
  ]

  @Test(arguments: runs)
  func `about a run is answered in a sentence`(example: Case) throws {
    let directory = try Workdir()
    try FinishedRun.shared.get().place("run", in: directory)
    try directory.write("3\nfour\n", to: "users.txt")
    try directory.write("", to: "empty/log.txt")
    try directory.write("[", to: "spoiled/config.yaml")
    let outcome = try directory.refuse(
      example.arguments.split(separator: " ").map(String.init), status: example.status,
      naming: example.words)
    #expect(outcome.output.isEmpty)
  }

  @Test func `on a full disk is said once`() throws {
    let directory = try Workdir()
    try FinishedRun.shared.get().place("run", in: directory)
    for arguments in [["recommend", "run"], ["evaluate", "run"]] {
      try directory.refuse(
        arguments, status: 70, naming: ["standard output", "No space"], limit: "exec >/dev/full")
    }
    try directory.refuse(
      ["recommend", "run", "--output", "list.tsv"], status: 70, naming: ["list.tsv"],
      limit: "ulimit -f 4")
    #expect(!directory.exists("list.tsv"))
  }
}
