import ArgumentParser
import CommandSupport
import Datasets
import LinearAlgebra

/// Our half of `make bench`: each subcommand does one task once and prints what it took and found
/// as a line of JSON. `Benchmarks/bench.py` runs them in turns with the peers.
@main
struct BenchmarksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "benchmarks",
    abstract: "Time the hot parts of the toolkit.",
    version: "\(ToolVersion.current) (\(OpenBLAS.configuration))",
    subcommands: [
      MakeInput.self, TimeSpectrum.self, TimeNeighbors.self, TimeSliced.self, TimeMap.self,
      JudgeMap.self, TimeLoops.self,
    ])

  static func main() {
    runAsTool { AtomicFile.removeUnfinished() }
  }
}

/// The folder that ``MakeInput`` wrote and the threads that work on it.
struct TaskOptions: ParsableArguments {
  @Argument(help: "Folder that `benchmarks make` wrote.")
  var folder: String

  @Option(help: "Threads; results do not depend on it.")
  var threads = 2

  /// Reads `name`.npy.
  func matrix(_ name: String) throws -> Matrix<Float> {
    try NPYFile.readMatrix(at: "\(folder)/\(name).npy").matrix
  }
}
