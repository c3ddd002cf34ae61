/// A table as a reader sees it, from which Markdown and LaTeX are written.
public struct PrintedTable: Sendable, Equatable {
  /// How a cell stands out among those of its column.
  public enum Emphasis: Sendable, Equatable { case best, second }

  public struct Cell: Sendable, Equatable {
    public let text: String
    public let emphasis: Emphasis?

    public init(_ text: String, _ emphasis: Emphasis? = nil) {
      self.text = text
      self.emphasis = emphasis
    }
  }

  /// What stands for a number that is not there.
  public static let blank = "–"

  public let header: [String]
  public let rows: [[Cell]]

  /// - Precondition: every row is as long as the header.
  public init(header: [String], rows: [[Cell]]) {
    precondition(rows.allSatisfy { $0.count == header.count }, "rows of another length")
    self.header = header
    self.rows = rows
  }

  /// The table in Markdown, the best in bold and the second underlined.
  public var markdown: String {
    let body = rows.map { row in
      row.map { cell in
        let text = Self.markdown(cell.text)
        return switch cell.emphasis {
        case .best: "**\(text)**"
        case .second: "<u>\(text)</u>"
        case nil: text
        }
      }
    }
    return ([header.map(Self.markdown), header.map { _ in "---" }] + body)
      .map { "| \($0.joined(separator: " | ")) |\n" }.joined()
  }

  /// The table as a LaTeX `tabular`, for the package booktabs.
  public var latex: String {
    let body = rows.map { row in
      row.map { cell in
        let text = Self.latex(cell.text)
        return switch cell.emphasis {
        case .best: "\\textbf{\(text)}"
        case .second: "\\underline{\(text)}"
        case nil: text
        }
      }
    }
    func line(_ cells: [String]) -> String { "\(cells.joined(separator: " & ")) \\\\\n" }
    return """
      % Needs \\usepackage{booktabs}.
      \\begin{tabular}{l\(String(repeating: "r", count: max(header.count - 1, 0)))}
      \\toprule
      \(line(header.map(Self.latex)))\\midrule
      \(body.map(line).joined())\\bottomrule
      \\end{tabular}

      """
  }

  private static func markdown(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("|", with: "\\|").replacing("\n", with: " ")
  }

  /// `text` with everything that LaTeX would take for a command or does not have in its fonts
  /// replaced.
  static func latex(_ text: String) -> String {
    text.map { character in
      switch character {
      case "&", "%", "$", "#", "_", "{", "}": "\\\(character)"
      case "\\": "\\textbackslash{}"
      case "~": "\\textasciitilde{}"
      case "^": "\\textasciicircum{}"
      case "±": "$\\pm$"
      case "−": "$-$"
      case "–": "--"
      case "λ": "$\\lambda$"
      case "†": "$^\\dagger$"
      case "\n": " "
      default: String(character)
      }
    }.joined()
  }
}

/// Rows of fields as RFC 4180 has them: lines end in CR LF, and a field that needs quotes gets
/// them.
///
/// - Reference: [RFC4180].
public func commaSeparated(_ rows: [[String]]) -> String {
  rows.map { row in
    row.map { field in
      // A CR LF is one character in Swift, so scalars are looked at.
      field.unicodeScalars.contains { ",\"\r\n".unicodeScalars.contains($0) }
        ? "\"\(field.replacing("\"", with: "\"\""))\"" : field
    }.joined(separator: ",") + "\r\n"
  }.joined()
}
