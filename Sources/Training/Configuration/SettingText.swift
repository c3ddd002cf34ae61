import Foundation
import Recommenders

// Values as text and back. Plain words are read by the rules of YAML 1.1 with the numbers of MMRec,
// where 1e-04 is one; forms that nobody writes on purpose (012, 0x1F, 1:30, .inf) stay words, so
// that a key that needs a number refuses them.
extension SettingValue {
  /// The value of an unquoted word.
  package init(plain text: String) {
    switch text {
    case "", "~", "null", "Null", "NULL", "None": self = .none
    case "true", "True", "TRUE", "yes", "Yes", "YES", "on", "On", "ON": self = .flag(true)
    case "false", "False", "FALSE", "no", "No", "NO", "off", "Off", "OFF": self = .flag(false)
    default: self = Self.number(text) ?? .text(text)
    }
  }

  private static func number(_ text: String) -> SettingValue? {
    let digits = text.replacingOccurrences(of: "_", with: "")
    if text.wholeMatch(of: /[-+]?(0|[1-9][0-9_]*)/) != nil {
      return Int(digits).map(SettingValue.integer)
    }
    let decimal = /[-+]?([0-9][0-9_]*\.[0-9_]*|\.[0-9_]+)([eE][-+]?[0-9]+)?/
    let scientific = /[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+/
    guard text.wholeMatch(of: decimal) != nil || text.wholeMatch(of: scientific) != nil,
      let number = Double(digits), number.isFinite
    else { return nil }
    return .number(number)
  }

  /// The value as YAML that ``init(plain:)`` and quotes read back exactly.
  package var yaml: String {
    switch self {
    case .none: "null"
    case .flag(let value): value ? "true" : "false"
    case .integer(let value): "\(value)"
    // Swift prints the shortest digits that give the same number again.
    case .number(let value): "\(value)"
    case .text(let value): Self.quoted(value)
    case .list(let values): "[\(values.map(\.yaml).joined(separator: ", "))]"
    }
  }

  private static func quoted(_ text: String) -> String {
    if text.wholeMatch(of: /[A-Za-z][A-Za-z0-9_@.\-]*/) != nil,
      SettingValue(plain: text) == .text(text)
    {
      return text
    }
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\"", "\\": "\\\(scalar)"
      case " "..."~": String(scalar)
      default: String(format: "\\U%08X", scalar.value)
      }
    }
    return "\"\(escaped.joined())\""
  }
}
