import CommandSupport
import Foundation
import Training

/// Says on standard error how a run goes: one live line on a terminal, a line for each epoch
/// otherwise.
package struct TrainingProgress {
  private let epochs: Int
  private let metric: String
  private let line: ProgressLine
  private let write: (String) -> Void
  private var best: (epoch: Int, value: Double)?
  private var seconds = 0.0
  private var count = 0

  /// - Parameters:
  ///   - epochs: The most epochs that will be trained.
  ///   - metric: Key of the validation metric, such as `recall@20`.
  ///   - best: The best epoch so far and its metric, when a run goes on.
  ///   - line: The live line.
  ///   - write: Where lines go when nobody watches.
  package init(
    epochs: Int, metric: String, best: (epoch: Int, value: Double)? = nil,
    line: ProgressLine = ProgressLine(),
    write: @escaping (String) -> Void = { standardError($0) }
  ) {
    self.epochs = epochs
    self.metric = metric
    self.best = best
    self.line = line
    self.write = write
  }

  /// Says what `record`, the epoch that has just ended, brought.
  ///
  /// - Returns: The line, for the log.
  @discardableResult
  package mutating func report(_ record: EpochRecord) -> String {
    seconds += record.seconds.total
    count += 1
    if record.improved, let value = record.valid?[metric] { best = (record.epoch, value) }
    let text = text(of: record)
    if line.isVisible {
      line.show(text)
    } else {
      write("\(text)\n")
    }
    return text
  }

  /// Clears the live line.
  package func finish() { line.finish() }

  private func text(of record: EpochRecord) -> String {
    var parts = ["epoch \(record.epoch)/\(epochs)"]
    if let loss = record.losses["total"] { parts.append("loss \(decimal(loss, 4))") }
    if let value = record.valid?[metric] { parts.append("\(metric) \(decimal(value, 4))") }
    if let best { parts.append("best \(decimal(best.value, 4)) in \(best.epoch)") }
    let mean = seconds / Double(count)
    parts.append("\(decimal(mean, mean < 10 ? 2 : 0)) s/epoch")
    // The run may stop earlier.
    if let left = duration(mean * Double(epochs - record.epoch)) {
      parts.append("at most \(left) left")
    }
    return parts.joined(separator: "  ")
  }
}

private func decimal(_ value: Double, _ places: Int) -> String {
  String(format: "%.\(places)f", value)
}

/// `seconds` in the two largest units that say something; nil beyond all counting.
private func duration(_ seconds: Double) -> String? {
  guard let whole = Int(exactly: max(seconds, 0).rounded()) else { return nil }
  return switch whole {
  case ..<60: "\(whole) s"
  case ..<3600: "\(whole / 60) min \(whole % 60) s"
  default: "\(whole / 3600) h \(whole % 3600 / 60) min"
  }
}
