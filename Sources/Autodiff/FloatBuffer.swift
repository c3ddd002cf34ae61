/// Memory that is given back when its owner goes, and grows but never shrinks.
final class FloatBuffer {
  private(set) var base: UnsafeMutablePointer<Float>
  private var capacity: Int

  init() {
    base = Self.zeros(1)
    capacity = 1
  }

  deinit { UnsafeMutableRawPointer(base).deallocate() }

  /// Makes room for `count` elements; they are zero where the memory is new.
  func reserve(_ count: Int) {
    guard count > capacity else { return }
    UnsafeMutableRawPointer(base).deallocate()
    base = Self.zeros(count)
    capacity = count
  }

  /// Begins on a cache line: rows of sixteen floats then lie in one line each.
  private static func zeros(_ count: Int) -> UnsafeMutablePointer<Float> {
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: count * MemoryLayout<Float>.stride, alignment: 64)
    return memory.initializeMemory(as: Float.self, repeating: 0, count: count)
  }
}
