/// Where the value of a key was written.
public enum SettingSource: Sendable, Equatable, CustomStringConvertible {
  /// A file; lines count from 1.
  case file(path: String, line: Int)
  /// An option of the command line, as it was typed.
  case option(String)

  public var description: String {
    switch self {
    case .file(let path, let line): "\(path), line \(line)"
    case .option(let text): text.shortened
    }
  }
}

/// Why a configuration cannot be used.
public enum ConfigurationError: Error, Equatable, Sendable {
  /// A file that was named is not there.
  case fileNotFound(path: String)
  /// A file is there but cannot be read.
  case unreadable(path: String, reason: String)
  /// The text is no YAML, or YAML of a kind that no configuration needs.
  case malformed(SettingSource, column: Int, reason: String)
  /// A key stands twice in one file; the place is that of the first.
  case duplicateKey(String, SettingSource, column: Int)
  /// Neither the protocol nor the model has this key.
  case unknownKey(String, SettingSource, nearest: String)
  /// A value of the wrong type or out of range.
  case invalidValue(
    key: String, SettingSource, expected: String, got: String, nearest: String? = nil)
  /// A value that asks for something that is not done here.
  case unsupported(key: String, SettingSource, got: String, reason: String)
  /// A list for a key that is not searched over.
  case listOutsideGrid(key: String, SettingSource)
  /// A key that is searched over without a list of values.
  case axisWithoutList(key: String, SettingSource)
  /// More runs than anybody can mean.
  case gridTooLarge(limit: Int)
  /// A grid where one run is described.
  case severalRuns(path: String, count: Int)
  /// No model or data set is named.
  case missingName(key: String)
  /// No model is called so.
  case unknownModel(String, known: [String], nearest: String?)
  /// The model has nothing that a projection could act on.
  case takesNoProjection(model: String, SettingSource)
  /// The metric that chooses the epoch is not measured.
  case unmeasuredValidMetric(MetricKey, metrics: [RankingMetric], topK: [Int])

  /// Whether input is missing, as against present but bad.
  public var isMissingInput: Bool {
    if case .fileNotFound = self { true } else { false }
  }

  /// Whether it is a file that has to be mended, as against the command line.
  public var isInFile: Bool {
    switch self {
    case .unreadable, .severalRuns: true
    case .malformed(let source, _, _), .duplicateKey(_, let source, _),
      .unknownKey(_, let source, _), .invalidValue(_, let source, _, _, _),
      .unsupported(_, let source, _, _), .listOutsideGrid(_, let source),
      .axisWithoutList(_, let source), .takesNoProjection(_, let source):
      if case .file = source { true } else { false }
    case .fileNotFound, .gridTooLarge, .missingName, .unknownModel, .unmeasuredValidMetric: false
    }
  }
}

extension ConfigurationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .fileNotFound(let path): "\(path): no such configuration file; check the path"
    case .unreadable(let path, let reason): "\(path): cannot be read (\(reason))"
    case .malformed(let source, let column, let reason):
      "\(source), column \(column): \(reason); a configuration is a YAML file of lines key: value"
    case .duplicateKey(let key, let source, let column):
      "\(source), column \(column): \(key.shortened) stands more than once, here for the first "
        + "time; keep one"
    case .unknownKey(let key, let source, let nearest):
      "\(source): there is no key \(key.shortened); the nearest is \(nearest)"
    case .invalidValue(let key, let source, let expected, let got, let nearest):
      "\(source): \(key) must be \(expected), but is \(got.shortened)"
        + (nearest.map { "; the nearest is \($0)" } ?? "")
    case .unsupported(let key, let source, let got, let reason):
      "\(source): \(key) \(got.shortened) is not supported; \(reason)"
    case .listOutsideGrid(let key, let source):
      "\(source): \(key) holds a list, but hyper_parameters does not name it; name it there to "
        + "search over the list, or give one value"
    case .axisWithoutList(let key, let source):
      "\(source): hyper_parameters names \(key), but it holds no list; give it a list such as "
        + "[a, b], or name it no more"
    case .gridTooLarge(let limit):
      "the lists of hyper_parameters describe more than \(limit) runs; shorten them"
    case .severalRuns(let path, let count):
      "\(path) describes \(count) runs where one is needed; replace its lists by single values"
    case .missingName(let key): "no \(key) is named; give one with --\(key)"
    case .unknownModel(let name, let known, let nearest):
      "there is no model \(name.shortened.debugDescription)"
        + (nearest.map { "; the nearest is \($0)" } ?? "") + "; there are: "
        + (known.isEmpty ? "none" : known.joined(separator: ", "))
    case .takesNoProjection(let model, let source):
      "\(source): \(model) has no modality embeddings that a projection could act on; leave clear "
        + "out, or train another model"
    case .unmeasuredValidMetric(let metric, let metrics, let topK):
      "valid_metric \(metric.title) is not measured; metrics are "
        + "\(metrics.map(\.title).joined(separator: ", ")) and topk is "
        + "\(topK.map { String($0) }.joined(separator: ", ")), so add it there or choose another"
    }
  }
}

extension String {
  /// The text on one line of bearable length, for a message.
  var shortened: String {
    let line = String(prefix(80).map { $0.isNewline ? " " : $0 })
    return count > 80 ? "\(line)…" : line
  }
}
