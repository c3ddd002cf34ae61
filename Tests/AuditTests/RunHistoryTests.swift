import Audit
import Datasets
import Foundation
import Testing

@Suite("Run history")
struct RunHistoryTests {
  @Test func `has the settings in their order and the epochs`() throws {
    let world = try RunWorld()
    let run = try world.run(
      "clear-tiny-999",
      config: "# a comment\nmodel: clear\nmetrics: [Recall, NDCG]\nnested:\n  a: 1\nseed: 007\n",
      metrics: RunWorld.line(1) + RunWorld.line(2) + RunWorld.line(3, improved: false))
    #expect(run.name == "clear-tiny-999")
    #expect(run.settings.map(\.key) == ["model", "metrics", "nested", "seed"])
    #expect(run.settings.map(\.value) == ["clear", "[Recall, NDCG]", "…", "007"])
    #expect(run.epochs.map(\.epoch) == [1, 2, 3])
    #expect(run.best.epoch == 2)
    #expect(run.best.redundancy?.singularValuesBefore == [4, 2, 1, 0.5])
    #expect(!run.isTruncated && run.digests.count == 2)
  }

  @Test func `is read up to a last line that breaks off, wherever it does`() throws {
    let world = try RunWorld()
    let last = RunWorld.line(2)
    for length in [1, 20, last.utf8.count / 2, last.utf8.count - 2] {
      let run = try world.run("run", metrics: RunWorld.line(1) + last.prefix(length))
      #expect(run.epochs.map(\.epoch) == [1] && run.isTruncated)
    }
    let whole = try world.run("run", metrics: RunWorld.line(1) + last.dropLast())
    #expect(whole.epochs.map(\.epoch) == [1, 2] && !whole.isTruncated)
  }

  @Test func `may lack metrics and modality embeddings`() throws {
    let world = try RunWorld()
    let run = try world.run("run", metrics: #"{"epoch":1,"improved":false}"# + "\n")
    #expect(run.best.redundancy == nil && run.best.valid == nil)
  }

  static let bad: [(text: String, line: Int, reason: String)] = [
    ("\n" + RunWorld.line(1), 1, "not the JSON of an epoch"), ("[]\n", 1, "not a JSON object"),
    (RunWorld.line(1) + "{\"epoch\":2\n" + RunWorld.line(3), 2, "not the JSON of an epoch"),
    ("{\"improved\":true}\n", 1, "\"epoch\" is missing"),
    ("{\"epoch\":1.5,\"improved\":true}\n", 1, "not the JSON of an epoch"),
    ("{\"epoch\":1,\"improved\":true,\"valid\":{\"a\":\"b\"}}\n", 1, "\"valid.a\""),
    ("{\"epoch\":1,\"improved\":true,\"valid\":{\"a\":1e999}}\n", 1, "not"),
    (RunWorld.line(2) + RunWorld.line(2), 2, "epoch 2 follows epoch 2"),
    (RunWorld.line(1, rank: 0), 1, "the rank 0 is below 1"),
    (RunWorld.line(1, values: [1, 2, 3]), 1, "descending"),
    (RunWorld.line(1, values: [1, 0, -3]), 1, "below zero"),
    (RunWorld.line(1, strength: 1.5), 1, "the strength 1.5"),
    (String(repeating: "[", count: 100_000) + "\n", 1, "not the JSON of an epoch"),
  ]

  @Test(arguments: bad.indices)
  func `names the file and line of a record that is none`(index: Int) throws {
    let world = try RunWorld()
    let (text, line, reason) = Self.bad[index]
    #expect {
      try world.run("run", metrics: text)
    } throws: { error in
      guard case .line(let path, line, _)? = error as? RunHistoryError else { return false }
      return path.hasSuffix("run/metrics.jsonl") && "\(error)".contains(reason)
    }
  }

  @Test func `needs an epoch, a folder, and its two files`() throws {
    let world = try RunWorld()
    for text in ["", "{\"epoch\":1,\"impr"] {
      #expect(throws: RunHistoryError.noEpochs(path: world.path("run/metrics.jsonl"))) {
        try world.run("run", metrics: text)
      }
    }
    #expect(throws: RunHistoryError.noFolder(path: world.path("none"))) {
      try RunHistory(folder: world.path("none"))
    }
    try world.run("run", metrics: RunWorld.line(1))
    #expect(throws: RunHistoryError.notAFolder(path: world.path("run/config.yaml"))) {
      try RunHistory(folder: world.path("run/config.yaml"))
    }
    for file in ["config.yaml", "metrics.jsonl"] {
      try FileManager.default.removeItem(atPath: world.path("run/\(file)"))
      #expect(throws: DatasetError.fileNotFound(path: world.path("run/\(file)"))) {
        try RunHistory(folder: world.path("run"))
      }
      try world.run("run", metrics: RunWorld.line(1))
    }
  }

  @Test(arguments: [
    "a: [1\nb: 2\n", "- a\n- b\n", "text", "", "a: 1\na: 2\n", "a: \u{1}\n",
    String(repeating: "[", count: 100_000),
  ])
  func `says what is wrong with a configuration`(config: String) throws {
    let world = try RunWorld()
    #expect {
      try world.run("run", config: config, metrics: RunWorld.line(1))
    } throws: { error in
      guard case .config(let path, _, let reason)? = error as? RunHistoryError else { return false }
      return path.hasSuffix("run/config.yaml") && !reason.isEmpty && !reason.contains("\n")
    }
  }
}
