import Audit
import Foundation
import Reporting
import Testing

@Suite("report.json")
struct ReportJSONTests {
  static let schema = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Sources/Reporting/Schema/redundancy-report-2.schema.json")

  func validator() throws -> SchemaValidator { try SchemaValidator(Data(contentsOf: Self.schema)) }

  @Test func `obeys its schema`() throws {
    let object = try JSONSerialization.jsonObject(with: reportJSON(DemoReport.make()))
    #expect(try validator().violations(in: object) == [])
  }

  @Test func `obeys its schema when nothing could be measured`() throws {
    let report = try DemoReport.make {
      $0.spectrum = nil
      $0.retrievalOverlap = nil
      $0.scoreDensity = nil
      $0.slicedWasserstein = nil
      $0.tsne = nil
      $0.fisher = nil
      $0.similarity = nil
      $0.theorems = nil
    }
    let object = try JSONSerialization.jsonObject(with: reportJSON(report))
    #expect(try validator().violations(in: object) == [])
  }

  @Test(
    arguments: [
      ("a missing key", "$.dataset: items is missing"),
      ("an unknown key", "$: surprise is not in the schema"), ("a wrong type", "$.parameters.rank"),
      ("a value out of range", "$.parameters.strength"), ("an unknown word", "$.verdict.redundancy"),
    ])
  func `breaks its schema by`(change: String, violation: String) throws {
    var object = try #require(
      JSONSerialization.jsonObject(with: reportJSON(DemoReport.make())) as? [String: Any])
    var parameters = object["parameters"] as? [String: Any] ?? [:]
    var dataset = object["dataset"] as? [String: Any] ?? [:]
    var verdict = object["verdict"] as? [String: Any] ?? [:]
    switch change {
    case "a missing key": dataset["items"] = nil
    case "an unknown key": object["surprise"] = 1
    case "a wrong type": parameters["rank"] = "eight"
    case "a value out of range": parameters["strength"] = 1.5
    default: verdict["redundancy"] = "enormous"
    }
    object["parameters"] = parameters
    object["dataset"] = dataset
    object["verdict"] = verdict
    let found = try validator().violations(in: object)
    #expect(found.count == 1 && found[0].contains(violation), "\(found)")
  }

  @Test func `is read back as it was written`() throws {
    let report = try DemoReport.make()
    let read = try JSONDecoder().decode(RedundancyReport.self, from: reportJSON(report))
    #expect(read == report)
    #expect(try reportJSON(read) == reportJSON(report))
  }
}
