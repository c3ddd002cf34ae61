import ArgumentParser
import CommandSupport
import Datasets
import Experiments
import Figures
import Foundation
import LinearAlgebra
import Training

/// `clear-trainer table`: make a table or figure of the paper again.
struct TableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table",
    abstract: "Make a table or figure of the paper again, training what is missing.",
    discussion: """
      Every system is trained with one seed before any with the second. The table is written \
      before, between and after the trainings, as Markdown, CSV and LaTeX, from what is there; \
      what is missing is a dash and a note. The same command goes on where it was interrupted. A model \
      that cannot run on the data set is a row that says why. A training that diverges is noted, \
      and the others go on; the exit code is then 70.
      """)

  @OptionGroup(title: "Table") var options: TableOptions
  @OptionGroup(title: "Data") var directory: DataDirectoryOptions

  @Option(help: ArgumentHelp("Folder of the runs, one folder each.", valueName: "folder"))
  var runs = "runs"

  @Option(help: ArgumentHelp("Folder of the table.", valueName: "folder"))
  var output = "tables"

  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    for (name, value) in [("runs", runs), ("output", output)] where value.isEmpty {
      throw ValidationError("--\(name) needs a folder.")
    }
  }

  func run() throws {
    try reportingFailures {
      threads.apply()
      let clock = ContinuousClock()
      let end = options.budget.map { clock.now + $0.duration }
      let isOver = { end.map { clock.now >= $0 } ?? false }
      let directory = directory
      let data = DatasetCache { try directory.read($0) }
      if let result = options.result {
        try make(result, from: data, until: isOver)
      } else {
        try measureCosts(from: data, until: isOver)
      }
    }
  }

  private var command: String { commandLine(of: "clear-trainer") }

  // MARK: Trained systems

  private func make(
    _ result: PaperResult, from data: DatasetCache, until isOver: () -> Bool
  ) throws {
    let systems = result.systems(models: try options.descriptors(), options.systemOptions)
    // Better now than after hours of training.
    if [.figure3, .figure4].contains(result) { _ = try GnuplotProgram().version() }
    let campaign = try TrainingCampaign(
      Experiment(on: options.dataset, from: data, in: runs, version: ToolVersion.current), systems,
      seeds: options.seedNumbers)
    var page = try write(result, campaign)
    try campaign.train(until: isOver) { trial, run in
      standardError("\(trial.name), seed \(run.trainer.configuration.seed)\n")
      return try run.run(until: isOver)
    } report: {
      page = try write(result, campaign)
    }
    let table = result.table(of: campaign)
    let drawn = try result.draw(campaign, with: drawer(of: campaign.results))
    try say(table.printed, missing: table.missing, files: [page] + drawn.map(\.png.relativePath))
    guard campaign.divergences == 0 else {
      throw CommandFailure(
        code: ExitStatus.internalFailure,
        sentence: "\(campaign.divergences) of the trainings diverged; \(page) says which")
    }
  }

  private func write(_ result: PaperResult, _ campaign: TrainingCampaign) throws -> String {
    let table = result.table(of: campaign)
    return try TableFiles.write(
      result.fileName(on: options.dataset), markdown: table.markdown(command: command),
      csv: table.csv, latex: table.latex, into: output)
  }

  private func drawer(of results: [TrialResults]) -> FigureDrawer {
    let digests = Set(results.flatMap(\.runs).map(\.result.digest)).sorted()
    return FigureDrawer(
      directory: URL(fileURLWithPath: output, isDirectory: true),
      provenance: [
        "Software": "clear-trainer \(ToolVersion.current)", "Command": command,
        "Seed": options.seedNumbers.map(String.init).joined(separator: " "),
        "Data digest": digests.joined(separator: " "),
      ])
  }

  // MARK: Costs

  private func measureCosts(from data: DatasetCache, until isOver: () -> Bool) throws {
    let seed = options.seedNumbers[0]
    let trials = PaperSystems.table2(try options.descriptors(), options.systemOptions)
      .map { $0.trials[0] }
    let experiment = Experiment(
      on: options.dataset, from: data, in: "\(runs)/costs", version: ToolVersion.current)
    var words = ["--threads", "\(Parallel.threadCount)"]
    if let folder = directory.dataDir { words += ["--data-dir", folder] }
    let measurement = CostMeasurement(
      program: URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath(), options: words)
    func table(_ rows: [CostTable.Row]) throws -> (CostTable, page: String) {
      let table = CostTable(
        dataset: options.dataset, seed: seed, threads: Parallel.threadCount, rows: rows)
      let page = try TableFiles.write(
        "table-4-\(options.dataset)", markdown: table.markdown(command: command), csv: table.csv,
        latex: table.latex, into: output)
      return (table, page)
    }
    func rows(until isOver: () -> Bool) throws -> [CostTable.Row] {
      try measurement.rows(of: trials, in: experiment, seed: seed, isOver: isOver) {
        standardError("\($0.name)\n")
      }
    }
    // What is there, before anything is measured.
    _ = try table(rows { true })
    let (result, page) = try table(rows(until: isOver))
    try say(result.printed, missing: result.missing, files: [page])
  }

  private func say(_ table: PrintedTable, missing: [String], files: [String]) throws {
    let parts = [table.markdown] + missing.map { "\($0)\n" } + files.map { "\($0)\n" }
    try standardOutput(parts.joined())
  }
}
