import Audit
import Foundation
import Testing

@Suite("Redundancy report")
struct RedundancyReportTests {
  @Test func `comes back from its JSON as it was`() throws {
    let report = try sharedFactorReport(
      [.spectrum, .overlap, .similarity, .fisher, .swd, .theorems], permutations: 19)
    let data = try JSONEncoder().encode(report)
    #expect(try JSONDecoder().decode(RedundancyReport.self, from: data) == report)
  }

  @Test func `has what was asked for and nothing else`() throws {
    let overlap = try sharedFactorReport([.overlap], permutations: 0)
    #expect(overlap.retrievalOverlap?.map(\.k) == [5] && overlap.scoreDensity != nil)
    #expect(overlap.spectrum == nil && overlap.similarity == nil)
    let data = try JSONEncoder().encode(overlap)
    let keys = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any]).keys
    #expect(keys.contains("retrievalOverlap") && !keys.contains("spectrum"))
  }
}
