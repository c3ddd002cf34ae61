import ArgumentParser
import CommandSupport
import Datasets
import Experiments
import Figures
import Foundation
import Training

/// `clear-trainer sweep`: train every point of a grid.
struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Train a grid of configurations and choose one on validation.",
    discussion: """
      By default the grid of projection strengths and ranks, with one training without projection. \
      With --grid published it is the grid that the model was published with; lists in --set or in \
      a configuration file make their own. Writes a run folder for each training, sweep.json, \
      sweep.tsv and sweep.md, and a heat map of strengths and ranks. The same command again goes on \
      where it was interrupted. A training that diverges is noted, and the others go on; the exit \
      code is then 70.
      """)

  @OptionGroup(title: "Data") var data: DatasetOptions
  @OptionGroup(title: "Configuration") var options: ConfigurationOptions
  @OptionGroup(title: "Grid") var grid: GridOptions

  @Option(
    help: ArgumentHelp(
      "Folder of the sweep; sweeps/<model>-<dataset>-<seed> otherwise.", valueName: "folder"))
  var output: String?

  @Flag(help: "Draw no heat map of strengths and ranks; gnuplot is then not needed.")
  var noFigures = false

  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if grid.seeds != nil, options.seed != nil {
      throw ValidationError("Give either --seed or --seeds.")
    }
  }

  func run() throws {
    try reportingFailures {
      threads.apply()
      let (plan, notes) = try grid.plan(options, data)
      for note in notes { standardError("\(note)\n") }
      // Better now than after hours of training.
      if !noFigures { _ = try GnuplotProgram().version() }
      let first = plan.points[0].configuration
      let folder = try SweepFolder(
        at: output ?? "sweeps/\(first.model)-\(first.dataset)-\(first.seed)")
      let report = try train(plan, in: folder)
      if !noFigures { try report.draw(into: folder) }
      try standardOutput("\(report.summary)\n\(folder.path)\n")
      let divergences = report.outcomes.count { if case .diverged = $0 { true } else { false } }
      guard divergences == 0 else {
        throw CommandFailure(
          code: ExitStatus.internalFailure,
          sentence: "\(divergences) of \(plan.points.count) trainings diverged; \(folder.journal) "
            + "says how")
      }
    }
  }

  private func train(_ plan: SweepPlan, in folder: SweepFolder) throws -> SweepReport {
    let directory = data.directory
    let datasets = DatasetCache { try directory.read($0) }
    var outcomes = [SweepOutcome](repeating: .pending, count: plan.points.count)
    for (index, point) in plan.points.enumerated() {
      if let result = try folder.result(of: point, on: datasets.dataset(of: point.configuration)) {
        outcomes[index] = .finished(result)
      }
    }
    try folder.write(SweepReport(plan, outcomes))
    for (index, point) in plan.points.enumerated() where outcomes[index] == .pending {
      standardError("\(index + 1) of \(plan.points.count): \(point.name)\n")
      do {
        let run = try folder.begin(
          point, on: datasets.dataset(of: point.configuration), version: ToolVersion.current)
        let result = try run.run { _ in }
        outcomes[index] = .finished(result)
        standardError("  \(result.summary)\n")
      } catch let error as TrainingError where error.isDivergence {
        outcomes[index] = .diverged("\(error)")
        standardError("  \(error)\n")
      }
      try folder.write(SweepReport(plan, outcomes))
    }
    return SweepReport(plan, outcomes)
  }
}
