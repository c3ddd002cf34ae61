import LinearAlgebra

/// Memory that grows but never shrinks.
final class FloatBuffer {
  private var memory = AlignedBuffer<Float>(zeros: 1)

  var base: UnsafeMutablePointer<Float> { memory.base }

  /// Makes room for `count` elements; they are zero where the memory is new.
  func reserve(_ count: Int) {
    guard count > memory.count else { return }
    // The old memory goes before the new one comes, or the peak would hold both.
    memory = AlignedBuffer(zeros: 0)
    memory = AlignedBuffer(zeros: count)
  }
}
