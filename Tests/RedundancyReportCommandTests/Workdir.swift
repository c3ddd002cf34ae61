import Foundation
import Testing

/// A fresh folder in which the built command is run, and what came of it.
final class Workdir {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("redundancy-report-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  struct Outcome {
    let command: String
    let status: Int32
    let output: String
    let errors: String

    /// For the message of a failed expectation.
    var transcript: String { "$ \(command)\n[\(status)]\n\(output)\n\(errors)" }
  }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  func contents(_ name: String) throws -> Data {
    try Data(contentsOf: url.appendingPathComponent(name))
  }

  func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(name)) }

  func write(_ text: String, to name: String) throws {
    let target = url.appendingPathComponent(name)
    try FileManager.default.createDirectory(
      at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: target)
  }

  /// Runs the command here and waits for it.
  func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
    let process = Process()
    process.executableURL = Self.executable
    process.arguments = arguments
    process.currentDirectoryURL = url
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    // Files rather than pipes: a full pipe would stall the command.
    let outputURL = url.appendingPathComponent(".stdout")
    let errorURL = url.appendingPathComponent(".stderr")
    for file in [outputURL, errorURL] {
      try Data().write(to: file)
    }
    process.standardOutput = try FileHandle(forWritingTo: outputURL)
    process.standardError = try FileHandle(forWritingTo: errorURL)
    try process.run()
    process.waitUntilExit()
    return Outcome(
      command: "redundancy-report " + arguments.joined(separator: " "),
      status: process.terminationReason == .exit
        ? process.terminationStatus : -process.terminationStatus,
      output: String(decoding: try Data(contentsOf: outputURL), as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errorURL), as: UTF8.self))
  }

  /// The built binary: it lies beside the test bundle.
  static let executable = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("redundancy-report")
}
