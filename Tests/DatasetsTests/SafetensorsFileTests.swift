import Datasets
import Foundation
import LinearAlgebra
import Statistics
import Testing

@Suite("Safetensors files")
struct SafetensorsFileTests {
  @Test(arguments: [
    ("single", "float32", Float(6.5)), ("double", "float64", 6.5), ("half", "float16", 6.5),
    ("brain", "bfloat16", 6.5), ("int", "int32", 0), ("long", "int64", 0),
  ])
  func `read as the reference library wrote them`(
    name: String, dtype: String, offset: Float
  ) throws {
    let path = Fixtures.path("all.safetensors")
    let (matrix, found) = try SafetensorsFile.readMatrix(at: path, tensor: name)
    #expect(matrix == Fixtures.table(minus: offset))
    #expect(found == dtype)
  }

  @Test func `need no name when they hold one table`() throws {
    let path = Fixtures.path("one.safetensors")
    #expect(try SafetensorsFile.readMatrix(at: path).matrix == Fixtures.table(minus: 6.5))
    #expect(try SafetensorsFile.tensorNames(at: path).sorted() == ["feat", "step"])
  }

  @Test func `with several tables or another name list what they have`() throws {
    let path = Fixtures.path("all.safetensors")
    #expect(
      throws: DatasetError.tensors(
        path: path, .notOneTable(["brain", "double", "half", "int", "long", "single"]))
    ) { try SafetensorsFile.readMatrix(at: path) }
    let one = Fixtures.path("one.safetensors")
    #expect(
      throws: DatasetError.tensors(path: one, .noSuchTensor("x", available: ["feat", "step"]))
    ) { try SafetensorsFile.readMatrix(at: one, tensor: "x") }
    let row = try SafetensorsFile.readMatrix(at: path, tensor: "row").matrix
    #expect(row.columnCount == 1 && row.rowCount == 5)
  }

  @Test func `come back as written, aligned and byte-stable`() throws {
    let work = try Workdir()
    let tensors = ["b\"é": normalMatrix(7, 5, seed: 1), "a": normalMatrix(3, 2, seed: 2)]
    let path = try work("x.safetensors")
    try SafetensorsFile.write(tensors, metadata: ["k": "8", "by": "x\n"], to: path)
    for (name, matrix) in tensors {
      #expect(try SafetensorsFile.readMatrix(at: path, tensor: name).matrix == matrix)
    }
    #expect(try SafetensorsFile.tensorNames(at: path) == ["a", "b\"é"])
    #expect(try SafetensorsFile.metadata(at: path) == ["k": "8", "by": "x\n"])
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let header = bytes[..<8].enumerated().reduce(0) { $0 | Int($1.element) << (8 * $1.offset) }
    #expect((8 + header) % 64 == 0)
    try SafetensorsFile.write(tensors, metadata: ["by": "x\n", "k": "8"], to: path)
    #expect([UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) == bytes)
  }

  @Test func `without metadata have none, and hostile ones are refused`() throws {
    let work = try Workdir()
    let plain = try work("plain.safetensors")
    try SafetensorsFile.write(["a": normalMatrix(3, 2, seed: 2)], to: plain)
    #expect(try SafetensorsFile.metadata(at: plain).isEmpty)
    for header in [#"{"__metadata__":{"a":1}}"#, #"{"__metadata__":{"a":"b","a":"c"}}"#, "{"] {
      let path = try work.write(Self.file(header, data: 0), to: "x.safetensors")
      #expect(throws: DatasetError.self) { try SafetensorsFile.metadata(at: path) }
    }
  }

  /// A file with this header and as many zero bytes of data.
  static func file(_ header: String, data: Int) -> [UInt8] {
    let text = Array(header.utf8)
    return withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
      + [UInt8](repeating: 0, count: data)
  }

  func problem(_ bytes: [UInt8]) throws -> SafetensorsProblem? {
    let work = try Workdir()
    let path = try work.write(bytes, to: "x.safetensors")
    let error = datasetError { _ = try SafetensorsFile.readMatrix(at: path) }
    guard case .tensors(path, let problem) = error else { return nil }
    return problem
  }

  func tensor(_ name: String, _ shape: String, _ begin: String, _ end: String) -> String {
    "\"\(name)\":{\"dtype\":\"F32\",\"shape\":\(shape),\"data_offsets\":[\(begin),\(end)]}"
  }

  @Test func `with hostile offsets are refused`() throws {
    let cases: [(String, Int, SafetensorsProblem)] = [
      (tensor("a", "[2,2]", "0", "16"), 8,
        .offsetsOutOfRange(tensor: "a", begin: 0, end: 16, available: 8)),
      (tensor("a", "[2,2]", "16", "0"), 16,
        .offsetsOutOfRange(tensor: "a", begin: 16, end: 0, available: 16)),
      (tensor("a", "[2,2]", "0", "9223372036854775807"), 16,
        .offsetsOutOfRange(tensor: "a", begin: 0, end: .max, available: 16)),
      (tensor("a", "[2,3]", "0", "16"), 16, .sizeMismatch(tensor: "a", needed: 24, found: 16)),
      (tensor("a", "[4611686018427387904,4]", "0", "16"), 16, .impossibleShape(tensor: "a")),
      (tensor("a", "[2,2]", "0", "16") + "," + tensor("b", "[2,2]", "8", "24"), 24,
        .notContiguous(tensor: "b", expected: 16, found: 8)),
      (tensor("a", "[2,2]", "0", "16") + "," + tensor("b", "[2,2]", "20", "36"), 36,
        .notContiguous(tensor: "b", expected: 16, found: 20)),
      (tensor("a", "[2,2]", "4", "20"), 20, .notContiguous(tensor: "a", expected: 0, found: 4)),
      (tensor("a", "[2,2]", "0", "16"), 20, .notContiguous(tensor: nil, expected: 16, found: 20)),
      (tensor("a", "[0,4611686018427387904]", "0", "0"), 0, .empty(tensor: "a")),
      (tensor("a", "[2,2]", "0", "16") + "," + tensor("a", "[2,2]", "0", "16"), 16,
        .duplicateKey("a")),
    ]
    for (header, data, expected) in cases {
      #expect(try problem(Self.file("{\(header)}", data: data)) == expected)
    }
  }

  @Test func `with a header that is not theirs are refused`() throws {
    let corrupt = [
      "", "[]", " {}", "{", "{}x", "{\"a\":1}", "{\"a\":{}}", "{\"a\":{\"dtype\":\"F32\"}}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,0]}}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1.5],\"data_offsets\":[0,0]}}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[99999999999999999999],\"data_offsets\":[0,0]}}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4,8]}}",
      "{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],\"x\":1}}",
      "{\"__metadata__\":{\"a\":1}}", "{\"__metadata__\":{\"a\":{\"b\":\"c\"}}}",
      "{\"\\ud800\":{}}", "{\"\\q\":{}}", "{\"\\u12\":{}}", "{\"a", "{\"a\\",
      String(repeating: "{\"a\":", count: 100_000),
    ]
    for header in corrupt {
      guard case .corruptHeader = try problem(Self.file(header, data: 0)) else {
        Issue.record("\(header.prefix(60)) was not refused as corrupt")
        continue
      }
    }
    #expect(
      try problem(Self.file("{\"__metadata__\":{\"a\":\"b\",\"a\":\"c\"}}", data: 0))
        == .duplicateKey("a"))
    #expect(try problem([1, 2, 3]) == .truncatedHeader(needed: 8, found: 3))
    let long = withUnsafeBytes(of: UInt64.max.littleEndian) { Array($0) }
    #expect(try problem(long) == .headerTooLong(.max))
    let beyond = withUnsafeBytes(of: UInt64(1000).littleEndian) { Array($0) } + [0x7B]
    #expect(try problem(beyond) == .truncatedHeader(needed: 1008, found: 9))
    let half = "{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[2,2],\"data_offsets\":[0,4]}}"
    #expect(
      try problem(Self.file(half, data: 4)) == .unsupportedType(tensor: "a", type: "F8_E4M3"))
  }

  @Test func `cut at any byte of the header or data are refused`() throws {
    let whole = try Fixtures.bytes("one.safetensors")
    for length in 0..<whole.count {
      #expect(try problem(Array(whole[..<length])) != nil, "\(length) bytes")
    }
  }

  @Test(arguments: 0..<4)
  func `changed at random never trap`(batch: UInt64) throws {
    let work = try Workdir()
    let sources = try ["one", "all"].map { try Fixtures.bytes("\($0).safetensors") }
    var refused = 0
    for seed in 0..<750 as Range<UInt64> {
      var generator = SeededGenerator(seed: 9000 + batch * 750 + seed)
      var bytes = sources[generator.index(below: 2)]
      for _ in 0...generator.index(below: 4) {
        let tokens = Array("0123456789-[]{},:\"\\u".utf8)
        let place = generator.index(below: min(bytes.count, 600))
        bytes[place] =
          generator.uniform() < 0.6
          ? tokens[generator.index(below: tokens.count)] : UInt8(generator.index(below: 256))
      }
      let path = try work.write(bytes, to: "x.safetensors")
      let name = generator.uniform() < 0.5 ? nil : "single"
      if datasetError({ _ = try SafetensorsFile.readMatrix(at: path, tensor: name) }) != nil {
        refused += 1
      }
    }
    #expect(refused > 300)
  }
}
