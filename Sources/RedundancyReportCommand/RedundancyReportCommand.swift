import ArgumentParser
import Foundation
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

      Exit codes: 0 done, 1 a --fail-on condition is met, 64 wrong usage, 65 bad data, 66 missing \
      input, 70 internal failure or gnuplot.
      """,
    version: "\(ToolVersion.current) (\(OpenBLAS.configuration))",
    subcommands: [ReportCommand.self, ProjectCommand.self, CompareCommand.self],
    defaultSubcommand: ReportCommand.self)

  /// Restarts once with the right OpenBLAS kernels, then runs the command and turns whatever is
  /// thrown into one sentence and an exit code.
  static func main() {
    // A reader that goes away (`| head`) or a gnuplot that dies must be an error, not a signal.
    signal(SIGPIPE, SIG_IGN)
    restartWithPreferredKernels()
    Interruption.watch()
    do {
      var command = try parseAsRoot(
        CompareCommand.expandingOption(in: Array(CommandLine.arguments.dropFirst())))
      try command.run()
    } catch let exit as ExitCode {
      Foundation.exit(exit.rawValue)
    } catch let failure as CommandFailure {
      standardError("redundancy-report: \(failure.sentence)\n")
      Foundation.exit(failure.code)
    } catch {
      Self.exit(withError: error)
    }
  }

  /// OpenBLAS reads its kernel choice when it is loaded, so a better one needs a fresh start.
  private static func restartWithPreferredKernels() {
    guard
      ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"] == nil,
      let core = OpenBLAS.preferredCoreType
    else { return }
    setenv("OPENBLAS_CORETYPE", core, 1)
    var arguments = CommandLine.arguments.map { strdup($0) as UnsafeMutablePointer<CChar>? }
    arguments.append(nil)
    // On failure the program goes on with the slower kernels.
    execv("/proc/self/exe", &arguments)
  }
}

/// The version of the tool, as reports and figures carry it.
enum ToolVersion {
  static let current = "0.1.0"
}

func standardError(_ text: String) {
  FileHandle.standardError.write(Data(text.utf8))
}
