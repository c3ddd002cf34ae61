import ArgumentParser
import CommandSupport
import Datasets
import Experiments
import Figures
import LinearAlgebra

@main
struct ClearTrainerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "clear-trainer",
    abstract: "Train multimodal recommenders, plain or with the CLEAR projection.",
    discussion: """
      Exit codes: 0 done, 64 wrong usage, 65 bad data, 66 missing input, 70 training diverged, \
      files cannot be written or gnuplot failed.
      """,
    version: "\(ToolVersion.current) (\(OpenBLAS.configuration))",
    subcommands: [
      TrainCommand.self, ResumeCommand.self, EvaluateCommand.self, RecommendCommand.self,
      SweepCommand.self, TableCommand.self,
    ])

  static func main() {
    runAsTool {
      ChildProcess.endAll()
      AtomicFile.removeUnfinished()
      FigureDrawer.removeUnfinished()
    }
  }
}
