import Experiments
import Testing

@Suite("Published results")
struct PublishedResultsTests {
  func value(
    _ system: String, _ metric: String, _ dataset: String, _ values: [PublishedValue]
  ) -> Double? {
    PublishedResults.value(of: system, metric, on: dataset, in: values)?.value
  }

  @Test func `Table 2 has fifteen systems on three data sets`() {
    let table = PublishedResults.table2
    #expect(table.count == 15 * 12 && Set(table.map(\.system)).count == 15)
    #expect(value("CLEAR", "recall@10", "baby", table) == 0.0687)
    #expect(value("MENTOR", "ndcg@20", "sports", table) == 0.0501)
    #expect(value("LayerGCN", "recall@20", "clothing", table) == 0.0566)
    #expect(value("CLEAR", "ndcg@20", "clothing", table) == 0.0440)
    #expect(value("CLEAR", "ndcg@20", "tiktok", table) == nil)
  }

  @Test func `the gains over MENTOR are those that the table gives`() throws {
    let gains = try ["baby", "sports", "clothing"].map { dataset in
      let own = try #require(value("CLEAR", "recall@10", dataset, PublishedResults.table2))
      let other = try #require(value("MENTOR", "recall@10", dataset, PublishedResults.table2))
      return ((own / other - 1) * 1000).rounded() / 10
    }
    #expect(gains == [6.0, 2.7, 2.4])
  }

  @Test func `the plug-in's improvements are those that Table 3 prints`() throws {
    let table = PublishedResults.table3
    #expect(table.count == 16)
    let metrics = ["recall@10", "recall@20", "ndcg@10", "ndcg@20"]
    for (base, printed) in [
      ("VBPR", [10.87, 17.04, 15.70, 18.31]), ("FREEDOM", [1.60, 0.81, 2.74, 1.67]),
    ] {
      for (metric, gain) in zip(metrics, printed) {
        let plain = try #require(value(base, metric, "baby", table))
        let projected = try #require(value("\(base) + CLEAR", metric, "baby", table))
        #expect(abs((projected / plain - 1) * 100 - gain) < 0.0051, "\(base), \(metric)")
      }
    }
  }

  @Test func `Table 4 has seconds and gigabytes of seven systems`() {
    #expect(PublishedResults.table4.count == 7 * 2 * 3)
    #expect(value("LATTICE", "gigabytes", "clothing", PublishedResults.table4) == 28.22)
    #expect(value("MF-BPR", "seconds", "baby", PublishedResults.table4) == 0.86)
  }

  @Test func `on TikTok MMSSL's NDCG alone is marked as incomparable`() throws {
    let table = PublishedResults.tiktok
    #expect(table.count == 22 * 2)
    #expect(value("MMSSL", "recall@20", "tiktok", table) == 0.0921)
    #expect(
      table.filter { $0.incomparability != nil }.map { "\($0.system) \($0.metric)" }
        == ["MMSSL ndcg@20"])
  }

  @Test func `SAND is there alone and as a plug-in`() {
    #expect(PublishedResults.sand.count == 12 + 8)
    #expect(value("FREEDOM + SAND", "ndcg@20", "baby", PublishedResults.sand) == 0.0433)
    #expect(value("SAND", "recall@20", "sports", PublishedResults.sand) == 0.1145)
  }

  @Test func `every value has a source and is a share or a positive number`() {
    let values =
      PublishedResults.table2 + PublishedResults.table3 + PublishedResults.table4
      + PublishedResults.sand + PublishedResults.tiktok
    #expect(values.allSatisfy { !$0.source.isEmpty && $0.value > 0 })
  }
}
