import Foundation

/// The gnuplot that draws.
public struct GnuplotProgram: Sendable {
  /// A name to look for in the folders of `searchPath`, or a path when it has a slash.
  public let program: String
  /// Folders to search, separated by colons.
  public let searchPath: String
  /// Seconds after which a drawing that has not ended is stopped. A figure of 36,714 points takes
  /// a few seconds, so ten minutes mean that gnuplot hangs.
  public let timeLimit: Double

  public init(
    program: String = "gnuplot",
    searchPath: String = ProcessInfo.processInfo.environment["PATH"] ?? "",
    timeLimit: Double = 600
  ) {
    self.program = program
    self.searchPath = searchPath
    self.timeLimit = timeLimit
  }

  /// The version that `gnuplot --version` prints, such as "gnuplot 5.4 patchlevel 4".
  ///
  /// - Throws: ``FigureError/gnuplotMissing(program:)``.
  public func version() throws(FigureError) -> String {
    let folder = try makeScratchFolder(in: FileManager.default.temporaryDirectory)
    defer { try? FileManager.default.removeItem(at: folder) }
    let outcome = try launch(["--version"], in: folder)
    guard outcome.status == 0, outcome.output.hasPrefix("gnuplot") else {
      throw .gnuplotMissing(program: program)
    }
    return outcome.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Runs a script in its folder, with its variable `format` set.
  ///
  /// Nothing is piped: gnuplot reads the script from its file and writes its remarks to one, so no
  /// broken pipe can end this process and no full one can stall gnuplot.
  ///
  /// - Throws: ``FigureError/gnuplotMissing(program:)``,
  ///   ``FigureError/gnuplotFailed(script:line:message:)`` or
  ///   ``FigureError/gnuplotTimedOut(script:seconds:)``.
  func run(_ script: String, format: String, in folder: URL) throws(FigureError) {
    // Settings of the user's own start-up file would change the figure.
    let arguments = ["--default-settings", "-e", "format = '\(format)'", script]
    let outcome = try launch(arguments, in: folder)
    guard outcome.status != 0 else { return }
    let remark = Self.remark(in: outcome.remarks)
    throw .gnuplotFailed(
      script: script, line: remark.line,
      message: remark.message.isEmpty ? "exit status \(outcome.status)" : remark.message)
  }

  private struct Outcome {
    let status: Int32
    let output: String
    let remarks: String
  }

  private func launch(_ arguments: [String], in folder: URL) throws(FigureError) -> Outcome {
    guard let executable = executable() else { throw .gnuplotMissing(program: program) }
    let outputFile = folder.appendingPathComponent("gnuplot.out")
    let remarksFile = folder.appendingPathComponent("gnuplot.err")
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = folder
    // The locale would decide fonts, through the language, and the time zone how long dates are.
    process.environment = ProcessInfo.processInfo.environment
      .merging(["LC_ALL": "C.UTF-8", "TZ": "UTC"]) { $1 }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try Self.emptyFile(outputFile)
    process.standardError = try Self.emptyFile(remarksFile)
    let ended = DispatchSemaphore(value: 0)
    process.terminationHandler = { _ in ended.signal() }
    do { try process.run() } catch { throw .gnuplotMissing(program: executable.path) }
    if ended.wait(timeout: .now() + timeLimit) == .timedOut {
      kill(process.processIdentifier, SIGKILL)
      ended.wait()
      throw .gnuplotTimedOut(script: arguments.last ?? "", seconds: timeLimit)
    }
    return Outcome(
      status: process.terminationReason == .exit
        ? process.terminationStatus : 128 + process.terminationStatus,
      output: Self.contents(outputFile), remarks: Self.contents(remarksFile))
  }

  private func executable() -> URL? {
    let candidates =
      program.contains("/")
      ? [program] : searchPath.split(separator: ":").map { "\($0)/\(program)" }
    return candidates.first { FileManager.default.isExecutableFile(atPath: $0) }
      .map { URL(fileURLWithPath: $0) }
  }

  private static func emptyFile(_ file: URL) throws(FigureError) -> FileHandle {
    guard FileManager.default.createFile(atPath: file.path, contents: nil),
      let handle = FileHandle(forWritingAtPath: file.path)
    else {
      throw .notWritable(path: file.path, reason: String(cString: strerror(errno)))
    }
    return handle
  }

  private static func contents(_ file: URL) -> String {
    String(decoding: (try? Data(contentsOf: file)) ?? Data(), as: UTF8.self)
  }

  /// The message and the line in gnuplot's `"NAME.gp" line 12: undefined function: f`, which stands
  /// under a copy of the offending command.
  static func remark(in remarks: String) -> (line: Int?, message: String) {
    let lines = remarks.split(whereSeparator: \.isNewline)
      .map { $0.trimmingCharacters(in: .whitespaces) }
    for text in lines.reversed() {
      if let match = text.firstMatch(of: /line (\d+): (.+)$/) {
        return (Int(match.1), String(match.2))
      }
    }
    return (nil, lines.last { !$0.isEmpty && $0 != "^" } ?? "")
  }
}
