/// A piece of HTML. Text enters through ``escaped(_:)`` only, so data cannot break the page.
struct HTML: ExpressibleByStringInterpolation {
  let source: String

  init(_ source: String) { self.source = source }
  init(stringLiteral value: String) { source = value }

  init(stringInterpolation: Interpolation) { source = stringInterpolation.source }

  /// Interpolating HTML inserts it; interpolating text escapes it.
  struct Interpolation: StringInterpolationProtocol {
    var source = ""
    init(literalCapacity: Int, interpolationCount: Int) {
      source.reserveCapacity(literalCapacity)
    }
    mutating func appendLiteral(_ literal: String) { source += literal }
    mutating func appendInterpolation(_ html: HTML) { source += html.source }
    mutating func appendInterpolation(_ html: HTML?) { source += html?.source ?? "" }
    mutating func appendInterpolation(_ parts: [HTML]) {
      for part in parts { source += part.source }
    }
    mutating func appendInterpolation(_ text: String) { source += escaped(text) }
    mutating func appendInterpolation(_ number: Int) { source += String(number) }
  }
}

/// `text` with the characters that HTML reads as markup replaced, and each percent sign kept on the
/// line of its number.
package func escaped(_ text: String) -> String {
  var result = ""
  result.reserveCapacity(text.count)
  for character in text {
    switch character {
    case "%" where result.last == " ":
      result.removeLast()
      result += "\u{A0}%"
    case "&": result += "&amp;"
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "\"": result += "&quot;"
    default: result.append(character)
    }
  }
  return result
}

/// A table with a header row; every column after the first is aligned right. One of more than seven
/// columns is set more closely, so that it fits the page.
func table(_ header: [String], _ rows: [[HTML]], caption: String? = nil) -> HTML {
  let head: [HTML] = header.map { "<th scope=\"col\">\($0)</th>" }
  let body: [HTML] = rows.map { row in
    let cells: [HTML] = row.enumerated().map { index, cell in
      if index == 0 { return "<th scope=\"row\">\(cell)</th>" }
      // Numbers keep their units beside them; sentences wrap.
      return cell.source.count > 24
        ? "<td class=\"long\">\(cell)</td>" : "<td>\(cell)</td>"
    }
    return "<tr>\(cells)</tr>\n"
  }
  let captionElement: HTML? = caption.map { "<caption>\($0)</caption>" }
  let style = header.count > 7 ? "table wide" : "table"
  return """
    <div class="\(style)"><table>\(captionElement)<thead><tr>\(head)</tr></thead>
    <tbody>\(body)</tbody></table></div>

    """
}
