import Foundation

/// Text as gnuplot and readers want it.
enum FigureText {
  /// `text` as a gnuplot string whose characters all stand for themselves.
  ///
  /// Single quotes, because gnuplot runs what stands between backquotes in double ones; a
  /// backslash keeps the marks of its enhanced text mode from changing the type.
  static func quoted(_ text: String) -> String {
    var result = "'"
    for character in singleLine(text) {
      switch character {
      case "'": result += "''"
      case "_", "^", "{", "}", "@", "&", "~", "\\": result += "\\" + String(character)
      default: result.append(character)
      }
    }
    return result + "'"
  }

  /// Commands that put the line of facts at the foot of the page.
  static func captionCommand(_ dataset: String, _ facts: [String]) -> String {
    """
    set label \(quoted(caption(dataset, facts))) at screen 0.5, character 0.6 center \\
      font small textcolor rgb ink
    """
  }

  /// `text` as a gnuplot string to compare cells of the table with.
  static func literal(_ text: String) -> String {
    "'" + singleLine(text).replacingOccurrences(of: "'", with: "''") + "'"
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
    case 1000..<1e6: String(format: "%.0f", value)
    case 0.001..<1000: trimmed(String(format: "%#.3g", value))
    case 0: "0"
    default: String(format: "%.2g", value)
    }
  }

  /// A setting as it was given: "30", "0.9".
  static func plain(_ value: Double) -> String { String(format: "%g", value) }

  /// A ratio as short as its size allows: "123", "12", "1.2".
  static func factor(_ value: Double) -> String {
    abs(value) < 9.95 ? String(format: "%.1f", value) : grouped(Int(min(abs(value), 1e15)))
  }

  private static func trimmed(_ text: String) -> String {
    text.hasSuffix(".") ? String(text.dropLast()) : text
  }

  /// The line under a figure: its facts, with the data set's name shortened to leave them room.
  static func caption(_ dataset: String, _ facts: [String]) -> String {
    let limit = max(12, 72 - facts.reduce(0) { $0 + $1.count + 3 })
    let name =
      dataset.count <= limit
      ? dataset : String(dataset.prefix(limit / 2 - 1)) + "…" + String(dataset.suffix(limit / 2))
    return ([name] + facts).joined(separator: " · ")
  }
}

/// The names of two modalities, told apart when they are the same.
func distinctNames(_ first: String, _ second: String) -> (first: String, second: String) {
  first == second ? ("\(first) (1)", "\(second) (2)") : (first, second)
}
