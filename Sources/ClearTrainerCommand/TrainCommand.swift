import ArgumentParser
import CommandSupport
import Foundation
import Training

/// `clear-trainer train`: train one configuration into a run folder.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a model to early stopping.",
    discussion: """
      Writes config.yaml, metrics.jsonl, last.safetensors and best.safetensors, users.tsv, \
      result.json and log.txt into the run's folder, and prints its path.
      """)

  @OptionGroup(title: "Data") var data: DatasetOptions
  @OptionGroup(title: "Configuration") var options: ConfigurationOptions
  @OptionGroup(title: "Output") var output: OutputOptions
  @OptionGroup var threads: ThreadOptions

  func run() throws {
    try reportingFailures {
      threads.apply()
      let grid = try options.read(dataset: data.dataset)
      guard grid.runs.count == 1, let configuration = grid.runs.first else {
        throw CommandFailure.usage(
          "the configuration describes \(grid.runs.count) runs, by \(grid.axes.joined(separator: ", ")); "
            + "train takes one, so fix them with --set or use sweep")
      }
      for note in grid.notes { standardError("\(note)\n") }
      let dataset = try data.read(configuration.dataset, seed: configuration.seed)
      let run = try TrainingRun(
        configuration, on: dataset,
        at: output.folder(
          model: configuration.model, dataset: configuration.dataset, seed: configuration.seed),
        force: output.force, version: ToolVersion.current)
      try train(run)
    }
  }
}

/// `clear-trainer resume`: go on with a run that was interrupted.
struct ResumeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume",
    abstract: "Go on with an interrupted run, to the same bits.")

  @Argument(help: ArgumentHelp("Folder of the run.", valueName: "folder"))
  var folder: String

  @Option(
    help: ArgumentHelp(
      "Folder of the data sets (then $CLEAR_DATA, then ./data).", valueName: "folder"))
  var dataDir: String?

  @OptionGroup var threads: ThreadOptions

  func run() throws {
    try reportingFailures {
      threads.apply()
      let run = try TrainingRun(resuming: folder, version: ToolVersion.current) {
        try DatasetOptions.read(
          $0.dataset, seed: $0.seed, dataDir: dataDir, modalities: nil)
      }
      try train(run)
    }
  }
}

/// Trains to the end, saying how it goes, and prints the folder.
private func train(_ run: TrainingRun) throws {
  let settings = run.trainer.configuration.settings
  let state = run.trainer.stopping.state
  for note in run.trainer.data.notes { standardError("\(note)\n") }
  var progress = TrainingProgress(
    epochs: settings.epochs, metric: "\(settings.validMetric)",
    best: state.bestEpoch > 0 ? (state.bestEpoch, state.bestValue) : nil)
  let result = try run.run { progress.report($0) }
  progress.finish()
  print(summary(result))
  print(run.folder.path)
}

private func summary(_ result: RunResult) -> String {
  let keys = ["recall@10", "recall@20", "ndcg@10", "ndcg@20"]
  let metrics = keys.compactMap { key in
    result.test[key].map { "\(key) \(String(format: "%.4f", $0))" }
  }
  return "best epoch \(result.bestEpoch) of \(result.epochs)  test "
    + metrics.joined(separator: "  ")
}

/// Runs `body` and sorts what it throws into exit codes.
func reportingFailures(_ body: () throws -> Void) throws {
  do {
    try body()
  } catch let exit as ExitCode {
    throw exit
  } catch {
    throw CommandFailure(error)
  }
}

extension ConfigurationOptions {
  /// The runs that the options describe.
  func read(dataset: String?) throws -> ConfigurationGrid {
    try ConfigurationReader().read(
      model: model, dataset: dataset, files: config, overrides: assignments, clear: projection,
      seed: seed)
  }
}
