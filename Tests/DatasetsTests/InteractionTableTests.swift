import Datasets
import Foundation
import Testing

@Suite("Interaction files")
struct InteractionTableTests {
  static let heading = "userID\titemID\trating\ttimestamp\tx_label\n"
  static let rows = "0\t1\t1.0\t0\t0\n0\t2\t1.0\t0\t1\n1\t0\t1.0\t0\t2\n"

  func problem(_ text: String, featureRows: Int? = nil) throws -> InteractionProblem? {
    let work = try Workdir()
    let path = try work.write(text, to: "x.inter")
    let error = datasetError { _ = try InteractionTable.read(path, featureRows: featureRows) }
    guard case .interactions(path, let problem) = error else { return nil }
    return problem
  }

  @Test(arguments: [
    heading + rows, String((heading + rows).dropLast()),
    "x_label\titemID\tuserID\n0\t1\t0\n1\t2\t0\n2\t0\t1\n",
    "userID\titemID\tx_label\tnote\n0\t1\t0\ta b\n0\t2\t1\t\n1\t0\t2\té\n",
  ])
  func `are read whatever the order of their columns`(text: String) throws {
    let work = try Workdir()
    let table = try InteractionTable.read(work.write(text, to: "x.inter"))
    #expect(table.users == [0, 0, 1] && table.items == [1, 2, 0] && table.splits == [0, 1, 2])
    #expect(table.userCount == 2 && table.itemCount == 3 && table.splitCounts == [1, 1, 1])
    #expect(abs(table.sparsity - 0.5) < 1e-15)
  }

  @Test func `take the number of items from the features`() throws {
    let work = try Workdir()
    let path = try work.write(Self.heading + Self.rows, to: "x.inter")
    #expect(try InteractionTable.read(path, featureRows: 10).itemCount == 10)
    #expect(
      throws: DatasetError.interactions(path: path, .beyondFeatures(line: 3, text: "2", rows: 2))
    ) { try InteractionTable.read(path, featureRows: 2) }
  }

  static let malformed: [(String, InteractionProblem)] = [
    ("", .empty), (heading, .noRows), ("\u{FEFF}" + heading, .byteOrderMark),
    ("userID\titemID\trating\n0\t0\t1\n",
      .missingColumn("x_label", found: ["userID", "itemID", "rating"])),
    ("userID,itemID,x_label\n0,0,0\n",
      .missingColumn("userID", found: ["userID,itemID,x_label"])),
    ("userID\tuserID\titemID\tx_label\n", .repeatedColumn("userID")),
    ("userID\titemID\tx_label\r\n0\t0\t0\r\n", .carriageReturn(line: 1)),
    (heading + "0\t1\t1.0\t0\t0\n0\t2\t1.0\t0\t1\r\n", .carriageReturn(line: 3)),
    (heading + "0\t1\t1.0\t0\n", .fieldCount(line: 2, found: 4, expected: 5)),
    (heading + "0\t1\t1.0\t0\t0\t7\n", .fieldCount(line: 2, found: 6, expected: 5)),
    (heading + "0\t1\t1.0\t0\t0\n\n", .notANumber(line: 3, column: "userID", text: "")),
    (heading + "a\t1\t1.0\t0\t0\n", .notANumber(line: 2, column: "userID", text: "a")),
    (heading + "0\t1.0\t1.0\t0\t0\n", .notANumber(line: 2, column: "itemID", text: "1.0")),
    (heading + "0\t+1\t1.0\t0\t0\n", .notANumber(line: 2, column: "itemID", text: "+1")),
    (heading + "-1\t1\t1.0\t0\t0\n", .negative(line: 2, column: "userID", text: "-1")),
    (heading + "0\t-7\t1.0\t0\t0\n", .negative(line: 2, column: "itemID", text: "-7")),
    (heading + "99999999999999999999\t1\t1.0\t0\t0\n",
      .outOfRange(line: 2, column: "userID", text: "99999999999999999999", limit: 2_147_483_647)),
    (heading + rows + "2000000000\t1\t1.0\t0\t0\n",
      .outOfRange(line: 5, column: "userID", text: "2000000000", limit: 1040)),
    (heading + rows + "0\t50000\t1.0\t0\t0\n",
      .outOfRange(line: 5, column: "itemID", text: "50000", limit: 1040)),
    (heading + "0\t1\t1.0\t0\t\n", .unknownSplit(line: 2, text: "")),
    (heading + "0\t1\t1.0\t0\t-\n", .unknownSplit(line: 2, text: "-")),
    (heading + "0\t1\t1.0\t0\t0.0\n", .unknownSplit(line: 2, text: "0.0")),
    (heading + rows + "0\t2\t1.0\t0\t0\n", .duplicate(line: 5, firstLine: 3, user: 0, item: 2)),
    (heading + "0\t1\t1.0\t0\t0\n0\t2\t1.0\t0\t1\n", .emptySplit(2)),
    (heading + "0\t1\t1.0\t0\t1\n0\t2\t1.0\t0\t2\n", .emptySplit(0)),
  ]

  @Test(arguments: malformed)
  func `that are malformed name line and column`(
    text: String, expected: InteractionProblem
  ) throws {
    #expect(try problem(text) == expected)
  }

  @Test(arguments: ["3", "-1", "00", "17"])
  func `leave out rows of other labels, but count their ids`(label: String) throws {
    let work = try Workdir()
    // The last row repeats a pair, which matters only among rows that are kept.
    let path = try work.write(
      Self.heading + "6\t4\t1.0\t0\t\(label)\n" + Self.rows + "0\t1\t1.0\t0\t\(label)\n",
      to: "x.inter")
    let table = try InteractionTable.read(path)
    #expect(table.users == [0, 0, 1] && table.items == [1, 2, 0] && table.splits == [0, 1, 2])
    #expect(table.userCount == 7 && table.itemCount == 5 && table.ignoredCount == 2)
    #expect(
      throws: DatasetError.interactions(path: path, .beyondFeatures(line: 2, text: "4", rows: 3))
    ) { try InteractionTable.read(path, featureRows: 3) }
  }

  @Test func `whose rows all have other labels have nothing to train on`() throws {
    #expect(try problem(Self.heading + "0\t1\t1.0\t0\t9\n") == .emptySplit(0))
  }

  @Test func `say what was found and what to do`() throws {
    let work = try Workdir()
    let path = try work.write("userID\titemID\tx_label\r\n", to: "x.inter")
    let sentence = datasetError { _ = try InteractionTable.read(path) }?.description
    #expect(sentence == "\(path): line 1 ends in CRLF; convert the file with sed -i 's/\\r$//'")
  }

  @Test func `of three hundred thousand rows are read in a moment`() throws {
    let work = try Workdir()
    var text = Self.heading
    for row in 0..<300_000 { text += "\(row / 8)\t\((row * 7919) % 18_000)\t1.0\t0\t\(row % 3)\n" }
    let path = try work.write(text, to: "x.inter")
    // Time of this thread, which a busy machine does not lengthen.
    let table = try InteractionTable.read(path)
    #expect(table.count == 300_000 && table.users[299_999] == 37_499)
  }
}
