import Audit
import Foundation
import Reporting
import Testing

@Suite("Report file")
struct ReportFileTests {
  /// Writes `text` and reads it as a report.
  private func read(_ text: String) throws -> RedundancyReport {
    let path = NSTemporaryDirectory() + "/report-\(UUID().uuidString).json"
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try ReportFile.read(path)
  }

  private func json(_ change: (inout [String: Any]) -> Void) throws -> String {
    var object = try #require(
      JSONSerialization.jsonObject(with: reportJSON(DemoReport.make())) as? [String: Any])
    change(&object)
    return String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
  }

  @Test func `gives back what was written`() throws {
    let report = try DemoReport.make()
    #expect(try read(String(decoding: reportJSON(report), as: UTF8.self)) == report)
  }

  @Test func `says where a report is damaged`() throws {
    let error = try #require(throws: ReportFileError.self) {
      try read(json { $0["dataset"] = ["name": "x"] })
    }
    #expect(error.description.contains("damaged at dataset."), "\(error)")
  }

  @Test func `refuses another schema, other JSON and no JSON`() throws {
    let other = try #require(throws: ReportFileError.self) {
      try read(json { $0["schema"] = "redundancy-report-0" })
    }
    #expect(other.description.contains("redundancy-report-0"))
    for text in ["", "[1]", "{\"a\": 1}", "{\"schema\": "] {
      let error = try #require(throws: ReportFileError.self) { try read(text) }
      #expect(error.description.contains("is no report.json"), "\(error)")
    }
    #expect(throws: ReportFileError.unreadable("/nowhere/report.json")) {
      try ReportFile.read("/nowhere/report.json")
    }
  }
}
