/// The lines at the foot of a figure: the data set and the facts that qualify the numbers.
struct FigureCaption {
  /// As many facts to a line as fit.
  let lines: [String]

  init(_ dataset: String, _ facts: [String]) {
    let widest = 68
    var lines = [shortened(dataset, to: 32)]
    for fact in facts {
      let longer = lines[lines.count - 1] + " · " + fact
      if longer.count <= widest {
        lines[lines.count - 1] = longer
      } else {
        lines.append(fact)
      }
    }
    self.lines = lines
  }

  /// Inches between lines.
  private static let leading = 0.1

  /// Inches that the caption takes beyond those of one line.
  var extraHeight: Double { Double(lines.count - 1) * Self.leading }

  /// Commands that set the lines, the last one at the page's lower edge.
  func commands(pageHeight: Double) -> String {
    lines.reversed().enumerated().map { row, line in
      let place = Panel.position(
        FigureStyle.width / 2, 0.055 + Double(row) * Self.leading, pageHeight: pageHeight)
      return "set label \(FigureText.quoted(line)) at \(place) center font small "
        + "textcolor rgb ink"
    }.joined(separator: "\n")
  }
}
