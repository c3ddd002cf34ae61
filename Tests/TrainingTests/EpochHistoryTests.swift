import Datasets
import Foundation
import Testing
import Training

@Suite("Epoch history")
struct EpochHistoryTests {
  func line(_ epoch: Int) -> String {
    """
    {"epoch":\(epoch),"improved":true,"learningRate":0.001,"losses":{"total":40.1},\
    "seconds":{"evaluation":0.2,"projection":0,"redundancy":0,"training":0.8},\
    "test":{"recall@20":0.01},"valid":{"recall@20":0.0123}}
    """
  }

  @Test func `is one object a line, keys sorted, and numbers come back exactly`() throws {
    let folder = try ScratchFolder()
    let recorder = try RunFolder.create(at: folder("a"), configuration: "", force: false)
    let record = epochRecord(1, loss: 0.1 + 0.2, recall: 1e-300)
    try recorder.append(record)
    #expect(try recorder.folder.history().records == [record])
    #expect(
      try folder.text("a/metrics.jsonl") == """
        {"epoch":1,"improved":true,"learningRate":0.001,\
        "losses":{"bpr":40,"total":0.30000000000000004},\
        "seconds":{"evaluation":0.25,"projection":0.004,"redundancy":0.05,"training":0.75},\
        "test":{"recall@20":0.01},"valid":{"recall@20":1e-300}}

        """)
  }

  @Test func `is read from the documented lines`() throws {
    let folder = try ScratchFolder()
    let path = try folder.write("\(line(1))\n\(line(3))\n", to: "metrics.jsonl")
    let history = try EpochHistory(at: path)
    #expect(history.records.map(\.epoch) == [1, 3] && !history.isCutOff)
    #expect(history.records[0].seconds.total == 1)
    #expect(try EpochHistory(at: folder.write("", to: "empty.jsonl")).records.isEmpty)
  }

  @Test func `leaves out a line that breaks off`() throws {
    let folder = try ScratchFolder()
    for end in ["{\"epo", line(2)] {
      let path = try folder.write("\(line(1))\n\(end)", to: "metrics.jsonl")
      let history = try EpochHistory(at: path)
      #expect(history.records.map(\.epoch) == [1] && history.isCutOff)
    }
  }

  @Test(arguments: [
    ("nonsense", "JSON"), ("{}", "\"epoch\""), ("", "JSON"), ("[1]", "at"),
    ("{\"epoch\":\"x\"}", "\"epoch\""), ("{\"epoch\":1e99}", "JSON"),
  ])
  func `names the file and the line that is bad`(bad: String, word: String) throws {
    let folder = try ScratchFolder()
    let path = try folder.write("\(line(1))\n\(bad)\n\(line(3))\n", to: "metrics.jsonl")
    do {
      _ = try EpochHistory(at: path)
      Issue.record("was read")
    } catch {
      guard case .malformed(path, 2, let expected) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(expected.contains(word), "\(expected)")
      #expect(!"\(error)".contains("\n"))
    }
  }

  @Test func `has ascending epochs`() throws {
    let folder = try ScratchFolder()
    for (first, second, bad) in [(1, 1, 2), (2, 1, 2), (0, 1, 1), (-1, 1, 1)] {
      let path = try folder.write("\(line(first))\n\(line(second))\n", to: "metrics.jsonl")
      do {
        _ = try EpochHistory(at: path)
        Issue.record("was read")
      } catch {
        guard case .malformed(path, bad, _) = error else {
          Issue.record("\(error)")
          continue
        }
      }
    }
  }

  @Test(arguments: ["", "{\"epo", "nonsense\n\u{0}"])
  func `is cut behind the epoch that a run goes on from, whatever follows`(end: String) throws {
    let folder = try ScratchFolder()
    try folder.write("", to: "a/config.yaml")
    let lines = (1...3).map { line($0) + "\n" }.joined()
    for epoch in 0...3 {
      try folder.write(lines + end, to: "a/metrics.jsonl")
      try RunFolder.resume(at: folder("a")).rewind(to: epoch)
      let kept = (0..<epoch).map { line($0 + 1) + "\n" }.joined()
      #expect(try folder.text("a/metrics.jsonl") == kept)
    }
  }

  @Test func `is not cut where the epoch has no line`() throws {
    let folder = try ScratchFolder()
    try folder.write("", to: "a/config.yaml")
    for (text, last) in [("", nil), ("\(line(2))\n", 2), ("\(line(2))\n\(line(4))\n", 4)] {
      try folder.write(text, to: "a/metrics.jsonl")
      let recorder = try RunFolder.resume(at: folder("a"))
      #expect(
        throws: RunFolderError.missingEpoch(path: folder("a/metrics.jsonl"), epoch: 3, last: last)
      ) { try recorder.rewind(to: 3) }
      #expect(try folder.text("a/metrics.jsonl") == text)
    }
  }

  @Test func `takes no number that is not finite`() throws {
    let folder = try ScratchFolder()
    let recorder = try RunFolder.create(at: folder("a"), configuration: "", force: false)
    #expect(throws: RunFolderError.nonFinite(path: folder("a/metrics.jsonl"), epoch: 4)) {
      try recorder.append(epochRecord(4, loss: .nan))
    }
    #expect(try !folder.files(in: "a").contains("metrics.jsonl"))
  }
}

@Suite("User table")
struct UserTableTests {
  @Test func `comes back as it was written`() throws {
    let folder = try ScratchFolder()
    let table = UserTable(
      columns: ["valid.recall@20", "test.ndcg@20"], users: [5, 0, .max],
      values: [[0.1 + 0.2, nil], [nil, 1e-9], [0, 1]])
    let path = try folder.write(table.text, to: "users.tsv")
    #expect(try UserTable(at: path) == table)
    #expect(table.text.hasPrefix("user\tvalid.recall@20\ttest.ndcg@20\n5\t0.30000000000000004\t\n"))
  }

  @Test(arguments: [
    ("", 1), ("item\ta\n", 1), ("user\ta\n1\t0\nx\t0\n", 3), ("user\ta\n-1\t0\n", 2),
    ("user\ta\n1\t0\t0\n", 2), ("user\ta\n1\n", 2), ("user\ta\n1\tnan\n", 2),
    ("user\ta\n1\tx\n", 2), ("user\ta\n1\t0.5", 2), ("user\ta\n\n", 2),
  ])
  func `names the file and the line that is bad`(text: String, line: Int) throws {
    let folder = try ScratchFolder()
    let path = try folder.write(text, to: "users.tsv")
    do {
      _ = try UserTable(at: path)
      Issue.record("was read")
    } catch {
      guard case .malformed(path, line, _) = error else {
        Issue.record("\(error)")
        return
      }
    }
  }
}
