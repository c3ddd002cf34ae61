import Foundation
import Reporting
import Testing

@Suite("Report folder")
struct ReportFolderTests {
  func scratch() -> URL {
    FileManager.default.temporaryDirectory
      .appendingPathComponent("report-folder-\(UUID().uuidString)", isDirectory: true)
  }

  @Test func `holds the page and the numbers`() throws {
    let url = scratch()
    defer { try? FileManager.default.removeItem(at: url) }
    let folder = ReportFolder(at: url.appendingPathComponent("a/b"))
    try folder.prepare()
    let report = try DemoReport.make()
    try folder.write(report, figures: [])
    #expect(try Data(contentsOf: folder.json) == reportJSON(report))
    #expect(
      try String(contentsOf: folder.page, encoding: .utf8)
        == ReportPage(report, figures: [:]).rendered())
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).count == 2)
  }

  @Test func `is refused where a file stands`() throws {
    let url = scratch()
    defer { try? FileManager.default.removeItem(at: url) }
    try Data("taken".utf8).write(to: URL(fileURLWithPath: url.path))
    #expect(throws: ReportFolderError.self) { try ReportFolder(at: url).prepare() }
  }
}
