import ArgumentParser
import CommandSupport
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
      let grid = try options.read(data)
      guard grid.runs.count == 1, let configuration = grid.runs.first else {
        throw CommandFailure.usage(
          "the configuration describes \(grid.runs.count) runs, by "
            + "\(grid.axes.joined(separator: ", ")); train takes one, so fix them with --set or "
            + "use sweep")
      }
      for note in grid.notes { standardError("\(note)\n") }
      let run = try TrainingRun(
        configuration, on: try data.directory.read(configuration),
        at: output.folder(
          model: configuration.model, dataset: configuration.dataset, seed: configuration.seed),
        force: output.force, version: ToolVersion.current)
      try run.trainToTheEnd()
    }
  }
}
