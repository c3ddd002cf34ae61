/// A scanner over the bytes of a file's header, whose tokens may be set apart by white space.
protocol HeaderScanner {
  var bytes: UnsafeRawBufferPointer { get }
  var position: Int { get set }
}

extension HeaderScanner {
  /// The next byte that is not white space.
  mutating func peek() -> UInt8? {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
    return position < bytes.count ? bytes[position] : nil
  }

  /// Steps over `character` if it comes next.
  mutating func accept(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }
}
