import Foundation
import Recommenders

extension ProjectionOptions {
  /// The key under which a configuration describes the projection.
  static let key = "clear"
  static let strengthKey = "\(key).strength"

  /// The keys below `clear`, in the order in which they are written.
  static let keys: [SettingKey<ProjectionOptions>] = [
    SettingKey("rank", \.rank, in: 1...1_000_000),
    SettingKey("strength", \.strength, .scalar(.number(0...1))),
    SettingKey("interval", \.interval, in: 1...Int.max),
    SettingKey("directions", \.directions),
    SettingKey("scope", \.scope),
    SettingKey("energy", .numberOrOff(Double.leastNonzeroMagnitude...1)) {
      $0.energyShare.map(SettingValue.number) ?? .flag(false)
    } write: { options, value in
      if case .number(let share) = value {
        options.energyShare = share
      } else {
        options.energyShare = nil
      }
    },
  ]

  /// The options that an option `--clear` describes, such as
  /// `rank=4,strength=0.9,interval=1,directions=random,scope=first,energy=0.9`; nil for `off`.
  ///
  /// What is not named is as in `base`.
  ///
  /// - Throws: ``ConfigurationError`` for an unknown key and for a value that its key does not
  ///   take.
  public static func parse(
    _ text: String, over base: ProjectionOptions = ProjectionOptions()
  ) throws(ConfigurationError) -> ProjectionOptions? {
    let settings = try settings(in: text)
    guard settings.first?.key != key else { return nil }
    var options = base
    for key in keys {
      guard let setting = settings.first(where: { $0.key == key.path }) else { continue }
      key.write(&options, try setting.checked(key.rule))
    }
    return options
  }

  /// The settings that an option `--clear` stands for.
  static func settings(in text: String) throws(ConfigurationError) -> [WrittenSetting] {
    let source = SettingSource.option("--\(key) \(text)")
    if text == "off" { return [WrittenSetting(key: key, value: .flag(false), source: source)] }
    var result: [WrittenSetting] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        .map { $0.trimmingCharacters(in: .whitespaces) }
      guard sides.count == 2, !sides[1].isEmpty else {
        throw .invalidValue(
          key: key, source, expected: "off, or parts such as rank=4,strength=0.9", got: text)
      }
      guard let key = keys.first(where: { $0.name == sides[0] }) else {
        throw .unknownKey(
          sides[0], source,
          nearest: NearestName.nearest(to: sides[0], among: keys.map(\.name)) ?? Self.key)
      }
      guard !result.contains(where: { $0.key == key.path }) else {
        throw .duplicateKey(key.name, source, column: 1)
      }
      result.append(
        WrittenSetting(key: key.path, value: SettingValue(plain: sides[1]), source: source))
    }
    return result
  }
}

extension SettingKey<ProjectionOptions> {
  /// The key in a whole configuration, such as `clear.rank`.
  var path: String { "\(ProjectionOptions.key).\(name)" }
}

extension WrittenSetting {
  /// The value as `rule` keeps it.
  ///
  /// - Throws: ``ConfigurationError/invalidValue(key:_:expected:got:nearest:)``.
  func checked(_ rule: ValueRule) throws(ConfigurationError) -> SettingValue {
    if let value = rule.checked(value) { return value }
    throw .invalidValue(
      key: key, source, expected: rule.expectation, got: value.yaml,
      nearest: rule.nearest(to: value))
  }
}
