/// The header of a `.safetensors` file, checked against the file's size.
///
/// - Reference: [SAFETENSORS].
struct SafetensorsHeader: Equatable {
  struct Tensor: Equatable {
    let name: String
    /// The type as written, such as `F32`.
    let typeName: String
    let shape: [Int]
    /// First byte and the byte after the last, counted from the start of the file.
    let bytes: Range<Int>

    var type: ElementType? { SafetensorsHeader.types[typeName] }
  }

  /// Tensors in the order of their bytes.
  let tensors: [Tensor]
  /// The strings that the file carries about itself.
  let metadata: [String: String]

  private static let types: [String: ElementType] = [
    "F16": .float16, "BF16": .bfloat16, "F32": .float32, "F64": .float64, "BOOL": .bool,
    "I8": .int8, "I16": .int16, "I32": .int32, "I64": .int64,
    "U8": .uint8, "U16": .uint16, "U32": .uint32, "U64": .uint64,
  ]

  /// Reads the header at the start of `bytes`, which is the whole file.
  ///
  /// - Throws: ``SafetensorsProblem``.
  init(_ bytes: UnsafeRawBufferPointer) throws(SafetensorsProblem) {
    guard bytes.count >= 8 else { throw .truncatedHeader(needed: 8, found: bytes.count) }
    let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard length <= 100_000_000 else { throw .headerTooLong(length) }
    let start = 8 + Int(length)
    guard start <= bytes.count else {
      throw .truncatedHeader(needed: UInt64(start), found: bytes.count)
    }
    guard length > 0, bytes[8] == UInt8(ascii: "{") else {
      throw .corruptHeader("it does not start with '{'")
    }
    var scanner = SafetensorsScanner(bytes: UnsafeRawBufferPointer(rebasing: bytes[8..<start]))
    let entries = try scanner.entries()
    let available = bytes.count - start
    var tensors: [Tensor] = []
    for entry in entries {
      guard entry.begin <= entry.end, entry.end <= available else {
        throw .offsetsOutOfRange(
          tensor: entry.name, begin: entry.begin, end: entry.end, available: available)
      }
      let tensor = Tensor(
        name: entry.name, typeName: entry.type, shape: entry.shape,
        bytes: start + entry.begin..<start + entry.end)
      try Self.checkSize(of: tensor)
      tensors.append(tensor)
    }
    tensors.sort {
      ($0.bytes.lowerBound, $0.bytes.upperBound, $0.name)
        < ($1.bytes.lowerBound, $1.bytes.upperBound, $1.name)
    }
    var expected = start
    for tensor in tensors {
      guard tensor.bytes.lowerBound == expected else {
        throw .notContiguous(
          tensor: tensor.name, expected: expected - start, found: tensor.bytes.lowerBound - start)
      }
      expected = tensor.bytes.upperBound
    }
    guard expected == bytes.count else {
      throw .notContiguous(tensor: nil, expected: expected - start, found: available)
    }
    self.tensors = tensors
    metadata = scanner.metadata
  }

  private static func checkSize(of tensor: Tensor) throws(SafetensorsProblem) {
    // Types that are not read, such as 8-bit floats, are only checked for their place.
    guard let type = tensor.type else { return }
    var needed = type.size
    for dimension in tensor.shape {
      let (product, overflow) = needed.multipliedReportingOverflow(by: dimension)
      guard !overflow else { throw .impossibleShape(tensor: tensor.name) }
      needed = product
    }
    guard needed == tensor.bytes.count else {
      throw .sizeMismatch(tensor: tensor.name, needed: needed, found: tensor.bytes.count)
    }
  }
}
