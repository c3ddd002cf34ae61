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
  package init(zeros count: Int) {
    self.count = count
    let byteCount = count * MemoryLayout<Element>.stride
    let memory = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: 64)
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    base = memory.bindMemory(to: Element.self, capacity: count)
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }
}
