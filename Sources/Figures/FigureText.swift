import Foundation

/// Text as gnuplot and readers want it.
enum FigureText {
  /// `text` as a gnuplot string whose characters all stand for themselves.
  ///
  /// Single quotes, because gnuplot runs what stands between backquotes in double ones; a
  /// backslash keeps the marks of its enhanced text mode from changing the type.
  static func quoted(_ text: String) -> String {
    literal(prefixing("_^{}@&~\\", with: "\\", in: text))
  }

  /// `text` as a gnuplot string to compare cells of the table with.
  static func literal(_ text: String) -> String {
    "'" + prefixing("'", with: "'", in: singleLine(text)) + "'"
  }

  /// By scalars rather than characters: a combining accent must not hide a quote.
  private static func prefixing(_ marks: String, with prefix: String, in text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if marks.unicodeScalars.contains(scalar) { result.append(contentsOf: prefix.unicodeScalars) }
      result.append(scalar)
    }
    return String(result)
  }

  /// 14100 as "14,100".
  static func grouped(_ count: Int) -> String {
    var digits = String(count.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits.removeLast(3)
    }
    return (count < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }

  /// `value` with three significant digits: "0.0123", "12.3", "1230", "1.2e-07".
  static func rounded(_ value: Double) -> String {
    switch abs(value) {
    case 999.5..<1e6: String(format: "%.0f", value)
    case 0.001..<999.5: trimmed(String(format: "%#.3g", value))
    case 0: "0"
    default: String(format: "%.2g", value)
    }
  }

  /// A setting as it was given: "30", "0.9".
  static func plain(_ value: Double) -> String { String(format: "%g", value) }

  /// A ratio as short as its size allows: "123", "12", "1.2".
  static func factor(_ value: Double) -> String {
    abs(value) < 9.95
      ? String(format: "%.1f", value) : grouped(Int(min(abs(value), 1e15).rounded()))
  }

  private static func trimmed(_ text: String) -> String {
    text.hasSuffix(".") ? String(text.dropLast()) : text
  }
}

/// The names of two modalities, told apart when they are the same.
func distinctNames(_ first: String, _ second: String) -> (first: String, second: String) {
  first == second ? ("\(first) (1)", "\(second) (2)") : (first, second)
}

/// `text`, or its ends when it is longer than `limit`.
func shortened(_ text: String, to limit: Int) -> String {
  text.count <= limit
    ? text : String(text.prefix(limit / 2)) + "…" + String(text.suffix(limit - limit / 2 - 1))
}
