import Recommenders

/// A key that stands for a property: its name, what a value must be, and both directions.
struct SettingKey<Target>: Sendable {
  typealias Path<Value> = WritableKeyPath<Target, Value> & Sendable

  let name: String
  let rule: ValueRule
  /// The property as a value.
  let read: @Sendable (Target) -> SettingValue
  /// Sets the property to a value that has passed the rule.
  let write: @Sendable (inout Target, SettingValue) -> Void

  init(
    _ name: String, _ rule: ValueRule, read: @escaping @Sendable (Target) -> SettingValue,
    write: @escaping @Sendable (inout Target, SettingValue) -> Void
  ) {
    self.name = name
    self.rule = rule
    self.read = read
    self.write = write
  }

  /// A key for a whole number.
  init(_ name: String, _ path: Path<Int>, in range: ClosedRange<Int>) {
    self.init(name, .scalar(.integer(range))) {
      .integer($0[keyPath: path])
    } write: { target, value in
      if case .integer(let number) = value { target[keyPath: path] = number }
    }
  }

  /// A key for a number under a rule that lets only numbers pass.
  init(_ name: String, _ path: Path<Double>, _ rule: ValueRule) {
    self.init(name, rule) {
      .number($0[keyPath: path])
    } write: { target, value in
      if case .number(let number) = value { target[keyPath: path] = number }
    }
  }

  /// A key for a word under a rule that lets only words pass.
  init(_ name: String, _ path: Path<String>, _ rule: ValueRule) {
    self.init(name, rule) {
      .text($0[keyPath: path])
    } write: { target, value in
      if case .text(let text) = value { target[keyPath: path] = text }
    }
  }

  /// A key for one of the cases of an enumeration.
  init<Choice: RawRepresentable<String> & CaseIterable & Sendable>(
    _ name: String, _ path: Path<Choice>
  ) {
    self.init(name, .scalar(.choice(Choice.allCases.map(\.rawValue)))) {
      .text($0[keyPath: path].rawValue)
    } write: { target, value in
      if case .text(let text) = value, let choice = Choice(rawValue: text) {
        target[keyPath: path] = choice
      }
    }
  }
}
