import Datasets
import Foundation
import Yams

/// What a training run left behind: its settings and what was measured in every epoch.
public struct RunHistory: Sendable, Equatable {
  /// The run folder's name.
  public let name: String
  public let path: String
  /// The keys of `config.yaml` with their values as written, in the order of the file.
  public let settings: [Setting]
  /// The epochs, first to last; there is one.
  public let epochs: [RunEpoch]
  /// Whether the last line of the metrics broke off, because the run was stopped while writing it.
  public let isTruncated: Bool
  /// SHA-256 of the two files.
  public let digests: [String: String]

  /// One key of a configuration.
  public struct Setting: Sendable, Equatable {
    public let key: String
    public let value: String
  }

  /// The value of a setting.
  public func setting(_ key: String) -> String? { settings.first { $0.key == key }?.value }

  /// The epoch that was kept: the last that improved, or the last of all.
  public var best: RunEpoch { epochs.last(where: \.improved) ?? epochs[epochs.count - 1] }

  /// Reads a run folder's `config.yaml` and `metrics.jsonl`.
  ///
  /// A last line that breaks off is left out; anything else that is no record is an error.
  ///
  /// - Throws: ``RunHistoryError``, ``DatasetError/fileNotFound(path:)``,
  ///   ``DatasetError/unreadable(path:reason:)``.
  /// - Complexity: O(bytes).
  public init(folder: String) throws {
    var isDirectory: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isDirectory) else {
      throw RunHistoryError.noFolder(path: folder)
    }
    guard isDirectory.boolValue else { throw RunHistoryError.notAFolder(path: folder) }
    let url = URL(fileURLWithPath: folder).standardizedFileURL
    let metrics = try FileMap(path: url.appendingPathComponent("metrics.jsonl").path)
    let config = try FileMap(path: url.appendingPathComponent("config.yaml").path)
    name = url.lastPathComponent
    path = folder
    (epochs, isTruncated) = try metrics.withBytes { try Self.epochs($0, path: metrics.path) }
    settings = try config.withBytes { try Self.settings($0, path: config.path) }
    digests = [
      "\(name)/metrics.jsonl": try Digest.sha256(fileAt: metrics.path),
      "\(name)/config.yaml": try Digest.sha256(fileAt: config.path),
    ]
  }

  private static func epochs(
    _ bytes: UnsafeRawBufferPointer, path: String
  ) throws(RunHistoryError) -> (epochs: [RunEpoch], isTruncated: Bool) {
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // Every finished line ends in a line break, after which the last piece is empty.
    let rest = lines.removeLast()
    let decoder = JSONDecoder()
    var epochs: [RunEpoch] = []
    // A whole record without its line break is a record.
    let isTruncated =
      !rest.isEmpty && (try? decoder.decode(RunEpoch.self, from: Data(rest))) == nil
    if !rest.isEmpty, !isTruncated { lines.append(rest) }
    for (place, line) in lines.enumerated() {
      let record: RunEpoch
      do {
        record = try decoder.decode(RunEpoch.self, from: Data(line))
      } catch {
        throw .line(path: path, line: place + 1, reason: jsonReason(error))
      }
      if let problem = record.problem(after: epochs.last?.epoch) {
        throw .line(path: path, line: place + 1, reason: problem)
      }
      epochs.append(record)
    }
    guard !epochs.isEmpty else { throw .noEpochs(path: path) }
    return (epochs, isTruncated)
  }

  private static func settings(
    _ bytes: UnsafeRawBufferPointer, path: String
  ) throws(RunHistoryError) -> [Setting] {
    guard let source = String(validating: bytes, as: UTF8.self) else {
      throw .config(path: path, line: nil, reason: "it is not UTF-8")
    }
    let node: Node?
    do {
      node = try Yams.compose(yaml: source)
    } catch let error as YamlError {
      throw .config(path: path, line: yamlLine(error), reason: yamlReason(error))
    } catch {
      throw .config(path: path, line: nil, reason: "\(error)")
    }
    guard case .mapping(let mapping)? = node else {
      throw .config(path: path, line: nil, reason: "it is not a list of keys and values")
    }
    return mapping.map { key, value in
      Setting(key: key.string ?? "?", value: text(of: value))
    }
  }

  /// A value in one line; what is nested deeper than a list is not shown.
  private static func text(of node: Node) -> String {
    switch node {
    case .scalar(let scalar): scalar.string
    case .sequence(let list): "[" + list.map { $0.string ?? "…" }.joined(separator: ", ") + "]"
    case .mapping, .alias: "…"
    }
  }
}

/// Why a run cannot be compared.
public enum RunHistoryError: Error, Equatable, Sendable, CustomStringConvertible {
  /// There is no such run folder.
  case noFolder(path: String)
  /// What is there is a file.
  case notAFolder(path: String)
  /// The metrics hold no finished epoch.
  case noEpochs(path: String)
  /// A line of the metrics is no record. Lines count from 1.
  case line(path: String, line: Int, reason: String)
  /// The configuration cannot be read. Lines count from 1.
  case config(path: String, line: Int?, reason: String)

  /// Whether input is missing, as against present but bad.
  public var isMissingInput: Bool {
    if case .noFolder = self { true } else { false }
  }

  public var description: String {
    switch self {
    case .noFolder(let path):
      "\(path): no such run folder; give folders that clear-trainer wrote, such as "
        + "runs/<model>-<dataset>-<seed>"
    case .notAFolder(let path):
      "\(path) is a file; give the run folder, which has metrics.jsonl and config.yaml in it"
    case .noEpochs(let path):
      "\(path) holds no finished epoch; let the run go on, or leave it out"
    case .line(let path, let line, let reason):
      "\(path), line \(line): \(reason); only the last line may break off"
    case .config(let path, let line, let reason):
      "\(path)\(line.map { ", line \($0)" } ?? ""): \(reason)"
    }
  }
}

/// Why a line did not decode, in half a sentence.
private func jsonReason(_ error: any Error) -> String {
  func place(_ context: DecodingError.Context) -> String {
    context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
      .joined(separator: ".")
  }
  return switch error as? DecodingError {
  case .keyNotFound(let key, let context)?:
    "\"\(key.stringValue)\" is missing"
      + (context.codingPath.isEmpty ? "" : " in \(place(context))")
  case .typeMismatch(_, let context)?, .valueNotFound(_, let context)?:
    context.codingPath.isEmpty
      ? "it is not a JSON object" : "\"\(place(context))\" is not of the right type"
  // Numbers that do not fit, such as a fraction of an epoch, come without a place.
  default: "it is not the JSON of an epoch"
  }
}

private func yamlLine(_ error: YamlError) -> Int? {
  switch error {
  case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
    mark.line
  default: nil
  }
}

private func yamlReason(_ error: YamlError) -> String {
  switch error {
  case .scanner(_, let problem, _, _), .parser(_, let problem, _, _),
    .composer(_, let problem, _, _):
    problem
  default: "it is not YAML"
  }
}
