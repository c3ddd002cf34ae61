/// A data set that is not there: what was looked for, where to get it, what to run meanwhile.
public struct MissingDataset: Error, Equatable, Sendable, CustomStringConvertible {
  /// The name that was asked for.
  public let name: String
  /// Every path that was tried.
  public let candidates: [String]

  public var description: String {
    let generator =
      SyntheticShape(rawValue: name).map { "synthetic-\($0.rawValue)" } ?? "synthetic-baby"
    return """
      no data set \(name.debugDescription) was found; these files were looked for:
      \(candidates.map { "  \($0)" }.joined(separator: "\n"))
      The MMRec project, https://github.com/enoche/MMRec, publishes its data sets in the Google \
      Drive folder that data/README there links to; the raw features are named image_feat.npy and \
      text_feat.npy. Put them into one of the folders above, or name another directory with \
      --data-dir or CLEAR_DATA.
      Meanwhile, run with --dataset demo, or with --dataset \(generator) for features of real size.
      """
  }
}

/// The directories in which a data set's folder is looked for.
public struct DatasetSearch: Sendable, Equatable {
  /// The value of `--data-dir`.
  public var dataDirectory: String?
  /// The environment, of which `CLEAR_DATA` is read.
  public var environment: [String: String]
  /// The directory whose `data` is tried last.
  public var workingDirectory: String

  public init(
    dataDirectory: String? = nil, environment: [String: String], workingDirectory: String
  ) {
    self.dataDirectory = dataDirectory
    self.environment = environment
    self.workingDirectory = workingDirectory
  }

  /// `--data-dir`, then `$CLEAR_DATA`, then `./data`.
  public var directories: [String] {
    let variable = environment["CLEAR_DATA"].flatMap { $0.isEmpty ? nil : $0 }
    let all = [dataDirectory, variable, "\(workingDirectory)/data"].compactMap(\.self)
    return all.enumerated().filter { !all[..<$0.offset].contains($0.element) }.map(\.element)
  }
}
