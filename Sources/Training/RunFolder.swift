import Datasets
import Foundation

/// The folder of one training run and the files in it.
public struct RunFolder: Sendable, Equatable {
  public let path: String

  /// The run at `path`, to be read.
  ///
  /// - Throws: ``RunFolderError/notRunFolder(path:missing:)`` unless it has a configuration.
  public init(at path: String) throws(RunFolderError) {
    self.init(unchecked: path)
    for file in [path, config] where !FileManager.default.fileExists(atPath: file) {
      throw .notRunFolder(path: path, missing: file == path ? "folder" : "config.yaml")
    }
  }

  init(unchecked path: String) { self.path = path }

  /// The complete configuration, from which the run can be repeated.
  public var config: String { "\(path)/config.yaml" }
  /// One ``EpochRecord`` a line.
  public var metrics: String { "\(path)/metrics.jsonl" }
  /// The checkpoint of the last epoch, with the optimizer's state.
  public var last: String { "\(path)/last.safetensors" }
  /// The checkpoint of the best epoch.
  public var best: String { "\(path)/best.safetensors" }
  /// The users' metrics at the best epoch.
  public var users: String { "\(path)/users.tsv" }
  /// What came of the run; there once it is over.
  public var result: String { "\(path)/result.json" }
  /// What was said during the run.
  public var log: String { "\(path)/log.txt" }

  private var files: [String] { [config, metrics, last, best, users, result, log] }

  /// The text of ``config``.
  ///
  /// - Throws: ``RunFolderError/inaccessible(path:reason:)``.
  public func configuration() throws(RunFolderError) -> String {
    try LineFile.text(config)
  }

  /// The epochs so far.
  ///
  /// - Throws: As ``EpochHistory/init(at:)``.
  public func history() throws(RunFolderError) -> EpochHistory { try EpochHistory(at: metrics) }
}

extension RunFolder {
  /// Makes and claims the folder of a new run.
  ///
  /// - Parameters:
  ///   - configuration: The text of ``config``.
  ///   - force: Replace the run that is there. Only the files of a run are deleted, and only from a
  ///     folder that holds a run.
  /// - Throws: ``RunFolderError``; ``DatasetError`` from writing.
  public static func create(
    at path: String, configuration: String, force: Bool
  ) throws -> RunRecorder {
    let folder = RunFolder(unchecked: path)
    try folder.requireFree(force: force)
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw RunFolderError.inaccessible(path: path, reason: "it cannot be made a folder")
    }
    let lock = try RunLock(path)
    // Another process may have been here between the look and the claim.
    try folder.requireFree(force: force)
    try folder.removeUnfinished()
    try remove(folder.files)
    try AtomicFile.write(configuration, to: folder.config)
    return RunRecorder(folder, lock: lock)
  }

  /// Claims the folder of a run that was interrupted; ``RunRecorder/rewind(to:)`` then takes it
  /// back to where its checkpoint stands.
  ///
  /// - Throws: ``RunFolderError``.
  public static func resume(at path: String) throws(RunFolderError) -> RunRecorder {
    let folder = try RunFolder(at: path)
    let lock = try RunLock(path)
    try folder.removeUnfinished()
    return RunRecorder(folder, lock: lock)
  }

  /// Throws unless a new run may take the folder.
  private func requireFree(force: Bool) throws(RunFolderError) {
    guard FileManager.default.fileExists(atPath: path) else { return }
    let contents = Set(try contents()).subtracting(try unfinished())
    if contents.isSubset(of: [RunLock.file]) { return }
    let holdsRun =
      contents.contains(RunLock.file) || contents.isSuperset(of: ["config.yaml", "metrics.jsonl"])
    guard holdsRun else { throw .notEmpty(path: path) }
    guard force else { throw .exists(path: path) }
  }

  /// Deletes the temporary files of a process that was killed while writing.
  private func removeUnfinished() throws(RunFolderError) {
    try remove(unfinished().map { "\(path)/\($0)" })
  }

  private func unfinished() throws(RunFolderError) -> [String] {
    let names = files.map { URL(fileURLWithPath: $0).lastPathComponent }
    return try contents().filter { file in
      file.hasSuffix(".part") && names.contains { file.hasPrefix(".\($0).") }
    }
  }

  private func contents() throws(RunFolderError) -> [String] {
    do {
      return try FileManager.default.contentsOfDirectory(atPath: path)
    } catch {
      throw .inaccessible(path: path, reason: "it is not a folder that can be listed")
    }
  }
}

private func remove(_ files: [String]) throws(RunFolderError) {
  for file in files where unlink(file) != 0 && errno != ENOENT { throw inaccessible(file) }
}
