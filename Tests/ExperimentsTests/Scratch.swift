import Datasets
import Experiments
import Foundation
import Training

/// A fresh folder for runs, which goes away with the test.
final class Scratch {
  let path = NSTemporaryDirectory() + "experiments-\(UUID().uuidString)"

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// An experiment on the demo data, the same whatever the seed of a run.
  func experiment(seed: UInt64 = 1, _ folder: String = "runs") -> Experiment {
    Experiment(on: DemoWorld.make(seed: seed), in: "\(path)/\(folder)")
  }

  /// What lies in `folder`, sorted; nothing where there is none.
  func files(_ folder: String = "runs") -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")) ?? []).sorted()
  }
}

/// A short training of MF-BPR.
func trial(_ name: String = "MF-BPR", rate: String = "0.01", epochs: Int = 2) -> Trial {
  Trial(name, model: "mf-bpr", ["epochs=\(epochs)", "learning_rate=\(rate)"])
}

extension Experiment {
  /// The run of `trial`, trained to its end.
  func finished(_ trial: Trial, seed: UInt64) throws -> FinishedRun {
    guard
      let run = try run(try configuration(of: trial, seed: seed), train: { try $0.run { _ in "" } })
    else { preconditionFailure("training stopped") }
    return run
  }
}

extension TrainingCampaign {
  /// Trains without a limit of time.
  @discardableResult
  func trained() throws -> [TrialResults] {
    try train(until: { false }) { _, run in try run.run { _ in "" } } report: {}
    return results
  }
}
