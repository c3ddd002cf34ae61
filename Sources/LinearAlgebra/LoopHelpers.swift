internal import CVectorKernels
import Dispatch
import Foundation
import Synchronization

/// Threads that help with one loop and look out for the next one for a while before they go.
///
/// A thread that sleeps takes some 50 µs to come, on virtual machines, longer than many a loop of a
/// training step: woken for each loop, it would find nothing left to do.
enum LoopHelpers {
  /// How long a helper without work, and whoever waits for one, keeps its processor.
  private static let patience: UInt64 = 200_000
  /// Whether somebody's loop has the helpers.
  private static let isTaken = Atomic<Bool>(false)
  /// The number of the loop that may be joined; 0 between loops.
  private static let openLoop = Atomic<Int>(0)
  /// Helpers that may be reading what belongs to the loop.
  private static let inside = Atomic<Int>(0)
  /// Helpers that the loop still takes.
  private static let seats = Atomic<Int>(0)
  /// Helpers at work, on the watch, or on their way.
  private static let helpers = Atomic<Int>(0)
  private static let nextBlock = Atomic<Int>(0)

  // Written by whoever has the helpers, while no helper is inside.
  private nonisolated(unsafe) static var loopNumber = 0
  private nonisolated(unsafe) static var blockCount = 0
  private nonisolated(unsafe) static var blockBody: UnsafePointer<@Sendable (Int) -> Void>?

  /// Calls `body` once for each block in `0..<count`, here and on up to `helperCount` other
  /// threads.
  ///
  /// - Returns: False, and has done nothing, where another loop has the helpers: one around this,
  ///   or another thread's.
  static func forEach(
    _ count: Int, helperCount: Int, _ body: @Sendable (Int) -> Void
  ) -> Bool {
    guard
      isTaken.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    else { return false }
    defer { isTaken.store(false, ordering: .releasing) }
    withoutActuallyEscaping(body) { body in
      withUnsafePointer(to: body) { body in
        loopNumber += 1
        (blockCount, blockBody) = (count, body)
        nextBlock.store(0, ordering: .relaxed)
        seats.store(helperCount, ordering: .relaxed)
        openLoop.store(loopNumber, ordering: .sequentiallyConsistent)
        call(helperCount)
        takeBlocks(body, count)
        // A helper that goes inside from now on sees that the loop is closed; for those that are
        // inside it lasts.
        openLoop.store(0, ordering: .sequentiallyConsistent)
        waitForHelpers()
      }
    }
    return true
  }

  /// Wakes those of `count` helpers that are not about.
  private static func call(_ count: Int) {
    for _ in 0..<max(0, count - helpers.load(ordering: .relaxed)) {
      helpers.add(1, ordering: .relaxed)
      DispatchQueue.global().async { help() }
    }
  }

  private static func help() {
    var last = 0
    var end = now + patience
    while now < end {
      let number = openLoop.load(ordering: .acquiring)
      guard number != 0, number != last else {
        vk_pause()
        continue
      }
      last = number
      inside.add(1, ordering: .sequentiallyConsistent)
      if openLoop.load(ordering: .sequentiallyConsistent) == number, let blockBody,
        seats.wrappingSubtract(1, ordering: .relaxed).oldValue > 0
      {
        takeBlocks(blockBody, blockCount)
      }
      inside.subtract(1, ordering: .sequentiallyConsistent)
      end = now + patience
    }
    helpers.subtract(1, ordering: .relaxed)
  }

  @inline(never)
  private static func takeBlocks(_ body: UnsafePointer<@Sendable (Int) -> Void>, _ count: Int) {
    while true {
      let block = nextBlock.wrappingAdd(1, ordering: .relaxed).oldValue
      guard block < count else { return }
      body.pointee(block)
    }
  }

  private static func waitForHelpers() {
    let end = now + patience
    while inside.load(ordering: .sequentiallyConsistent) != 0 {
      if now < end { vk_pause() } else { usleep(50) }
    }
  }

  /// Nanoseconds.
  private static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }
}
