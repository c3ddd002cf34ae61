import Datasets
import Foundation
import Recommenders
import Training

/// A run that is over: what came of it, and what each user got.
public struct FinishedRun: Sendable, Equatable {
  public let result: RunResult
  public let users: UserTable
  /// The folder that it is in.
  public let folder: String

  public init(result: RunResult, users: UserTable, folder: String) {
    self.result = result
    self.users = users
    self.folder = folder
  }
}

/// Trains what a table needs and finds again what is trained already.
///
/// Each run has a folder of its own, so that whatever is interrupted goes on where it stopped. A
/// run is known by its configuration, not by the name of its folder; a new one is called after what
/// it sets, such as `lightgcn_baby_n_layers-3_999`.
public struct Experiment: Sendable {
  /// How far a run is.
  public enum State: Sendable {
    case missing
    /// Begun, and resumed when it is asked for.
    case interrupted
    case finished(FinishedRun)
  }

  /// Name of the data set.
  public let dataset: String
  /// Folder of the runs.
  public let folder: String
  /// Of the program, for the checkpoints.
  public let version: String
  private let data: DatasetCache
  private let index = RunIndex()

  /// - Parameters:
  ///   - name: Name of the data set.
  ///   - data: Where it is read.
  ///   - folder: Where the runs are and go.
  ///   - version: Of the program.
  public init(
    on name: String, from data: DatasetCache, in folder: String = "runs", version: String
  ) {
    dataset = name
    self.data = data
    self.folder = folder
    self.version = version
  }

  /// An experiment whose runs share `dataset`, whatever their seed.
  public init(on dataset: FeatureDataset, in folder: String = "runs") {
    self.init(
      on: dataset.name, from: DatasetCache { _ in dataset }, in: folder, version: "notebook")
  }

  /// The data set of `configuration`.
  public func data(of configuration: RunConfiguration) throws -> FeatureDataset {
    try data.dataset(of: configuration)
  }

  /// The configuration of `trial` with `seed`.
  ///
  /// - Throws: As ``Trial/configuration(dataset:seed:)``.
  public func configuration(of trial: Trial, seed: UInt64) throws -> RunConfiguration {
    try trial.configuration(dataset: dataset, seed: seed)
  }

  // MARK: Finding

  /// How far the run of `configuration` is.
  ///
  /// - Throws: ``ExperimentError`` when its folder holds something else, ``RunFolderError``,
  ///   ``CheckpointError`` and ``ConfigurationError`` when what it holds is damaged or of another
  ///   version's format.
  public func state(of configuration: RunConfiguration) throws -> State {
    let dataset = try data(of: configuration)
    let path = try path(of: configuration)
    let files = FileManager.default
    guard files.fileExists(atPath: "\(path)/config.yaml") else {
      // Only the lock of a run that was killed as it began may be there; it is hidden.
      let contents = (try? files.contentsOfDirectory(atPath: path)) ?? []
      guard contents.allSatisfy({ $0.hasPrefix(".") }) else {
        throw ExperimentError.foreignFolder(path: path)
      }
      return .missing
    }
    let run = try RunFolder(at: path)
    let found = try RunConfiguration(yaml: run.configuration(), path: run.config)
      .completed(by: dataset)
    let differences = configuration.naming(modalitiesOf: dataset).differences(from: found)
    guard differences.isEmpty else {
      throw ExperimentError.otherConfiguration(path: path, differences: differences)
    }
    // The header alone; it says whether the format is this version's.
    if files.fileExists(atPath: run.last) {
      guard try Checkpoint.header(at: run.last).digest == dataset.digest else {
        throw ExperimentError.otherData(path: path, dataset: self.dataset)
      }
    }
    guard files.fileExists(atPath: run.result) else { return .interrupted }
    let result = try RunResult(at: run.result)
    guard result.digest == dataset.digest else {
      throw ExperimentError.otherData(path: path, dataset: self.dataset)
    }
    return .finished(FinishedRun(result: result, users: try UserTable(at: run.users), folder: path))
  }

  /// The folder of the run of `configuration`: the one that has it, or the one that it is to have.
  ///
  /// - Throws: ``ConfigurationError``.
  public func path(of configuration: RunConfiguration) throws -> String {
    let own = "\(folder)/\(try Self.name(of: configuration))"
    guard !FileManager.default.fileExists(atPath: "\(own)/config.yaml") else { return own }
    let dataset = try data(of: configuration)
    let complete = configuration.naming(modalitiesOf: dataset)
    return index.path(of: complete, in: folder, on: dataset) ?? own
  }

  /// Model, data set, what differs from the model's defaults, and seed.
  private static func name(of configuration: RunConfiguration) throws -> String {
    var defaults = try ConfigurationReader().read(
      model: configuration.model, dataset: configuration.dataset, seed: configuration.seed
    ).runs[0]
    var words = [configuration.model, configuration.dataset]
    if defaults.projection == nil, configuration.projection != nil {
      defaults.projection = ProjectionOptions()
      words.append("clear")
    }
    words += configuration.differences(from: defaults).map { "\($0.key)-\($0.own)" }
    let text = words.joined(separator: "_")
    let name = text.map { c in
      c.isASCII && (c.isLetter || c.isNumber || "._-@".contains(c)) ? String(c) : "-"
    }.joined()
    // File systems take 255 bytes.
    let short =
      name.utf8.count <= 200
      ? name : "\(name.prefix(190))\(Digest.sha256(Array(name.utf8)).prefix(8))"
    return "\(short)_\(configuration.seed)"
  }

  // MARK: Training

  /// The run of `configuration`, trained to its end if it is not yet.
  ///
  /// - Parameter train: Trains the run, to its end or until it is to stop; nil then.
  /// - Returns: nil when `train` has stopped before the end.
  /// - Throws: As ``state(of:)``; what ``TrainingRun`` throws.
  public func run(
    _ configuration: RunConfiguration, train: (TrainingRun) throws -> RunResult?
  ) throws -> FinishedRun? {
    let run: TrainingRun
    let (dataset, path) = (try data(of: configuration), try path(of: configuration))
    switch try state(of: configuration) {
    case .finished(let run): return run
    case .interrupted:
      run = try TrainingRun(resuming: path, version: version) { _ in dataset }
    case .missing:
      run = try TrainingRun(configuration, on: dataset, at: path, force: false, version: version)
    }
    guard let result = try train(run) else { return nil }
    return FinishedRun(
      result: result, users: try UserTable(at: run.folder.users), folder: path)
  }
}
