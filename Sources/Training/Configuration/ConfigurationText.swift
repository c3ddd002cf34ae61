import Datasets
import Foundation
import Recommenders
internal import Yams

/// A key with the value that was written for it.
package struct WrittenSetting: Sendable, Equatable {
  package var key: String
  package var value: SettingValue
  package var source: SettingSource
}

/// Reads the YAML of configurations: one mapping from keys to words, numbers and lists. A mapping
/// inside it gives keys with a dot, so that `clear: {rank: 4}` is the key `clear.rank`.
package enum ConfigurationText {
  /// The settings of the file at `path`, in order; none if it is empty.
  static func read(path: String) throws(ConfigurationError) -> [WrittenSetting] {
    let map: FileMap
    do {
      map = try FileMap(path: path)
    } catch {
      switch error {
      case .unreadable(_, let reason): throw .unreadable(path: path, reason: reason)
      default: throw .fileNotFound(path: path)
      }
    }
    // A size no configuration has, so that a feature file named by mistake is not parsed.
    guard map.count <= 1 << 20 else {
      throw .unreadable(path: path, reason: "it is larger than 1 MiB, so no configuration")
    }
    guard let text = map.withBytes({ String(validating: $0, as: UTF8.self) }) else {
      throw .unreadable(path: path, reason: "it is not UTF-8 text")
    }
    return try settings(in: text) { .file(path: path, line: $0) }
  }

  /// The settings of `text`, in order.
  ///
  /// - Parameter source: Names the place of a line.
  static func settings(
    in text: String, source: (Int) -> SettingSource
  ) throws(ConfigurationError) -> [WrittenSetting] {
    guard let root = try compose(text, source) else { return [] }
    if case .scalar(let scalar) = root, scalar.style == .plain, scalar.string.isEmpty { return [] }
    guard case .mapping(let mapping) = root else {
      throw malformed(root, "this is no key: value", source)
    }
    return try settings(of: mapping, prefix: "", source)
  }

  /// The settings of an override `key=value`, the value in YAML.
  package static func override(_ text: String) throws(ConfigurationError) -> [WrittenSetting] {
    let option = SettingSource.option("--set \(text)")
    guard let sign = text.firstIndex(of: "="), sign > text.startIndex else {
      throw .malformed(option, column: 1, reason: "there is no key=value")
    }
    let key = text[..<sign].trimmingCharacters(in: .whitespaces)
    let source: (Int) -> SettingSource = { _ in option }
    guard let node = try compose(String(text[text.index(after: sign)...]), source) else {
      return [WrittenSetting(key: key, value: .none, source: option)]
    }
    return try settings(key: key, node, at: option, source)
  }

  private static func settings(
    of mapping: Node.Mapping, prefix: String, _ source: (Int) -> SettingSource
  ) throws(ConfigurationError) -> [WrittenSetting] {
    var result: [WrittenSetting] = []
    for (key, value) in mapping {
      guard case .scalar(let name) = key else {
        throw malformed(key, "a key must be a word", source)
      }
      result += try settings(
        key: prefix + name.string, value, at: source(key.mark?.line ?? 1), source)
    }
    return result
  }

  private static func settings(
    key: String, _ node: Node, at place: SettingSource, _ source: (Int) -> SettingSource
  ) throws(ConfigurationError) -> [WrittenSetting] {
    if case .mapping(let mapping) = node {
      return mapping.isEmpty
        ? [WrittenSetting(key: key, value: .none, source: place)]
        : try settings(of: mapping, prefix: "\(key).", source)
    }
    return [WrittenSetting(key: key, value: try value(of: node, source), source: place)]
  }

  private static func value(
    of node: Node, _ source: (Int) -> SettingSource
  ) throws(ConfigurationError) -> SettingValue {
    switch node {
    case .scalar(let scalar):
      switch scalar.tag.rawValue {
      case "" where scalar.style == .plain: return SettingValue(plain: scalar.string)
      case "", Tag.Name.str.rawValue: return .text(scalar.string)
      case let tag: throw malformed(node, "the tag \(tag) has no meaning here", source)
      }
    case .sequence(let sequence):
      var values: [SettingValue] = []
      for element in sequence { values.append(try value(of: element, source)) }
      return .list(values)
    case .mapping, .alias: throw malformed(node, "keys inside a list have no meaning here", source)
    }
  }

  /// The root of `text`; nil if there is nothing but comments.
  private static func compose(
    _ text: String, _ source: (Int) -> SettingSource
  ) throws(ConfigurationError) -> Node? {
    // A few dozen nested aliases stand for more values than memory holds.
    let aliases = text.matches(of: /\*[A-Za-z0-9_]/).prefix(17)
    guard aliases.count <= 16 else {
      throw .malformed(source(1), column: 1, reason: "there are more than 16 aliases such as *a")
    }
    do {
      return try Yams.compose(yaml: text, .basic)
    } catch let error as YamlError {
      throw configurationError(error, text, source)
    } catch {
      throw .malformed(source(1), column: 1, reason: "\(error)")
    }
  }

  private static func configurationError(
    _ error: YamlError, _ text: String, _ source: (Int) -> SettingSource
  ) -> ConfigurationError {
    switch error {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      return .malformed(source(mark.line), column: mark.column, reason: problem)
    case .reader(let problem, let offset, _, _):
      let before = text.prefix(offset ?? 0)
      let line = before.count(where: \.isNewline) + 1
      let column = before.reversed().prefix { !$0.isNewline }.count + 1
      return .malformed(source(line), column: column, reason: problem)
    case .duplicatedKeysInMapping(let keys, let context):
      return .duplicateKey(
        keys.first ?? "", source(context.mark.line), column: context.mark.column)
    default: return .malformed(source(1), column: 1, reason: "it cannot be parsed")
    }
  }

  private static func malformed(
    _ node: Node, _ reason: String, _ source: (Int) -> SettingSource
  ) -> ConfigurationError {
    .malformed(source(node.mark?.line ?? 1), column: node.mark?.column ?? 1, reason: reason)
  }
}
