import CommandSupport
import Foundation
import Training

extension TrainingRun {
  /// Trains to the end, saying how it goes, and prints the folder.
  func trainToTheEnd() throws {
    standardError("\(trainer.summary)\n")
    for note in trainer.data.notes { standardError("\(note)\n") }
    let result = try run(reportingTo: { standardError($0) })
    try standardOutput("\(result.summary)\n\(folder.path)\n")
  }

  /// Trains to the end with a live line on a terminal; `write` gets a line for each epoch where
  /// there is none.
  func run(reportingTo write: @escaping (String) -> Void) throws -> RunResult {
    var progress = progress(write)
    defer { progress.finish() }
    return try run { progress.report($0) }
  }

  /// Trains with a live line on a terminal, to the end or until `shouldStop` says so after an epoch;
  /// nil then.
  func run(until shouldStop: () -> Bool) throws -> RunResult? {
    var progress = progress { _ in }
    defer { progress.finish() }
    return try run(until: shouldStop) { progress.report($0) }
  }

  private func progress(_ write: @escaping (String) -> Void) -> TrainingProgress {
    let settings = trainer.configuration.settings
    let state = trainer.stopping.state
    return TrainingProgress(
      epochs: settings.epochs, metric: "\(settings.validMetric)",
      best: state.bestEpoch > 0 ? (state.bestEpoch, state.bestValue) : nil, write: write)
  }
}

extension Trainer {
  /// The model, the size of the data and the number of parameters.
  fileprivate var summary: String {
    let parts = [
      data.trainingItems.count, data.validation.items.items.count, data.test.items.items.count,
    ]
    let count = model.parameters.reduce(0) { $0 + $1.tensor.count }
    return "\(configuration.model) on \(configuration.dataset) "
      + "(\((configuration.modalities ?? []).joined(separator: ", "))): \(data.userCount) users, "
      + "\(data.itemCount) items, \(parts.map { String($0) }.joined(separator: " + ")) "
      + "interactions to train, validate and test, \(count) parameters"
  }
}

extension RunResult {
  /// The best epoch and its test metrics.
  var summary: String {
    let metrics = ["recall@10", "recall@20", "ndcg@10", "ndcg@20"].compactMap { key in
      test[key].map { "\(key) \(String(format: "%.4f", $0))" }
    }
    return "best epoch \(bestEpoch) of \(epochs)  test " + metrics.joined(separator: "  ")
  }
}
