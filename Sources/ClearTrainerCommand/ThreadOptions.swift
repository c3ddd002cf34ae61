import ArgumentParser
import LinearAlgebra

/// How many threads work.
package struct ThreadOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Threads; results do not depend on it.", valueName: "n"))
  package var threads: Int?

  package init() {}

  package func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads must be at least 1.") }
  }

  /// Sets the number, where one was given.
  package func apply() {
    if let threads { Parallel.threadCount = threads }
  }
}
