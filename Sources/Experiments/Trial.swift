import CommandSupport
import Training

/// One row of a table: a configuration that is trained with several seeds.
public struct Trial: Sendable, Equatable {
  /// What the row is called.
  public let name: String
  /// Name of the model.
  public let model: String
  /// Paths of configuration files.
  public let files: [String]
  /// Settings `key=value`, beyond the model's defaults and the files.
  public let settings: [String]
  /// The projection, as `--clear` takes it; nil for the model's own.
  public let projection: String?

  public init(
    _ name: String, model: String, _ settings: [String] = [], projection: String? = nil,
    files: [String] = []
  ) {
    self.name = name
    self.model = model
    self.files = files
    self.settings = settings
    self.projection = projection
  }

  /// The command that trains it with `seed`.
  public func command(dataset: String, seed: UInt64) -> String {
    (["clear-trainer"] + arguments(dataset: dataset, seed: seed)).map(shellQuoted)
      .joined(separator: " ")
  }

  /// The words of that command behind its name.
  func arguments(dataset: String, seed: UInt64) -> [String] {
    ["train", "--model", model, "--dataset", dataset]
      + (files.isEmpty ? [] : ["--config"] + files) + settings.flatMap { ["--set", $0] }
      + (projection.map { ["--clear", $0] } ?? []) + ["--seed", "\(seed)"]
  }

  /// The configuration with `seed`.
  ///
  /// - Throws: ``ConfigurationError``; ``ExperimentError/severalRuns(trial:axes:)``.
  public func configuration(dataset: String, seed: UInt64) throws -> RunConfiguration {
    let grid = try ConfigurationReader().read(
      model: model, dataset: dataset, files: files, overrides: settings, clear: projection,
      seed: seed)
    guard grid.runs.count == 1 else {
      throw ExperimentError.severalRuns(trial: name, axes: grid.axes)
    }
    return grid.runs[0]
  }
}
