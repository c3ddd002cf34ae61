import Foundation
import Synchronization

/// One line on standard error that says what is being done; silent when nobody watches.
///
/// Nothing is shown in the first two seconds, so quick runs stay quiet.
final class ProgressLine: Sendable {
  private let isVisible = isatty(STDERR_FILENO) == 1
  private let start = ContinuousClock.now
  private let hasShown = Mutex(false)

  func show(_ text: String) {
    guard isVisible, ContinuousClock.now - start > .seconds(2) else { return }
    hasShown.withLock { $0 = true }
    standardError("\r\u{1B}[K\(text)")
  }

  func finish() {
    if hasShown.withLock({ $0 }) { standardError("\r\u{1B}[K") }
  }
}
