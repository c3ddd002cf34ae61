import Synchronization

/// Collects progress from any thread.
final class ProgressRecord: Sendable {
  private let state = Mutex<(calls: Int, maximum: Double)>((0, 0))

  func record(_ fraction: Double) {
    state.withLock { $0 = ($0.calls + 1, max($0.maximum, fraction)) }
  }

  var calls: Int { state.withLock { $0.calls } }
  var maximum: Double { state.withLock { $0.maximum } }
}
