/// Reads the JSON of a safetensors header, and no other JSON.
///
/// A general parser keeps the last of two equal keys without a word and descends as deep as the
/// file asks; this one refuses the first and has no second.
struct SafetensorsScanner: HeaderScanner {
  struct Entry: Equatable {
    var name: String
    var type: String
    var shape: [Int]
    var begin: Int
    var end: Int
  }

  let bytes: UnsafeRawBufferPointer
  var position = 0
  /// The strings under `__metadata__`, once ``entries()`` has read them.
  private(set) var metadata: [String: String] = [:]

  init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  /// The tensors; metadata are kept beside them.
  mutating func entries() throws(SafetensorsProblem) -> [Entry] {
    var entries: [Entry] = []
    var names: Set<String> = []
    try expect("{")
    if !accept("}") {
      repeat {
        let name = try key(notIn: &names)
        if name == "__metadata__" { try readMetadata() } else { entries.append(try entry(name)) }
      } while accept(",")
      try expect("}")
    }
    guard peek() == nil else { throw .corruptHeader("text after the object") }
    return entries
  }

  private mutating func readMetadata() throws(SafetensorsProblem) {
    var keys: Set<String> = []
    try expect("{")
    guard !accept("}") else { return }
    repeat {
      let name = try key(notIn: &keys)
      metadata[name] = try string()
    } while accept(",")
    try expect("}")
  }

  private mutating func entry(_ name: String) throws(SafetensorsProblem) -> Entry {
    var keys: Set<String> = []
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
    try expect("{")
    repeat {
      switch try key(notIn: &keys) {
      case "dtype": type = try string()
      case "shape": shape = try integers()
      case "data_offsets": offsets = try integers()
      case let other: throw .corruptHeader("unexpected key \(other.debugDescription)")
      }
    } while accept(",")
    try expect("}")
    guard let type, let shape, let offsets, offsets.count == 2 else {
      throw .corruptHeader(
        "tensor \(name.debugDescription) needs dtype, shape and two data_offsets")
    }
    return Entry(name: name, type: type, shape: shape, begin: offsets[0], end: offsets[1])
  }

  private mutating func key(notIn keys: inout Set<String>) throws(SafetensorsProblem) -> String {
    let key = try string()
    guard keys.insert(key).inserted else { throw .duplicateKey(key) }
    try expect(":")
    return key
  }

  private mutating func integers() throws(SafetensorsProblem) -> [Int] {
    try expect("[")
    var values: [Int] = []
    guard !accept("]") else { return values }
    repeat { values.append(try integer()) } while accept(",")
    try expect("]")
    return values
  }

  private mutating func integer() throws(SafetensorsProblem) -> Int {
    _ = peek()
    let start = position
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
    let digits = String(decoding: bytes[start..<position], as: UTF8.self)
    guard let value = Int(digits) else {
      throw .corruptHeader("expected a natural number below 2^63 at byte \(start)")
    }
    return value
  }

  private mutating func string() throws(SafetensorsProblem) -> String {
    try expect("\"")
    var units: [UInt8] = []
    while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
      let byte = bytes[position]
      position += 1
      if byte == UInt8(ascii: "\\") {
        units += Array(String(try escape()).utf8)
      } else if byte >= 0x20 {
        units.append(byte)
      } else {
        throw .corruptHeader("a control character in a string at byte \(position - 1)")
      }
    }
    try expect("\"")
    guard let text = String(validating: units, as: UTF8.self) else {
      throw .corruptHeader("a string that is not UTF-8 before byte \(position)")
    }
    return text
  }

  private mutating func escape() throws(SafetensorsProblem) -> Unicode.Scalar {
    let plain: [UInt8: Unicode.Scalar] = [
      UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/",
      UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "f"): "\u{C}", UInt8(ascii: "n"): "\n",
      UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
    ]
    guard position < bytes.count else { throw .corruptHeader("a string does not end") }
    let kind = bytes[position]
    position += 1
    if let scalar = plain[kind] { return scalar }
    guard kind == UInt8(ascii: "u") else {
      throw .corruptHeader("an unknown escape at byte \(position - 1)")
    }
    var code = try hexadecimal()
    if (0xD800..<0xDC00).contains(code), bytes[position...].starts(with: [0x5C, 0x75]) {
      position += 2
      let low = try hexadecimal()
      guard (0xDC00..<0xE000).contains(low) else {
        throw .corruptHeader("half a surrogate pair at byte \(position)")
      }
      code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
    }
    guard let scalar = Unicode.Scalar(code) else {
      throw .corruptHeader("half a surrogate pair at byte \(position)")
    }
    return scalar
  }

  private mutating func hexadecimal() throws(SafetensorsProblem) -> UInt32 {
    guard position + 4 <= bytes.count,
      bytes[position..<position + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt32(
        String(decoding: bytes[position..<position + 4], as: UTF8.self), radix: 16)
    else { throw .corruptHeader("an escape that is not four hexadecimal digits") }
    position += 4
    return value
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(SafetensorsProblem) {
    guard accept(character) else {
      throw .corruptHeader("expected '\(character)' at byte \(position)")
    }
  }
}
