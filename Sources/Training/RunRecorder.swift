import Datasets
import Foundation

/// Writes the files of a run, while it holds the run's folder.
public final class RunRecorder: Sendable {
  public let folder: RunFolder
  private let lock: RunLock

  init(_ folder: RunFolder, lock: RunLock) {
    self.folder = folder
    self.lock = lock
  }

  /// Cuts ``RunFolder/metrics`` behind the line of `epoch`, the one that training goes on from.
  /// What follows need not be sound.
  ///
  /// - Throws: ``RunFolderError``, also when `epoch` has no line; ``DatasetError`` from writing.
  ///   The file then is as it was.
  public func rewind(to epoch: Int) throws {
    try EpochHistory.truncate(folder.metrics, behind: epoch)
  }

  /// Appends an epoch to ``RunFolder/metrics``, in one write that reaches the disk.
  ///
  /// - Throws: ``RunFolderError/nonFinite(path:epoch:)``,
  ///   ``RunFolderError/inaccessible(path:reason:)``; the file then is as it was.
  public func append(_ record: EpochRecord) throws(RunFolderError) {
    let line: String
    do {
      line = try json(record)
    } catch {
      throw .nonFinite(path: folder.metrics, epoch: record.epoch)
    }
    try LineFile.append(line, to: folder.metrics)
  }

  /// Appends a line to ``RunFolder/log``.
  ///
  /// - Throws: ``RunFolderError/inaccessible(path:reason:)``.
  public func log(_ line: String) throws(RunFolderError) {
    try LineFile.append(line, to: folder.log)
  }

  /// Writes ``RunFolder/users``.
  ///
  /// - Throws: ``DatasetError``.
  public func write(_ users: UserTable) throws {
    try AtomicFile.write(users.text, to: folder.users)
  }

  /// Writes ``RunFolder/result``, keys sorted.
  ///
  /// - Throws: ``DatasetError``, `EncodingError` when a number is not finite.
  public func write(result: some Encodable) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    try AtomicFile.write(try encoder.encode(result) + Data("\n".utf8), to: folder.result)
  }
}
