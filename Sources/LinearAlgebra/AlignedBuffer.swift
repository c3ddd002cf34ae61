/// Memory for numbers that begins on a cache line and is given back when its owner goes.
///
/// An array's elements lie 32 bytes behind such a line: every load of a wide register would then
/// touch two lines, which takes the loops that live in the first-level cache half as long again.
package final class AlignedBuffer<Element: BitwiseCopyable> {
  /// The first element; valid as long as the buffer.
  package let base: UnsafeMutablePointer<Element>
  /// Number of elements.
  package let count: Int

  /// `count` elements whose bits are all zero.
  package convenience init(zeros count: Int) {
    self.init(uninitialized: count)
    UnsafeMutableRawPointer(base).initializeMemory(
      as: UInt8.self, repeating: 0, count: count * MemoryLayout<Element>.stride)
  }

  /// `count` elements for the caller to write before they are read.
  package init(uninitialized count: Int) {
    self.count = count
    base = UnsafeMutableRawPointer.allocate(
      byteCount: count * MemoryLayout<Element>.stride, alignment: 64
    ).bindMemory(to: Element.self, capacity: count)
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }
}
