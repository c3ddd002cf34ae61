/// Floats that blocks of a parallel loop write at disjoint places and that outlive the loop.
///
/// The caller promises the disjointness; that is what makes the unchecked conformance true.
final class EmbeddingBuffer: @unchecked Sendable {
  private(set) var base: UnsafeMutablePointer<Float>
  private(set) var count: Int

  init(count: Int) {
    self.count = count
    base = .allocate(capacity: count)
    base.initialize(repeating: 0, count: count)
  }

  /// Grows to at least `capacity` floats; what it held is lost then.
  func reserve(_ capacity: Int) {
    guard capacity > count else { return }
    base.deallocate()
    base = .allocate(capacity: capacity)
    base.initialize(repeating: 0, count: capacity)
    count = capacity
  }

  deinit { base.deallocate() }
}
