import Foundation
import Synchronization

/// One line on standard error that says what is being done; silent when nobody watches.
///
/// Nothing is shown in the first two seconds, so quick runs stay quiet.
package final class ProgressLine: Sendable {
  /// Whether somebody watches: standard error is a terminal.
  package let isVisible: Bool
  private let write: @Sendable (String) -> Void
  private let delay: Duration
  private let start = ContinuousClock.now
  private let hasShown = Mutex(false)

  package init(
    isVisible: Bool = isatty(STDERR_FILENO) == 1, delay: Duration = .seconds(2),
    write: @escaping @Sendable (String) -> Void = { standardError($0) }
  ) {
    self.isVisible = isVisible
    self.delay = delay
    self.write = write
  }

  /// Replaces the line.
  package func show(_ text: String) {
    guard isVisible, ContinuousClock.now - start >= delay else { return }
    hasShown.withLock { $0 = true }
    write("\r\u{1B}[K\(text)")
  }

  /// Clears the line, if there is one.
  package func finish() {
    if hasShown.withLock({ $0 }) { write("\r\u{1B}[K") }
  }
}
