import Datasets
import Dispatch
import Figures
import Foundation

/// Ends an interrupted run without leaving half-written files behind.
///
/// Finished files stay. The process then ends by the same signal, so that a shell sees why.
enum Interruption {
  /// Watches for Ctrl-C and for being asked to end, until the returned sources are let go.
  static func watch() -> [any DispatchSourceSignal] {
    [SIGINT, SIGTERM].map { number in
      // Otherwise the signal ends the process before the source hears of it.
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        AtomicFile.removeUnfinished()
        FigureDrawer.removeUnfinished()
        signal(number, SIG_DFL)
        raise(number)
      }
      source.resume()
      return source
    }
  }
}
