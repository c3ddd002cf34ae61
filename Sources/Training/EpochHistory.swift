import Datasets
import Foundation

/// The epochs of a run: `metrics.jsonl`.
public struct EpochHistory: Sendable, Equatable {
  /// In ascending order of epochs.
  public let records: [EpochRecord]
  /// Whether the last line breaks off, as when a run was killed while writing it; it is not among
  /// the records.
  public let isCutOff: Bool

  /// Reads the file at `path`.
  ///
  /// - Throws: ``RunFolderError/inaccessible(path:reason:)``,
  ///   ``RunFolderError/malformed(path:line:expected:)``.
  public init(at path: String) throws(RunFolderError) {
    let file = try LineFile.read(path)
    isCutOff = !file.isWhole
    records = try Self.decode(file.isWhole ? file.lines : file.lines.dropLast(), path: path)
  }

  private static func decode(
    _ lines: some Collection<Substring.UTF8View>, path: String
  ) throws(RunFolderError) -> [EpochRecord] {
    var records: [EpochRecord] = []
    for (index, line) in lines.enumerated() {
      let record = try record(line, number: index + 1, path: path)
      guard record.epoch > records.last?.epoch ?? 0 else {
        throw .malformed(
          path: path, line: index + 1, expected: "an epoch after \(records.last?.epoch ?? 0)")
      }
      records.append(record)
    }
    return records
  }

  private static func record(
    _ line: Substring.UTF8View, number: Int, path: String
  ) throws(RunFolderError) -> EpochRecord {
    do {
      return try JSONDecoder().decode(EpochRecord.self, from: Data(line))
    } catch let error as DecodingError {
      throw .malformed(path: path, line: number, expected: expectation(error))
    } catch {
      throw .malformed(path: path, line: number, expected: "the JSON object of an epoch")
    }
  }

  private static func expectation(_ error: DecodingError) -> String {
    switch error {
    case .keyNotFound(let key, _): "the key \(key.stringValue.debugDescription)"
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      "\(type) at \(context.codingPath.map(\.stringValue).joined(separator: ".").debugDescription)"
    default: "the JSON object of an epoch"
    }
  }

  /// Cuts the file at `path` behind the line of `epoch`; 0 leaves nothing, of no file too.
  static func truncate(_ path: String, behind epoch: Int) throws {
    // A run that was killed in its first epoch has no file yet.
    guard epoch > 0 || FileManager.default.fileExists(atPath: path) else { return }
    let file = try LineFile.read(path)
    var kept: [Substring.UTF8View] = []
    var last: Int?
    for (index, line) in file.lines.enumerated() where last ?? 0 < epoch {
      let isCutOff = index == file.lines.count - 1 && !file.isWhole
      guard !isCutOff else { break }
      last = try record(line, number: index + 1, path: path).epoch
      kept.append(line)
    }
    guard last ?? 0 == epoch else {
      throw RunFolderError.missingEpoch(path: path, epoch: epoch, last: last)
    }
    try AtomicFile.write(to: path) { writer in
      for line in kept { try writer.write(Array(line) + [UInt8(ascii: "\n")]) }
    }
  }
}
