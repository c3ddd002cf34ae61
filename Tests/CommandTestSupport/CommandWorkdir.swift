import Foundation

/// A fresh folder in which a built command is run.
package final class CommandWorkdir {
  package let url: URL
  /// Name of the program, which lies beside the test bundle.
  private let command: String

  package init(running command: String) throws {
    self.command = command
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(command)-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// What came of a command.
  package struct Outcome: Sendable {
    package let command: String
    /// The exit code, or the negative number of the signal that ended it.
    package let status: Int32
    package let output: String
    package let errors: String

    /// For the message of a failed expectation.
    package var transcript: String { "$ \(command)\n[\(status)]\n\(output)\n\(errors)" }
  }

  // MARK: Files

  package func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  package func contents(_ name: String) throws -> Data {
    try Data(contentsOf: url.appendingPathComponent(name))
  }

  package func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: path(name))
  }

  /// What is in the folder `name`, hidden files too, sorted.
  package func files(in name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path(name)).sorted()
  }

  package func write(_ text: String, to name: String) throws { try write(Data(text.utf8), to: name) }

  package func write(_ data: Data, to name: String) throws {
    let target = url.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try data.write(to: target)
  }

  // MARK: Commands

  /// Runs the command here and waits for it.
  ///
  /// - Parameter limit: What a shell does before, such as `ulimit -f 100`.
  package func run(
    _ arguments: [String], environment: [String: String] = [:], limit: String? = nil
  ) throws -> Outcome {
    try start(arguments, environment: environment, limit: limit).finish()
  }

  /// Starts the command here.
  package func start(
    _ arguments: [String], environment: [String: String] = [:], limit: String? = nil
  ) throws -> RunningCommand {
    let executable = URL(fileURLWithPath: CommandLine.arguments[0])
      .deletingLastPathComponent().appendingPathComponent(command)
    let process = Process()
    if let limit {
      process.executableURL = URL(fileURLWithPath: "/bin/sh")
      process.arguments =
        ["-c", "\(limit) && exec \"$0\" \"$@\"", executable.path] + arguments
    } else {
      process.executableURL = executable
      process.arguments = arguments
    }
    process.currentDirectoryURL = url
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    // Files rather than pipes: a full pipe would stall the command.
    let name = UUID().uuidString
    let files = ["out", "err"].map { url.appendingPathComponent(".\(name).\($0)") }
    for file in files { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: files[0])
    process.standardError = try FileHandle(forWritingTo: files[1])
    try process.run()
    return RunningCommand(
      process, line: ([command] + arguments).joined(separator: " "), output: files[0],
      errors: files[1])
  }
}

/// A command at work.
package final class RunningCommand {
  private let process: Process
  private let line: String
  private let output: URL
  private let errors: URL

  init(_ process: Process, line: String, output: URL, errors: URL) {
    self.process = process
    self.line = line
    self.output = output
    self.errors = errors
  }

  /// Its number.
  package var number: Int32 { process.processIdentifier }

  /// Waits until `condition` holds.
  ///
  /// - Returns: Whether it held before the command ended and before a minute had passed.
  package func wait(until condition: () -> Bool) -> Bool {
    let deadline = Date() + 60
    while process.isRunning, Date() < deadline {
      if condition() { return true }
      usleep(1000)
    }
    return false
  }

  /// Sends a signal.
  package func send(_ signal: Int32) { kill(process.processIdentifier, signal) }

  /// Waits for the end.
  package func finish() throws -> CommandWorkdir.Outcome {
    process.waitUntilExit()
    return CommandWorkdir.Outcome(
      command: line,
      status: process.terminationReason == .exit
        ? process.terminationStatus : -process.terminationStatus,
      output: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self))
  }
}
