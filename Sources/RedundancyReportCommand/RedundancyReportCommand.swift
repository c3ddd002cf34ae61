import ArgumentParser
import CommandSupport
import Datasets
import Figures
import LinearAlgebra

@main
struct RedundancyReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "redundancy-report",
    abstract: "How much do two modalities of the same items repeat each other?",
    discussion: """
      Reads the features of a recommender's items (or any two matrices with one row per item), \
      measures what the modalities share, checks the theorems of the CLEAR paper on them, and \
      writes one HTML page, one JSON file and the figures. With --checkpoint RUN it does so for \
      what a trained model made of the features; --compare RUN… follows training runs over their \
      epochs.

      Exit codes: 0 done, 1 a --fail-on condition is met or diff finds a difference, 64 wrong usage, 65 bad data, 66 missing \
      input, 70 internal failure or gnuplot.
      """,
    version: "\(ToolVersion.current) (\(OpenBLAS.configuration))",
    subcommands: [
      ReportCommand.self, ProjectCommand.self, CompareCommand.self, DiffCommand.self,
    ],
    defaultSubcommand: ReportCommand.self)

  static func main() {
    shareOneHeap()
    runAsTool(
      arguments: CompareCommand.expandingOption(in: Array(CommandLine.arguments.dropFirst()))
    ) {
      AtomicFile.removeUnfinished()
      FigureDrawer.removeUnfinished()
    }
  }
}
