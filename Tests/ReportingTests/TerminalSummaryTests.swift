import Audit
import Reporting
import Testing

@Suite("Terminal summary")
struct TerminalSummaryTests {
  @Test func `aligns its columns below the verdict`() throws {
    let report = try DemoReport.make()
    let lines = terminalSummary(report).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines[0] == report.verdict.headline)
    let rows = lines.dropFirst(2).filter { !$0.isEmpty }
    #expect(rows.count > 10)
    let column = try #require(rows[2].firstRange(of: "  ")).upperBound
    let width = rows[2].distance(
      from: rows[2].startIndex,
      to: rows[2][column...].firstIndex { $0 != " " } ?? rows[2].endIndex)
    for row in rows {
      let value = row.index(row.startIndex, offsetBy: width)
      #expect(row[value] != " " && row[row.index(before: value)] == " ", "\(row)")
    }
  }

  @Test func `names what was skipped`() throws {
    let report = try DemoReport.make {
      $0.skipped = [SkippedDiagnostic(diagnostic: .tsne, reason: "Too few points.")]
    }
    #expect(terminalSummary(report).contains("no tsne"))
  }
}
