import Datasets
import Foundation
import Training

/// A run that is over: what came of it, and what each user got.
public struct FinishedRun: Sendable {
  public let result: RunResult
  public let users: UserTable
}

/// One row of a table of experiments: a configuration that is trained with several seeds.
public struct Trial: Sendable {
  /// What the row is called.
  public let name: String
  /// Name of the model.
  public let model: String
  /// Settings `key=value`, beyond the model's defaults.
  public let settings: [String]
  /// The projection, as `--clear` takes it; nil for the model's own.
  public let projection: String?

  public init(
    _ name: String, model: String, _ settings: [String] = [], projection: String? = nil
  ) {
    self.name = name
    self.model = model
    self.settings = settings
    self.projection = projection
  }

  /// The command that trains it with `seed`.
  public func command(dataset: String, seed: UInt64) -> String {
    (["clear-trainer train --model \(model) --dataset \(dataset)"]
      + settings.map { "--set \($0)" } + (projection.map { ["--clear \($0)"] } ?? [])
      + ["--seed \(seed)"]).joined(separator: " ")
  }
}

/// Trains what a notebook needs and finds again what is trained already.
///
/// Each run has a folder of its own, so that an interrupted notebook goes on where it stopped.
public struct Experiment: Sendable {
  /// The data set.
  public let dataset: FeatureDataset
  /// Folder of the runs.
  public let folder: String

  public init(on dataset: FeatureDataset, in folder: String = "runs") {
    self.dataset = dataset
    self.folder = folder
  }

  /// The run of `trial` with `seed`, trained to the end if it is not yet.
  ///
  /// - Throws: What ``TrainingRun`` throws.
  public func run(_ trial: Trial, seed: UInt64) throws -> FinishedRun {
    let grid = try ConfigurationReader().read(
      model: trial.model, dataset: dataset.name, overrides: trial.settings,
      clear: trial.projection, seed: seed)
    let configuration = grid.runs[0]
    let words = [trial.model, dataset.name] + trial.settings + [trial.projection].compactMap(\.self)
    let name = words.joined(separator: "_").map { "/=,".contains($0) ? "-" : String($0) }.joined()
    let path = "\(folder)/\(name)_\(seed)"
    let files = FileManager.default
    if !files.fileExists(atPath: "\(path)/result.json") {
      let run =
        files.fileExists(atPath: "\(path)/config.yaml")
        ? try TrainingRun(resuming: path, version: "notebook") { _ in dataset }
        : try TrainingRun(
          configuration, on: dataset, at: path, force: false, version: "notebook")
      print("training: \(trial.command(dataset: dataset.name, seed: seed))")
      _ = try run.run { record in
        "epoch \(record.epoch)  loss \(record.losses["total"] ?? .nan)  "
          + "recall@20 \(record.valid?["recall@20"] ?? .nan)"
      }
    }
    let run = try RunFolder(at: path)
    let result = try JSONDecoder().decode(
      RunResult.self, from: Data(contentsOf: URL(fileURLWithPath: run.result)))
    return FinishedRun(result: result, users: try UserTable(at: run.users))
  }

  /// The runs of `trial` with each of `seeds`.
  public func runs(_ trial: Trial, seeds: [UInt64]) throws -> [FinishedRun] {
    try seeds.map { try run(trial, seed: $0) }
  }

  /// Of `trials`, each trained with `seed`, the one with the best validation Recall@20; the first
  /// of equals.
  public func selected(_ trials: [Trial], seed: UInt64) throws -> Trial {
    let values = try trials.map { try run($0, seed: seed).result.valid["recall@20"] ?? 0 }
    let best = values.indices.max { (values[$0], $1) < (values[$1], $0) } ?? 0
    for (trial, value) in zip(trials, values) {
      print("  \(trial.name): validation recall@20 \(String(format: "%.4f", value))")
    }
    print("  selected: \(trials[best].name)")
    return trials[best]
  }
}
