import Foundation
import Testing

/// Every way in which an interaction file can be wrong, through the real binary.
@Suite("Bad interaction files")
struct BadInteractionsTests {
  static let header = "userID\titemID\trating\ttimestamp\tx_label\n"

  /// Forty sound rows over sixty items, all three splits present.
  static func rows(_ count: Int = 40) -> [String] {
    (0..<count).map { "\($0 % 8)\t\($0)\t1.0\t0\t\($0 % 5 == 3 ? 1 : $0 % 5 == 4 ? 2 : 0)" }
  }

  static func file(_ change: (inout [String]) -> Void) -> String {
    var rows = rows()
    change(&rows)
    return header + rows.map { $0 + "\n" }.joined()
  }

  static let cases: [(name: String, text: String, words: [String])] = [
    ("missing column", "userID\titemID\trating\n1\t2\t1.0\n", ["x_label"]),
    ("not a number", file { $0[3] = "3\tabc\t1.0\t0\t0" }, ["line 5", "itemID"]),
    ("negative id", file { $0[3] = "-3\t3\t1.0\t0\t0" }, ["line 5", "userID"]),
    ("item out of range", file { $0[3] = "3\t60\t1.0\t0\t0" }, ["60"]),
    ("huge id", file { $0[3] = "3\t99999999999999999999\t1.0\t0\t0" }, ["line 5", "itemID"]),
    ("duplicate pair", file { $0[9] = $0[8] }, ["line 11", "line 10"]),
    ("CRLF", header.replacingOccurrences(of: "\n", with: "\r\n")
      + rows().map { $0 + "\r\n" }.joined(), ["CRLF"]),
    ("empty split", file { $0.removeAll { $0.hasSuffix("\t1") } }, ["validation"]),
    ("unknown split", file { $0[3] = "3\t3\t1.0\t0\ttest" }, ["line 5", "x_label"]),
    ("short row", file { $0[3] = "3\t3" }, ["line 5"]),
    ("no rows", header, ["no interactions"]),
    ("empty file", "", ["world.inter"]),
  ]

  @Test(arguments: cases.map(\.name))
  func `is refused with its line and column`(name: String) throws {
    let world = try #require(Self.cases.first { $0.name == name })
    let directory = try Workdir()
    try directory.write(world.text, to: "data/world/world.inter")
    for (file, salt) in [("image_feat.npy", 1), ("text_feat.npy", 2)] as [(String, UInt64)] {
      try npyBytes(rows: arbitraryRows(60, 12, salt: salt)).write(
        to: directory.url.appendingPathComponent("data/world/\(file)"))
    }
    let outcome = try directory.run([
      "--dataset", "world", "--no-figures", "--output", "out", "--only", "overlap",
    ])
    #expect(outcome.status == 65, "\(outcome.transcript)")
    #expect(outcome.errors.contains("world.inter"), "\(outcome.transcript)")
    for word in world.words {
      #expect(outcome.errors.contains(word), "\(word) in \(outcome.transcript)")
    }
    #expect(!directory.exists("out/report.json"))
  }

  @Test func `is accepted when sound`() throws {
    let directory = try Workdir()
    try directory.write(Self.file { _ in }, to: "data/world/world.inter")
    for (file, salt) in [("image_feat.npy", 1), ("text_feat.npy", 2)] as [(String, UInt64)] {
      try npyBytes(rows: arbitraryRows(60, 12, salt: salt)).write(
        to: directory.url.appendingPathComponent("data/world/\(file)"))
    }
    let outcome = try directory.run([
      "--dataset", "world", "--no-figures", "--output", "out", "--only", "overlap",
    ])
    #expect(outcome.status == 0, "\(outcome.transcript)")
    let dataset = try directory.report("out")["dataset"] as? [String: Any]
    #expect(dataset?["interactions"] as? Int == 40)
    #expect(dataset?["users"] as? Int == 8)
  }
}
