import Dispatch
import Synchronization

/// The one place that decides how many threads work.
///
/// Work is cut into a grid that depends on the data alone. Threads take blocks from that grid in
/// any order, each block writes its own output, and partial results meet in block order, so a
/// result has the same bits for every ``threadCount``.
public enum Parallel {
  private static let configuredThreads = Atomic<Int>(0)

  /// Threads used by ``forEach(_:_:)`` and ``map(_:_:)``; all processors until set.
  ///
  /// - Precondition: a new value is at least 1.
  public static var threadCount: Int {
    get {
      let configured = configuredThreads.load(ordering: .relaxed)
      return configured > 0 ? configured : processorCount
    }
    set {
      precondition(newValue >= 1, "thread count must be at least 1, got \(newValue)")
      configuredThreads.store(newValue, ordering: .relaxed)
    }
  }

  /// Calls `body` once for each block in `0..<count`, on up to ``threadCount`` threads.
  ///
  /// - Complexity: `count` calls; a microsecond or two to start while other loops are not long ago.
  public static func forEach(_ count: Int, _ body: @Sendable (Int) -> Void) {
    let workers = min(threadCount, count)
    guard workers > 1 else {
      for block in 0..<max(count, 0) { body(block) }
      return
    }
    if LoopHelpers.forEach(count, helperCount: workers - 1, body) { return }
    let next = Atomic<Int>(0)
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      while true {
        let block = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard block < count else { return }
        body(block)
      }
    }
  }

  /// The results of `body` for each block in `0..<count`, in block order.
  public static func map<Result: Sendable>(
    _ count: Int, _ body: @Sendable (Int) -> Result
  ) -> [Result] {
    [Result](unsafeUninitializedCapacity: max(count, 0)) { buffer, initialized in
      let slots = SharedBuffer(buffer)
      forEach(count) { block in
        (slots.base + block).initialize(to: body(block))
      }
      initialized = max(count, 0)
    }
  }

  private static let processorCount = max(1, activeProcessorCount())
}

/// Memory that several threads write at disjoint places.
///
/// The caller promises that no two blocks touch the same element; that is what makes the
/// unchecked conformance true.
package struct SharedBuffer<Element>: @unchecked Sendable {
  package let base: UnsafeMutablePointer<Element>
  package let count: Int

  package init(_ buffer: UnsafeMutableBufferPointer<Element>) {
    precondition(buffer.baseAddress != nil, "a shared buffer needs at least one element")
    base = buffer.baseAddress!
    count = buffer.count
  }
}

/// A fixed cut of `0..<count` into blocks of `size` elements, the last one shorter.
package struct BlockGrid: Sendable {
  package let count: Int
  package let size: Int

  package init(count: Int, size: Int) {
    precondition(size > 0, "block size must be positive, got \(size)")
    self.count = count
    self.size = size
  }

  package var blockCount: Int { (count + size - 1) / size }

  package func range(_ block: Int) -> Range<Int> {
    let start = block * size
    return start..<min(count, start + size)
  }
}
