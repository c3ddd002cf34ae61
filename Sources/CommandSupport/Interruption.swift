import Foundation

/// Ends an interrupted run without leaving half-written files behind.
///
/// Finished files stay. The process then ends by the same signal, so that a shell sees why.
package enum Interruption {
  /// Where the handler tells the waiting thread; written once, before the handler is set.
  nonisolated(unsafe) private static var writeEnd: Int32 = -1

  /// Watches for Ctrl-C and for being asked to end.
  ///
  /// - Parameter removeUnfinished: Deletes half-written files; called at most once, on a thread of
  ///   its own.
  package static func watch(removeUnfinished: @escaping @Sendable () -> Void) {
    var ends: [Int32] = [-1, -1]
    // Without a pipe an interruption ends the process at once, as it would anyway.
    guard pipe(&ends) == 0 else { return }
    writeEnd = ends[1]
    let readEnd = ends[0]
    // A parent may have started this process with the signals blocked; threads inherit that.
    var awaited = sigset_t()
    sigemptyset(&awaited)
    sigaddset(&awaited, SIGINT)
    sigaddset(&awaited, SIGTERM)
    pthread_sigmask(SIG_UNBLOCK, &awaited, nil)
    Thread.detachNewThread {
      var number: UInt8 = 0
      guard read(readEnd, &number, 1) == 1 else { return }
      removeUnfinished()
      signal(Int32(number), SIG_DFL)
      raise(Int32(number))
    }
    for number in [SIGINT, SIGTERM] {
      // A handler may do no more than this: OpenBLAS's threads can be the ones that it runs on.
      signal(number) { number in
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(Interruption.writeEnd, &byte, 1)
      }
    }
  }
}
