import ArgumentParser
import Audit
import CommandSupport
import Foundation
import Reporting

/// `redundancy-report diff`: what changed from one report to another.
struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff",
    abstract: "Compare two report.json files; exits with 1 when they differ beyond their errors.",
    discussion: """
      A difference is flagged beyond 2.58 standard errors of the difference; where no error is \
      known, beyond rounding. Statements of the paper and verdicts that are judged differently \
      are flagged too.
      """)

  @Argument(help: ArgumentHelp("The earlier report.json.", valueName: "A.json"))
  var baseline: String

  @Argument(help: ArgumentHelp("The later report.json.", valueName: "B.json"))
  var report: String

  @Flag(help: "Print the comparison as JSON.")
  var json = false

  func run() throws {
    let difference: ReportDifference
    do {
      difference = try ReportDifference(
        from: ReportFile.read(baseline), to: ReportFile.read(report))
      if json {
        FileHandle.standardOutput.write(try differenceJSON(difference))
      } else {
        print(terminalSummary(difference), terminator: "")
      }
    } catch {
      throw CommandFailure(error)
    }
    if difference.flagged > 0 { throw ExitCode(ExitStatus.conditionMet) }
  }
}
