/// Why a run folder cannot be made, opened or read.
public enum RunFolderError: Error, Equatable, Sendable {
  /// There is a run already.
  case exists(path: String)
  /// There is something else in the folder's place, which is never deleted.
  case notEmpty(path: String)
  /// There is a run of another configuration or another data set.
  case otherRun(path: String)
  /// No run folder is there.
  case notRunFolder(path: String, missing: String)
  /// The folder or a file in it cannot be made, read or written.
  case inaccessible(path: String, reason: String)
  /// Another process trains into the folder.
  case locked(path: String, process: Int32?)
  /// A line of a file is not what it must be.
  case malformed(path: String, line: Int, expected: String)
  /// The epoch to go on from has no line.
  case missingEpoch(path: String, epoch: Int, last: Int?)
  /// An epoch has a number that is NaN or infinite.
  case nonFinite(path: String, epoch: Int)

  /// Whether input is missing, as against present but bad.
  public var isMissingInput: Bool {
    if case .notRunFolder = self { true } else { false }
  }
}

extension RunFolderError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .exists(let path):
      "\(path) holds a run already; resume it, choose another --output, or replace it with --force"
    case .notEmpty(let path):
      "\(path) is not empty and holds no run, so it is left alone even with --force; "
        + "choose another --output"
    case .otherRun(let path):
      "\(path) holds a run of another configuration or of other data; choose another --output"
    case .notRunFolder(let path, let missing):
      "\(path) is no run folder: it has no \(missing); name a folder that clear-trainer wrote"
    case .inaccessible(let path, let reason):
      "\(path) cannot be used (\(reason)); make room or choose another --output"
    case .locked(let path, let process):
      "\(path) is being trained into by \(process.map { "process \($0)" } ?? "another process"); "
        + "wait until it is done or choose another --output"
    case .malformed(let path, let line, let expected):
      "\(path), line \(line): \(expected) is needed; restore the file or train again with --force"
    case .missingEpoch(let path, let epoch, let last):
      "\(path) ends \(last.map { "with epoch \($0)" } ?? "before the first epoch"), but the "
        + "checkpoint is of epoch \(epoch); restore the file or train again with --force"
    case .nonFinite(let path, let epoch):
      "epoch \(epoch) has a number that is not finite, which \(path) cannot hold; "
        + "the training diverged, try a smaller learning_rate"
    }
  }
}
