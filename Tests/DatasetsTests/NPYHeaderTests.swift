import Datasets
import Foundation
import Statistics
import Testing

@Suite("Hostile NPY headers")
struct NPYHeaderTests {
  /// An array file with this dictionary, format version 1.0.
  static func file(_ dictionary: String, data: Int = 60) -> [UInt8] {
    let text = Array(dictionary.utf8) + [0x0A]
    let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0]
    return magic + [UInt8(text.count & 0xFF), UInt8(text.count >> 8)] + text
      + [UInt8](repeating: 0, count: data)
  }

  func problem(_ bytes: [UInt8]) throws -> NPYProblem? {
    let work = try Workdir()
    let path = try work.write(bytes, to: "x.npy")
    guard case .array(path, let problem) = datasetError({ _ = try NPYFile.readMatrix(at: path) })
    else { return nil }
    return problem
  }

  @Test func `cut at any byte are refused`() throws {
    let whole = try Fixtures.bytes("f4.npy")
    for length in 0..<whole.count {
      let problem = try problem(Array(whole[..<length]))
      switch (length, problem) {
      case (0, .notAnArray(looksLike: "an empty file")): break
      case (1..<10, .truncatedHeader(needed: 10, found: length)): break
      case (10..<128, .truncatedHeader(needed: 128, found: length)): break
      case (128..., .sizeMismatch(shape: [5, 3], type: "float32", needed: 60, found: length - 128)):
        break
      default: Issue.record("\(length) bytes gave \(String(describing: problem))")
      }
    }
  }

  @Test func `with data left over are refused`() throws {
    let bytes = try Fixtures.bytes("f4.npy") + [0]
    #expect(
      try problem(bytes)
        == .sizeMismatch(shape: [5, 3], type: "float32", needed: 60, found: 61))
  }

  static let fortyDimensions = "(" + String(repeating: "1,", count: 40) + ")"

  static let shapes: [(String, NPYProblem)] = [
    ("(-5, 3)", .impossibleShape("a negative dimension")),
    ("(99999999999999999999, 3)", .impossibleShape("a dimension overflows")),
    ("(4611686018427387904, 4)", .impossibleShape("its size in bytes overflows")),
    ("(9223372036854775807, 9223372036854775807)",
      .impossibleShape("its size in bytes overflows")),
    ("(0, 4611686018427387904)", .empty([0, 4_611_686_018_427_387_904])),
    ("(0, 3)", .empty([0, 3])), ("(3, 0)", .empty([3, 0])),
    ("(5, x)", .corruptHeader("expected a dimension at byte 54 of the header")),
    (fortyDimensions,
      .impossibleShape("more than 32 dimensions")),
    ("(5, 4)", .sizeMismatch(shape: [5, 4], type: "float32", needed: 80, found: 60)),
    ("()", .sizeMismatch(shape: [], type: "float32", needed: 4, found: 60)),
  ]

  @Test(arguments: shapes)
  func `with an impossible shape are refused`(shape: String, expected: NPYProblem) throws {
    let bytes = Self.file("{'descr': '<f4', 'fortran_order': False, 'shape': \(shape), }")
    #expect(try problem(bytes) == expected)
  }

  @Test(arguments: [
    ("{'descr': '<f4', 'fortran_order': False, }", "no 'shape'"),
    ("{'fortran_order': False, 'shape': (5, 3), }", "no 'descr'"),
    ("{'descr': '<f4', 'shape': (5, 3), }", "no 'fortran_order'"),
    ("{'descr': '<f4', 'descr': '<f4', }", "unexpected key \"descr\""),
    ("{'descr': '<f4', 'fortran_order': 1, }", "'fortran_order' is neither True nor False"),
    ("{'descr': '<f4, }", "a string does not end"),
    ("{'descr': '<f4', 'fortran_order': False, 'shape': (5, 3), } x",
      "text after the dictionary"),
    ("['descr']", "expected '{' at byte 0 of the header"),
    ("", "expected '{' at byte 1 of the header"),
  ])
  func `with a corrupt dictionary are refused`(dictionary: String, detail: String) throws {
    #expect(try problem(Self.file(dictionary)) == .corruptHeader(detail))
  }

  @Test func `of unknown versions, pickles and archives are named`() throws {
    var bytes = try Fixtures.bytes("f4.npy")
    bytes[6] = 4
    #expect(try problem(bytes) == .unsupportedVersion(major: 4, minor: 0))
    #expect(
      try problem([0x80, 4, 0x95, 0, 0, 0]) == .notAnArray(looksLike: "a Python pickle"))
    #expect(try problem([0x50, 0x4B, 3, 4, 0]) == .notAnArray(looksLike: "an .npz archive"))
    #expect(try problem(Array("1,2,3\n".utf8)) == .notAnArray(looksLike: nil))
  }

  @Test func `that claim four gigabytes are refused`() throws {
    var bytes = try Fixtures.bytes("version2.npy")
    for place in 8..<12 { bytes[place] = 0xFF }
    #expect(
      try problem(bytes) == .truncatedHeader(needed: 12 + 0xFFFF_FFFF, found: bytes.count))
  }

  @Test func `with types of odd order or size are refused`() throws {
    for type in ["f4", "<f3", "<f16", "~f4", "", "<", "<m8", "<V4", "<é4"] {
      let bytes = Self.file("{'descr': '\(type)', 'fortran_order': False, 'shape': (5, 3), }")
      #expect(try problem(bytes) == .unsupportedType(type.debugDescription), "\(type)")
    }
    let object = Self.file("{'descr': '|O', 'fortran_order': False, 'shape': (5, 3), }")
    #expect(try problem(object) == .pickled)
  }

  @Test func `written by older numpy on unaligned offsets are read`() throws {
    let work = try Workdir()
    var bytes = Self.file("{'shape': (3L,), 'fortran_order': False, \"descr\": \"=f4\"}", data: 0)
    for value: Float in [1, -2, 3.5] {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += Array($0) }
    }
    let path = try work.write(bytes, to: "old.npy")
    #expect(try NPYFile.readMatrix(at: path).matrix.elements == [1, -2, 3.5])
  }

  @Test(arguments: 0..<4)
  func `changed at random never trap`(batch: UInt64) throws {
    let work = try Workdir()
    let sources = try ["f4", "f8_big_fortran", "i1", "version2"].map {
      try Fixtures.bytes("\($0).npy")
    }
    var refused = 0
    for seed in 0..<750 as Range<UInt64> {
      var generator = SeededGenerator(seed: batch * 750 + seed)
      var bytes = sources[generator.index(below: sources.count)]
      for _ in 0...generator.index(below: 4) {
        let place = generator.index(below: generator.uniform() < 0.8 ? 128 : bytes.count)
        let digits = Array("0123456789-(),' {}<>|f".utf8)
        bytes[min(place, bytes.count - 1)] =
          generator.uniform() < 0.5
          ? digits[generator.index(below: digits.count)] : UInt8(generator.index(below: 256))
      }
      if generator.uniform() < 0.2 { bytes.removeLast(generator.index(below: bytes.count)) }
      let path = try work.write(bytes, to: "x.npy")
      let error = datasetError { _ = try NPYFile.readMatrix(at: path) }
      _ = datasetError { _ = try NPYFile.readInt32Matrix(at: path) }
      if error != nil { refused += 1 }
    }
    #expect(refused > 200)
    #expect(refused < 750)
  }
}
