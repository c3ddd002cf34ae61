import Audit
import Foundation

/// The difference of two reports as lines for a terminal: flagged rows with a mark, then what is
/// judged differently.
public func terminalSummary(_ difference: ReportDifference) -> String {
  let header = ["", "baseline", "this", "difference", "± error"]
  let rows = difference.rows.map { row in
    [
      (row.isFlagged ? "* " : "  ") + row.label, significant(row.baseline), significant(row.value),
      signed(row.difference), row.standardError.map(significant) ?? "–",
    ]
  }
  let table = [header] + rows
  let widths = header.indices.map { column in table.map { $0[column].count }.max() ?? 0 }
  var lines = table.map { row in
    row.enumerated().map { column, cell in
      let fill = String(repeating: " ", count: widths[column] - cell.count)
      return column == 0 ? cell + fill : fill + cell
    }.joined(separator: "  ")
  }
  lines += verdictLines(difference)
  if !difference.unmatched.isEmpty {
    lines.append("only in one report: " + difference.unmatched.joined(separator: ", "))
  }
  lines.append("")
  lines.append(differenceSentence(difference))
  return lines.joined(separator: "\n") + "\n"
}

/// The section of a page that compares the report with an earlier one.
func differenceSection(_ difference: ReportDifference) -> HTML {
  let rows: [[HTML]] = difference.rows.map { row in
    [
      "\(row.label)", cell(row.baseline), cell(row.value),
      row.isFlagged
        ? "<strong>\(signed(row.difference))</strong>" : "\(signed(row.difference))",
      cell(row.standardError), row.isFlagged ? "beyond its error" : "",
    ]
  }
  let verdicts: [HTML] = verdictLines(difference).map { "<li>\($0)</li>" }
  return """
    <h2 id="differences">Against the baseline</h2>
    <p>\(differenceSentence(difference)) The baseline is the report on
    \(difference.baselineDataset) of \(difference.baselineDate)\
    \(difference.isSameInput ? ", made of the same bytes" : ", made of other bytes").</p>
    \(table(["", "baseline", "this", "difference", "± error", ""], rows))
    \(verdicts.isEmpty ? nil : "<ul>\(verdicts)</ul>" as HTML)
    <p class="soft">Flagged beyond \(significant(ReportDifference.limit)) standard errors of the
    difference; without a known error, beyond rounding.</p>
    """
}

private func differenceSentence(_ difference: ReportDifference) -> String {
  switch difference.flagged {
  case 0: "Nothing differs beyond its error."
  case 1: "One thing differs beyond its error."
  default: "\(difference.flagged) things differ beyond their error."
  }
}

private func verdictLines(_ difference: ReportDifference) -> [String] {
  var lines = difference.verdictChanges.map {
    "\($0.id): \($0.baseline.rawValue) before, \($0.value.rawValue) now"
  }
  if let levels = difference.redundancyChange {
    lines.append("redundancy: \(levels[0].rawValue) before, \(levels[1].rawValue) now")
  }
  return lines
}

private func signed(_ value: Double) -> String {
  value == 0 ? "0" : (value > 0 ? "+" : "−") + significant(abs(value))
}
