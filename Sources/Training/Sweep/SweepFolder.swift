import Datasets
import Foundation

/// What came of one training of a sweep.
public enum SweepOutcome: Sendable, Equatable {
  /// It has not been trained to its end.
  case pending
  case finished(RunResult)
  /// Training diverged, for this reason.
  case diverged(String)

  var result: RunResult? { if case .finished(let result) = self { result } else { nil } }
}

/// The folder of a sweep: a run folder for each of its trainings, and what they came to.
public struct SweepFolder: Sendable {
  public let path: String

  /// The state of the sweep, by which its folder is known.
  public var journal: String { "\(path)/sweep.json" }
  /// One training a line.
  public var table: String { "\(path)/sweep.tsv" }
  /// One point of the grid a line, seeds averaged.
  public var page: String { "\(path)/sweep.md" }

  /// The sweep at `path`, whose folder is made if it is not there.
  ///
  /// - Throws: ``RunFolderError/notEmpty(path:)`` when something else is there.
  public init(at path: String) throws(RunFolderError) {
    self.path = path
    let files = FileManager.default
    do {
      try files.createDirectory(atPath: path, withIntermediateDirectories: true)
      let contents = try files.contentsOfDirectory(atPath: path)
      let isFree = contents.allSatisfy { $0.hasPrefix(".sweep.") && $0.hasSuffix(".part") }
      if isFree || contents.contains("sweep.json") { return }
    } catch {
      throw .inaccessible(path: path, reason: "it cannot be made a folder")
    }
    throw .notEmpty(path: path)
  }

  /// The folder of the run of `point`.
  public func run(of point: SweepPoint) -> String { "\(path)/\(point.name)" }

  /// What came of `point` if it has been trained to its end, or nil.
  ///
  /// - Parameter dataset: What it is trained on.
  /// - Throws: ``RunFolderError/otherRun(path:)`` when its folder holds the run of something else,
  ///   and others for what is damaged; ``ConfigurationError``.
  public func result(of point: SweepPoint, on dataset: FeatureDataset) throws -> RunResult? {
    let folder = RunFolder(unchecked: run(of: point))
    guard FileManager.default.fileExists(atPath: folder.config) else { return nil }
    let configuration = try RunConfiguration(yaml: folder.configuration(), path: folder.config)
    guard configuration == point.configuration.naming(modalitiesOf: dataset) else {
      throw RunFolderError.otherRun(path: folder.path)
    }
    guard FileManager.default.fileExists(atPath: folder.result) else { return nil }
    let result = try RunResult(at: folder.result)
    guard result.digest == dataset.digest else {
      throw RunFolderError.otherRun(path: folder.path)
    }
    return result
  }

  /// The run of `point`: a new one, or the one that was interrupted.
  ///
  /// - Throws: What ``TrainingRun`` throws.
  public func begin(
    _ point: SweepPoint, on dataset: FeatureDataset, version: String
  ) throws -> TrainingRun {
    let folder = RunFolder(unchecked: run(of: point))
    guard FileManager.default.fileExists(atPath: folder.config) else {
      return try TrainingRun(
        point.configuration, on: dataset, at: folder.path, force: false, version: version)
    }
    return try TrainingRun(resuming: folder.path, version: version) { _ in dataset }
  }

  /// Writes ``journal``, ``table`` and ``page``.
  ///
  /// - Throws: ``DatasetError``.
  public func write(_ report: SweepReport) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    try AtomicFile.write(try encoder.encode(report.journal) + Data("\n".utf8), to: journal)
    try AtomicFile.write(report.table, to: table)
    try AtomicFile.write(report.page, to: page)
  }
}
