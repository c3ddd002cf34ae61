/// The value of a configuration key.
public enum SettingValue: Sendable, Equatable {
  case none
  case flag(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([SettingValue])
}

/// A hyper-parameter that a model declares: its key in a configuration, its default and the grid
/// of values it was published with.
public struct HyperParameter: Sendable, Equatable {
  /// What a value must be.
  public enum Kind: Sendable, Equatable {
    /// A whole number in the range.
    case integer(ClosedRange<Int>)
    /// A number in the range.
    case number(ClosedRange<Double>)
    /// True or false.
    case flag
    /// One of the words.
    case choice([String])
    /// What the protocol says of the key, whose default alone is the model's.
    case ofProtocol
  }

  /// Its key, such as `reg_weight`.
  public let name: String
  /// What it is, in half a sentence.
  public let summary: String
  public let kind: Kind
  public let defaultValue: SettingValue
  /// The values it is searched over; empty if it is not.
  public let grid: [SettingValue]

  public init(
    _ name: String, _ summary: String, _ kind: Kind, default defaultValue: SettingValue,
    grid: [SettingValue] = []
  ) {
    self.name = name
    self.summary = summary
    self.kind = kind
    self.defaultValue = defaultValue
    self.grid = grid
  }
}

/// The hyper-parameters of one run: a checked value for every key that the model declares.
public struct HyperParameters: Sendable, Equatable {
  /// Values by key.
  public let values: [String: SettingValue]

  /// - Precondition: every value has been checked against its declaration.
  public init(_ values: [String: SettingValue]) { self.values = values }

  /// The whole number under `name`.
  public func integer(_ name: String) -> Int {
    guard case .integer(let value)? = values[name] else { undeclared(name) }
    return value
  }

  /// The number under `name`, whole or not.
  public func number(_ name: String) -> Double {
    switch values[name] {
    case .number(let value)?: return value
    case .integer(let value)?: return Double(value)
    default: undeclared(name)
    }
  }

  /// The flag under `name`.
  public func flag(_ name: String) -> Bool {
    guard case .flag(let value)? = values[name] else { undeclared(name) }
    return value
  }

  /// The word under `name`.
  public func text(_ name: String) -> String {
    guard case .text(let value)? = values[name] else { undeclared(name) }
    return value
  }

  private func undeclared(_ name: String) -> Never {
    preconditionFailure("the model does not declare \(name), or as something else")
  }
}
