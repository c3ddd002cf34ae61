/// What the header of an `.npy` file says, checked against the file's size.
///
/// - Reference: [NEP1].
struct NPYHeader: Equatable {
  let type: ElementType
  let isBigEndian: Bool
  let isFortranOrder: Bool
  let shape: [Int]
  let dataOffset: Int

  /// Reads the header at the start of `bytes`, which is the whole file.
  ///
  /// - Throws: ``NPYProblem``.
  init(_ bytes: UnsafeRawBufferPointer) throws(NPYProblem) {
    let magic: [UInt8] = [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]
    guard bytes.prefix(6).elementsEqual(magic.prefix(bytes.count)), bytes.count > 0 else {
      throw .notAnArray(looksLike: Self.resemblance(bytes))
    }
    guard bytes.count >= 10 else { throw .truncatedHeader(needed: 10, found: bytes.count) }
    let major = Int(bytes[6])
    let minor = Int(bytes[7])
    guard (1...3).contains(major), minor == 0 else {
      throw .unsupportedVersion(major: major, minor: minor)
    }
    let start = major == 1 ? 10 : 12
    guard bytes.count >= start else { throw .truncatedHeader(needed: start, found: bytes.count) }
    var length = Int(bytes[8]) | Int(bytes[9]) << 8
    if major > 1 { length |= Int(bytes[10]) << 16 | Int(bytes[11]) << 24 }
    dataOffset = start + length
    guard bytes.count >= dataOffset else {
      throw .truncatedHeader(needed: dataOffset, found: bytes.count)
    }
    var scanner = NPYHeaderScanner(
      bytes: UnsafeRawBufferPointer(rebasing: bytes[start..<dataOffset]))
    let fields = try scanner.fields()
    (type, isBigEndian) = try Self.element(fields.description)
    isFortranOrder = fields.isFortranOrder
    shape = fields.shape

    var needed = type.size
    for dimension in shape {
      let (product, overflow) = needed.multipliedReportingOverflow(by: dimension)
      guard !overflow else { throw .impossibleShape("its size in bytes overflows") }
      needed = product
    }
    guard shape.allSatisfy({ $0 > 0 }) else { throw .empty(shape) }
    let found = bytes.count - dataOffset
    guard found == needed else {
      throw .sizeMismatch(shape: shape, type: type.rawValue, needed: needed, found: found)
    }
  }

  /// Type and byte order of a description such as `<f4` or `|u1`.
  private static func element(
    _ description: String
  ) throws(NPYProblem) -> (ElementType, isBigEndian: Bool) {
    if description.hasSuffix("O") { throw .pickled }
    let types: [String: ElementType] = [
      "f2": .float16, "f4": .float32, "f8": .float64, "b1": .bool,
      "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64,
      "u1": .uint8, "u2": .uint16, "u4": .uint32, "u8": .uint64,
    ]
    guard let order = description.first, "<>|=".contains(order),
      let type = types[String(description.dropFirst())]
    else { throw .unsupportedType(description.debugDescription) }
    return (type, order == ">")
  }

  private static func resemblance(_ bytes: UnsafeRawBufferPointer) -> String? {
    guard bytes.count > 0 else { return "an empty file" }
    if bytes[0] == 0x80 { return "a Python pickle" }
    if bytes.prefix(2).elementsEqual([0x50, 0x4B]) { return "an .npz archive" }
    return nil
  }
}

/// Reads the literal `{'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }`.
private struct NPYHeaderScanner: HeaderScanner {
  struct Fields {
    var description: String
    var isFortranOrder: Bool
    var shape: [Int]
  }

  let bytes: UnsafeRawBufferPointer
  var position = 0

  init(bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

  mutating func fields() throws(NPYProblem) -> Fields {
    var description: String?
    var isFortranOrder: Bool?
    var shape: [Int]?
    try expect("{")
    while !accept("}") {
      let key = try string()
      try expect(":")
      switch key {
      case "descr" where description == nil:
        if peek() == UInt8(ascii: "[") { throw .unsupportedType("with named fields") }
        description = try string()
      case "fortran_order" where isFortranOrder == nil: isFortranOrder = try truth()
      case "shape" where shape == nil: shape = try tuple()
      default: throw .corruptHeader("unexpected key \(key.debugDescription)")
      }
      if !accept(",") {
        try expect("}")
        break
      }
    }
    guard peek() == nil else { throw .corruptHeader("text after the dictionary") }
    guard let description else { throw .corruptHeader("no 'descr'") }
    guard let isFortranOrder else { throw .corruptHeader("no 'fortran_order'") }
    guard let shape else { throw .corruptHeader("no 'shape'") }
    return Fields(description: description, isFortranOrder: isFortranOrder, shape: shape)
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(NPYProblem) {
    guard accept(character) else {
      throw .corruptHeader("expected '\(character)' at byte \(position) of the header")
    }
  }

  private mutating func string() throws(NPYProblem) -> String {
    guard let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      throw .corruptHeader("expected a string at byte \(position) of the header")
    }
    position += 1
    let start = position
    while position < bytes.count, bytes[position] != quote { position += 1 }
    guard position < bytes.count else { throw .corruptHeader("a string does not end") }
    defer { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func truth() throws(NPYProblem) -> Bool {
    for (word, value) in [("True", true), ("False", false)] {
      _ = peek()
      if bytes[position...].starts(with: word.utf8) {
        position += word.utf8.count
        return value
      }
    }
    throw .corruptHeader("'fortran_order' is neither True nor False")
  }

  private mutating func tuple() throws(NPYProblem) -> [Int] {
    try expect("(")
    var shape: [Int] = []
    while !accept(")") {
      guard shape.count < 32 else { throw .impossibleShape("more than 32 dimensions") }
      shape.append(try integer())
      if !accept(",") {
        try expect(")")
        break
      }
    }
    return shape
  }

  private mutating func integer() throws(NPYProblem) -> Int {
    if accept("-") { throw .impossibleShape("a negative dimension") }
    var value: Int?
    _ = peek()
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      let (scaled, first) = (value ?? 0).multipliedReportingOverflow(by: 10)
      let (sum, second) = scaled.addingReportingOverflow(Int(bytes[position] - 0x30))
      guard !first, !second else { throw .impossibleShape("a dimension overflows") }
      value = sum
      position += 1
    }
    // Python 2 wrote long integers as 3L.
    if position < bytes.count, bytes[position] == UInt8(ascii: "L") { position += 1 }
    guard let value else {
      throw .corruptHeader("expected a dimension at byte \(position) of the header")
    }
    return value
  }
}
