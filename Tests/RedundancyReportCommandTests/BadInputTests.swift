import Foundation
import Testing

/// Every kind of bad input through the real binary: one sentence, the documented exit code, and no
/// report left behind.
@Suite("Bad input")
struct BadInputTests {
  /// Runs a report on two feature files and checks how it is refused.
  func expectRefusal(
    _ first: Data, _ second: Data, status: Int32 = 65, naming words: [String],
    arguments: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let directory = try Workdir()
    try first.write(to: directory.url.appendingPathComponent("a.npy"))
    try second.write(to: directory.url.appendingPathComponent("b.npy"))
    let outcome = try directory.run(
      ["--features", "a.npy", "b.npy", "--no-figures", "--output", "out"] + arguments)
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
    #expect(!directory.exists("out/report.html"), sourceLocation: sourceLocation)
  }

  let good = npyBytes(rows: arbitraryRows(60, 12, salt: 3))

  func spoiled(_ row: Int, _ column: Int, with value: Float) -> Data {
    var rows = arbitraryRows(60, 12)
    rows[row][column] = value
    return npyBytes(rows: rows)
  }

  @Test func `names both row counts when modalities differ`() throws {
    try expectRefusal(
      npyBytes(rows: arbitraryRows(61, 12)), good, naming: ["61", "60", "a", "b"])
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity])
  func `counts values that are not finite and names the first`(value: Float) throws {
    try expectRefusal(
      spoiled(17, 5, with: value), good, naming: ["a", "row 17", "column 5", "--drop-nonfinite"])
  }

  @Test func `goes on without the items that are not finite when asked to`() throws {
    let directory = try Workdir()
    try spoiled(17, 5, with: .nan).write(to: directory.url.appendingPathComponent("a.npy"))
    try good.write(to: directory.url.appendingPathComponent("b.npy"))
    let outcome = try directory.run([
      "--features", "a.npy", "b.npy", "--no-figures", "--output", "out", "--drop-nonfinite",
      "--only", "overlap",
    ])
    #expect(outcome.status == 0, "\(outcome.transcript)")
    let report = try directory.report("out")
    #expect((report["dataset"] as? [String: Any])?["items"] as? Int == 59)
    #expect((report["notes"] as? [String])?.contains { $0.contains("dropped 1 of 60 items") } == true)
  }

  @Test func `refuses rows without direction`() throws {
    var rows = arbitraryRows(60, 12)
    rows[9] = [Float](repeating: 0, count: 12)
    try expectRefusal(npyBytes(rows: rows), good, naming: ["a", "row 9", "zero"])
  }

  @Test func `refuses constant columns`() throws {
    var rows = arbitraryRows(60, 12)
    for row in rows.indices { rows[row][4] = 2 }
    try expectRefusal(npyBytes(rows: rows), good, naming: ["a", "column 4", "constant"])
  }

  @Test func `refuses fewer than three items`() throws {
    try expectRefusal(
      npyBytes(rows: arbitraryRows(2, 12)), npyBytes(rows: arbitraryRows(2, 12, salt: 8)),
      naming: ["2 items", "3"])
  }

  @Test func `refuses a rank above the number of shared directions`() throws {
    try expectRefusal(
      npyBytes(rows: arbitraryRows(60, 12)), good, naming: ["13", "12", "--rank"],
      arguments: ["--rank", "13"])
  }

  @Test func `refuses truncated files`() throws {
    let whole = npyBytes(rows: arbitraryRows(60, 12))
    for length in [0, 5, 9, 40, whole.count - 1] {
      try expectRefusal(whole.prefix(length), good, naming: ["a.npy"])
    }
  }

  @Test func `refuses shapes that overflow`() throws {
    try expectRefusal(
      npyBytes([1, 2], shape: "(4611686018427387904, 4611686018427387904)"), good,
      naming: ["a.npy"])
    try expectRefusal(npyBytes([1, 2], shape: "(-1, 2)"), good, naming: ["a.npy"])
    try expectRefusal(npyBytes([1, 2], shape: "(1000000, 1000000)"), good, naming: ["a.npy"])
  }

  @Test func `refuses pickled arrays and says why`() throws {
    try expectRefusal(npyBytes([1, 2], shape: "(2,)", descr: "|O"), good, naming: ["pickle"])
  }

  @Test func `refuses labels of the wrong length`() throws {
    let directory = try Workdir()
    try npyBytes(rows: arbitraryRows(60, 12)).write(
      to: directory.url.appendingPathComponent("a.npy"))
    try good.write(to: directory.url.appendingPathComponent("b.npy"))
    try npyBytes([Float](repeating: 1, count: 59), shape: "(59,)", descr: "<i4").write(
      to: directory.url.appendingPathComponent("labels.npy"))
    let outcome = try directory.run([
      "--features", "a.npy", "b.npy", "--labels", "labels.npy", "--no-figures", "--output", "out",
    ])
    #expect(outcome.status == 65, "\(outcome.transcript)")
    #expect(outcome.errors.contains("59") && outcome.errors.contains("60"))
  }

  @Test func `refuses hostile safetensors`() throws {
    let directory = try Workdir()
    try good.write(to: directory.url.appendingPathComponent("b.npy"))
    let hostile: [(String, Data)] = [
      ("empty", Data()),
      ("length beyond the file", withUnsafeBytes(of: UInt64.max.littleEndian) { Data($0) }),
      ("no JSON", Data([4, 0, 0, 0, 0, 0, 0, 0]) + Data("abcd".utf8)),
      ("offsets beyond the file", safetensors(#"{"x":{"dtype":"F32","shape":[60,12],"data_offsets":[0,2880]}}"#)),
      ("shape against size", safetensors(#"{"x":{"dtype":"F32","shape":[9,9],"data_offsets":[0,8]}}"#, payload: 8)),
    ]
    for (name, data) in hostile {
      try data.write(to: directory.url.appendingPathComponent("a.safetensors"))
      let outcome = try directory.run([
        "--features", "a.safetensors", "b.npy", "--no-figures", "--output", "out",
      ])
      #expect(outcome.status == 65, "\(name): \(outcome.transcript)")
      #expect(outcome.errors.contains("a.safetensors"), "\(name): \(outcome.transcript)")
    }
  }

  func safetensors(_ header: String, payload: Int = 0) -> Data {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) }
      + Data(header.utf8) + Data(count: payload)
  }
}

extension Workdir {
  /// `report.json` of a finished run.
  func report(_ output: String) throws -> [String: Any] {
    try JSONSerialization.jsonObject(with: contents("\(output)/report.json")) as? [String: Any]
      ?? [:]
  }
}
