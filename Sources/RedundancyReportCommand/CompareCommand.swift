import ArgumentParser
import Audit
import CommandSupport
import Figures
import Foundation
import Reporting

/// `redundancy-report compare`: what training runs did over their epochs.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Compare training runs over their epochs; --compare RUN… means the same.",
    discussion: """
      Reads metrics.jsonl and config.yaml of every run folder and writes report.html, report.json \
      and figures/ into the output folder. Says whether the encoders grow the damped directions \
      back: against the run of the same model and data set without projection where one is among \
      the runs, otherwise against their own first epoch.
      """)

  @Argument(help: ArgumentHelp("Run folders that clear-trainer wrote.", valueName: "run"))
  var runs: [String]

  @Flag(help: "Draw no figures; gnuplot is then not needed.")
  var noFigures = false

  @Option(help: ArgumentHelp("Folder to write.", valueName: "folder"))
  var output = "report/comparison"

  @Flag(help: "Print report.json on standard output and nothing else there.")
  var json = false

  func validate() throws {
    guard runs.count <= TrainingCurves.mostRuns else {
      throw ValidationError(
        "At most \(TrainingCurves.mostRuns) runs can be told apart; got \(runs.count).")
    }
    let folders = runs.map { URL(fileURLWithPath: $0).standardizedFileURL.path }
    guard Set(folders).count == folders.count else {
      throw ValidationError("The same run is given twice.")
    }
  }

  func run() throws {
    do {
      try compare()
    } catch {
      throw CommandFailure(error)
    }
  }

  private func compare() throws {
    let folder = ReportFolder(at: URL(fileURLWithPath: output, isDirectory: true))
    try folder.prepare()
    if !noFigures { _ = try GnuplotProgram().version() }
    let histories = try runs.map { try RunHistory(folder: $0) }
    let digests = histories.map(\.digests).reduce(into: [:]) { $0.merge($1) { first, _ in first } }
    let comparison = RunComparison(histories, provenance: provenance(seed: nil, digests: digests))
    try folder.write(comparison, figure: noFigures ? nil : comparisonFigure(comparison))
    if json {
      FileHandle.standardOutput.write(try comparisonJSON(comparison))
    } else {
      print(terminalSummary(comparison))
      print(folder.page.path)
    }
  }

  /// `arguments` with the option `--compare` written as the subcommand that it stands for.
  static func expandingOption(in arguments: [String]) -> [String] {
    let options = arguments.prefix { $0 != "--" }
    guard let place = options.firstIndex(where: { $0 == "--compare" || $0.hasPrefix("--compare=") })
    else { return arguments }
    var rest = arguments
    let first = rest.remove(at: place).dropFirst("--compare=".count)
    if !first.isEmpty { rest.insert(String(first), at: place) }
    if rest.first == ReportCommand.configuration.commandName { rest.removeFirst() }
    return ["compare"] + rest
  }
}
