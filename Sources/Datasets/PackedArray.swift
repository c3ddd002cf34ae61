import LinearAlgebra

/// The element types of array files, as numpy names them.
enum ElementType: String, Sendable {
  case float16, bfloat16, float32, float64
  case int8, int16, int32, int64, uint8, uint16, uint32, uint64, bool

  var size: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .float16, .bfloat16, .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  var isInteger: Bool {
    switch self {
    case .float16, .bfloat16, .float32, .float64: false
    default: true
    }
  }
}

/// A table of numbers as it lies in a file.
///
/// The caller has checked that `rows * columns * type.size` bytes are there.
struct PackedArray {
  let base: UnsafeRawPointer
  let type: ElementType
  let rows: Int
  let columns: Int
  var isBigEndian = false
  /// Whether columns lie one after another instead of rows.
  var isFortranOrder = false
  /// The map that the bytes lie in: parts of it are released as they have been read.
  var map: FileMap?

  /// The elements in single precision, row after row. Doubles beyond its range become infinite.
  ///
  /// - Complexity: O(rows · columns), in parallel over blocks of rows.
  func floats() -> [Float] {
    switch type {
    case .float16: convert(UInt16.self) { Float(Float16(bitPattern: $0)) }
    case .bfloat16: convert(UInt16.self) { Float(bitPattern: UInt32($0) << 16) }
    case .float32: convert(UInt32.self) { Float(bitPattern: $0) }
    case .float64: convert(UInt64.self) { Float(Double(bitPattern: $0)) }
    case .int8: convert(Int8.self) { Float($0) }
    case .int16: convert(Int16.self) { Float($0) }
    case .int32: convert(Int32.self) { Float($0) }
    case .int64: convert(Int64.self) { Float($0) }
    case .uint8: convert(UInt8.self) { Float($0) }
    case .uint16: convert(UInt16.self) { Float($0) }
    case .uint32: convert(UInt32.self) { Float($0) }
    case .uint64: convert(UInt64.self) { Float($0) }
    case .bool: convert(UInt8.self) { $0 == 0 ? 0 : 1 }
    }
  }

  /// The elements as integers, row after row, or nil for floating-point types. Values beyond `Int`
  /// become its largest, which no id or label reaches.
  func integers() -> [Int]? {
    switch type {
    case .float16, .bfloat16, .float32, .float64: nil
    case .int8: convert(Int8.self) { Int($0) }
    case .int16: convert(Int16.self) { Int($0) }
    case .int32: convert(Int32.self) { Int($0) }
    case .int64: convert(Int64.self) { Int($0) }
    case .uint8: convert(UInt8.self) { Int($0) }
    case .uint16: convert(UInt16.self) { Int($0) }
    case .uint32: convert(UInt32.self) { Int($0) }
    case .uint64: convert(UInt64.self) { Int(clamping: $0) }
    case .bool: convert(UInt8.self) { $0 == 0 ? 0 : 1 }
    }
  }

  @inline(__always)
  private func convert<Raw: FixedWidthInteger & Sendable, Element: Sendable>(
    _: Raw.Type, _ value: @Sendable (Raw) -> Element
  ) -> [Element] {
    let count = rows * columns
    guard count > 0 else { return [] }
    return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      let out = SharedBuffer(buffer)
      nonisolated(unsafe) let base = base
      let (rows, columns) = (rows, columns)
      let (isBigEndian, isFortranOrder) = (isBigEndian, isFortranOrder)
      let map = map
      let grid = BlockGrid(count: rows, size: max(1, min(256, (1 << 18) / columns)))
      Parallel.forEach(grid.blockCount) { block in
        let range = grid.range(block)
        if isFortranOrder {
          for column in 0..<columns {
            for row in range {
              let raw = Self.load(Raw.self, base, column * rows + row, isBigEndian)
              (out.base + row * columns + column).initialize(to: value(raw))
            }
          }
        } else {
          for index in range.lowerBound * columns..<range.upperBound * columns {
            (out.base + index).initialize(
              to: value(Self.load(Raw.self, base, index, isBigEndian)))
          }
          let width = columns * MemoryLayout<Raw>.size
          map?.release(
            UnsafeRawBufferPointer(
              start: base + range.lowerBound * width, count: range.count * width))
        }
      }
      initialized = count
    }
  }

  @inline(__always)
  private static func load<Raw: FixedWidthInteger>(
    _: Raw.Type, _ base: UnsafeRawPointer, _ index: Int, _ isBigEndian: Bool
  ) -> Raw {
    // Older writers align data to 16 bytes or not at all.
    let raw = base.loadUnaligned(
      fromByteOffset: index &* MemoryLayout<Raw>.size, as: Raw.self)
    return isBigEndian ? Raw(bigEndian: raw) : Raw(littleEndian: raw)
  }
}
