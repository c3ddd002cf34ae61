import Datasets
import Foundation
import Testing
import Training

/// Recommendations through the real binary.
@Suite("Recommend command")
struct RecommendCommandTests {
  /// The rows of the table: user, rank, item and score.
  func rows(_ text: String) throws -> [(user: Int, rank: Int, item: Int, score: Float)] {
    let lines = text.split(separator: "\n")
    #expect(lines.first == "user\trank\titem\tscore")
    return try lines.dropFirst().map { line in
      let cells = line.split(separator: "\t")
      #expect(cells.count == 4)
      return (
        try #require(Int(cells[0])), try #require(Int(cells[1])), try #require(Int(cells[2])),
        try #require(Float(cells[3]))
      )
    }
  }

  @Test func `lists the items that the evaluation ranks highest`() throws {
    let directory = try Workdir()
    try FinishedRun.shared.get().place("run", in: directory)
    let outcome = try directory.succeed(["recommend", "run", "--users", "17,3", "--top", "5"])
    let model = try RestoredModel(at: directory.path("run/best.safetensors")) { _ in
      DemoWorld.make(seed: 999)
    }
    var expected: [String] = ["user\trank\titem\tscore"]
    try model.recommend(to: [17, 3], count: 5) { user, items in
      for (place, item) in items.enumerated() {
        expected.append("\(user)\t\(place + 1)\t\(item.item)\t\(item.score)")
      }
    }
    #expect(outcome.output == expected.joined(separator: "\n") + "\n")
    for row in try rows(outcome.output) {
      #expect(!model.data.itemsByUser.contains(Int32(row.item), in: row.user))
    }
  }

  @Test func `lists all users, best items first, in a file as on standard output`() throws {
    let directory = try Workdir()
    try FinishedRun.shared.get().place("run", in: directory)
    let printed = try directory.succeed(["recommend", "run", "--top", "3"]).output
    let silent = try directory.succeed([
      "recommend", "run", "--users", "all", "--top", "3", "--output", "list.tsv",
    ])
    #expect(silent.output.isEmpty)
    #expect(try directory.contents("list.tsv") == Data(printed.utf8))
    let rows = try rows(printed)
    #expect(rows.map(\.user) == (0..<800).flatMap { [$0, $0, $0] })
    #expect(rows.map(\.rank) == (0..<800).flatMap { _ in [1, 2, 3] })
    for (better, worse) in zip(rows, rows.dropFirst()) where better.user == worse.user {
      #expect(better.score >= worse.score)
    }
  }

  @Test func `takes users from a file`() throws {
    let directory = try Workdir()
    try FinishedRun.shared.get().place("run", in: directory)
    try directory.write("4\r\n799\n", to: "users.txt")
    let fromFile = try directory.succeed(["recommend", "run", "--users-file", "users.txt"])
    let listed = try directory.succeed(["recommend", "run", "--users", "4,799"])
    #expect(fromFile.output == listed.output)
    #expect(try rows(listed.output).count == 40)
  }
}
