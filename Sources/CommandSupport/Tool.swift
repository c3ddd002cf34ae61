import ArgumentParser
import Foundation
import LinearAlgebra

extension ParsableCommand {
  /// The body of a tool's `main()`: restarts once with the right OpenBLAS kernels, runs the command
  /// and turns whatever is thrown into one sentence and an exit code.
  ///
  /// - Parameters:
  ///   - arguments: In place of the command line's.
  ///   - removeUnfinished: Deletes half-written files when the run is interrupted.
  package static func runAsTool(
    arguments: [String]? = nil, removeUnfinished: @escaping @Sendable () -> Void
  ) {
    // A reader that goes away (`| head`) or a gnuplot that dies must be an error, not a signal.
    signal(SIGPIPE, SIG_IGN)
    // So must a limit on the size of files.
    signal(SIGXFSZ, SIG_IGN)
    restartWithPreferredSettings()
    Interruption.watch(removeUnfinished: removeUnfinished)
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
    } catch let exit as ExitCode {
      Foundation.exit(exit.rawValue)
    } catch let failure as CommandFailure {
      standardError("\(_commandName): \(failure.sentence)\n")
      Foundation.exit(failure.code)
    } catch {
      Self.exit(withError: error)
    }
  }
}

/// OpenBLAS reads its kernel choice when it is loaded, the C library how it asks for memory when the
/// program begins, so a better choice needs a fresh start.
private func restartWithPreferredSettings() {
  guard
    ProcessInfo.processInfo.environment["OPENBLAS_CORETYPE"] == nil,
    let core = OpenBLAS.preferredCoreType
  else { return }
  setenv("OPENBLAS_CORETYPE", core, 1)
  // Its threads are never given work here, but until they fall asleep they take time from ours.
  setenv("OPENBLAS_NUM_THREADS", "1", 1)
  // Large matrices in pages of 2 MB: the first touch of a matrix then costs a tenth.
  setenv("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1", 0)
  var arguments = CommandLine.arguments.map { strdup($0) as UnsafeMutablePointer<CChar>? }
  arguments.append(nil)
  // On failure the program goes on with the slower kernels.
  execv("/proc/self/exe", &arguments)
}

/// Writes `text` to standard error.
package func standardError(_ text: String) {
  FileHandle.standardError.write(Data(text.utf8))
}
