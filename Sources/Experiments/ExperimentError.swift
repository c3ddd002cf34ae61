import Training

/// Why runs cannot be trained or found again.
public enum ExperimentError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The folder of a run holds something else.
  case foreignFolder(path: String)
  /// The folder of a run holds one of another configuration.
  case otherConfiguration(path: String, differences: [RunConfiguration.Difference])
  /// The folder of a run holds one that was trained on other data.
  case otherData(path: String, dataset: String)
  /// A setting is a list where a row has one configuration.
  case severalRuns(trial: String, axes: [String])
  /// A run in a process of its own ended without a result.
  case childFailed(command: String, status: Int32, remarks: String)

  public var description: String {
    switch self {
    case .foreignFolder(let path):
      "\(path) is not empty and holds no run, so it is left alone; choose another folder for the "
        + "runs"
    case .otherConfiguration(let path, let differences):
      "\(path) holds a run of another configuration ("
        + differences.prefix(3).map { "\($0.key) is \($0.other) there and \($0.own) here" }
        .joined(separator: ", ")
        + (differences.count > 3 ? ", and \(differences.count - 3) more" : "")
        + "); choose another folder for the runs"
    case .otherData(let path, let dataset):
      "\(path) holds a run on other data than the \(dataset) at hand (their digests differ); "
        + "choose another folder for the runs"
    case .severalRuns(let trial, let axes):
      "\(trial) is described as several runs, by \(axes.joined(separator: ", ")); give one value "
        + "each, or search over them with --select or sweep"
    case .childFailed(let command, let status, let remarks):
      "\(command) ended with exit code \(status)\(remarks.isEmpty ? "" : ": \(remarks)")"
    }
  }
}
