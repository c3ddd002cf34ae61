import Datasets
import Foundation
import Synchronization
import Training

/// What an epoch of a system costs.
public struct SystemCost: Sendable, Equatable {
  /// Medians of wall-clock seconds.
  public let seconds: EpochRecord.Seconds
  /// Peak resident memory of the process, in bytes.
  public let peakMemory: Int
  /// Epochs that the medians are of.
  public let epochs: Int

  /// - Parameters:
  ///   - records: The epochs; the first one, which also fills caches and buffers, is left out where
  ///     there are others.
  ///   - peakMemory: In bytes.
  /// - Precondition: there is an epoch.
  public init(_ records: [EpochRecord], peakMemory: Int) {
    precondition(!records.isEmpty, "no epoch to measure")
    let counted = records.count > 1 ? Array(records.dropFirst()) : records
    func median(_ part: (EpochRecord.Seconds) -> Double) -> Double {
      let sorted = counted.map { part($0.seconds) }.sorted()
      return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
    seconds = .init(
      training: median(\.training), evaluation: median(\.evaluation),
      projection: median(\.projection), redundancy: median(\.redundancy))
    self.peakMemory = peakMemory
    epochs = counted.count
  }
}

/// Measures what an epoch costs by training a few, each system in a process of its own: the peak of
/// a process that had trained others before would be theirs.
public struct CostMeasurement: Sendable {
  /// The program `clear-trainer`.
  public let program: URL
  /// Further words for it, such as `--threads 1` and `--data-dir DIR`.
  public let options: [String]

  /// Epochs that are trained, unless the settings say otherwise.
  public static let epochs = 4

  public init(program: URL, options: [String] = []) {
    self.program = program
    self.options = options
  }

  /// The system with a few epochs in place of many; what it sets itself wins.
  public static func trial(_ trial: Trial) -> Trial {
    let isSet = trial.settings.contains { $0.hasPrefix("epochs=") }
    return Trial(
      trial.name, model: trial.model, (isSet ? [] : ["epochs=\(epochs)"]) + trial.settings,
      projection: trial.projection, files: trial.files)
  }

  /// The cost of `trial`, measured unless it has been.
  ///
  /// - Parameter isOver: Whether the time is spent: nothing is then measured.
  /// - Returns: nil where nothing is measured.
  /// - Throws: As ``Experiment/state(of:)``;
  ///   ``ExperimentError/childFailed(command:status:remarks:)``.
  public func cost(
    of trial: Trial, in experiment: Experiment, seed: UInt64, isOver: () -> Bool
  ) throws -> SystemCost? {
    let configuration = try experiment.configuration(of: trial, seed: seed)
    let path = try experiment.path(of: configuration)
    if case .finished(let run) = try experiment.state(of: configuration) {
      return try Self.read(run.folder)
    }
    if isOver() { return nil }
    // A run that was interrupted is begun anew: its peak would be that of its second part.
    let words =
      trial.arguments(dataset: experiment.dataset, seed: seed) + ["--output", path, "--force"]
      + options
    try ChildProcess.run(program, words)
    return try Self.read(path)
  }

  /// A row for each of `trials`, measured where it has not been.
  ///
  /// - Parameter report: Called before each measurement.
  /// - Throws: As ``cost(of:in:seed:isOver:)``; a system that cannot run is a row that says so.
  public func rows(
    of trials: [Trial], in experiment: Experiment, seed: UInt64, isOver: () -> Bool,
    report: (Trial) -> Void
  ) throws -> [CostTable.Row] {
    try trials.map(Self.trial).map { trial in
      do {
        let found = try cost(of: trial, in: experiment, seed: seed) {
          let isSpent = isOver()
          if !isSpent { report(trial) }
          return isSpent
        }
        return CostTable.Row(trial, found)
      } catch let error as ExperimentError {
        guard case .childFailed(_, _, let remarks) = error else { throw error }
        return CostTable.Row(trial, nil, problem: remarks.isEmpty ? "\(error)" : remarks)
      }
    }
  }

  private static func read(_ path: String) throws -> SystemCost {
    let run = try RunFolder(at: path)
    return SystemCost(
      try run.history().records, peakMemory: try RunResult(at: run.result).peakMemory)
  }
}

/// A program that is run and waited for.
public enum ChildProcess {
  private static let running = Mutex<Set<Int32>>([])

  /// Runs `program` to its end.
  ///
  /// - Throws: ``ExperimentError/childFailed(command:status:remarks:)``.
  static func run(_ program: URL, _ arguments: [String]) throws {
    let name = program.lastPathComponent
    let command = ([name] + arguments).joined(separator: " ")
    let remarks = FileManager.default.temporaryDirectory
      .appendingPathComponent("\(name)-\(UUID().uuidString).err")
    defer { try? FileManager.default.removeItem(at: remarks) }
    let process = Process()
    process.executableURL = program
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    // A file rather than a pipe: a full pipe would stall the program.
    guard FileManager.default.createFile(atPath: remarks.path, contents: nil),
      let handle = FileHandle(forWritingAtPath: remarks.path)
    else {
      throw DatasetError.unwritable(path: remarks.path, reason: String(cString: strerror(errno)))
    }
    process.standardError = handle
    do { try process.run() } catch {
      throw ExperimentError.childFailed(command: command, status: 127, remarks: "\(error)")
    }
    let number = process.processIdentifier
    running.withLock { _ = $0.insert(number) }
    process.waitUntilExit()
    running.withLock { _ = $0.remove(number) }
    let isGood = process.terminationReason == .exit && process.terminationStatus == 0
    guard isGood else {
      let text = (try? String(contentsOf: remarks, encoding: .utf8)) ?? ""
      let last = text.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
      throw ExperimentError.childFailed(
        command: command, status: process.terminationStatus,
        remarks: last.hasPrefix("\(name): ") ? String(last.dropFirst(name.count + 2)) : last)
    }
  }

  /// Ends what is running, for a process that is about to stop.
  public static func endAll() {
    running.withLock { numbers in
      for number in numbers { kill(number, SIGTERM) }
    }
  }
}
