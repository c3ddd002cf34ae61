import Testing
import Training

@Suite("Metric keys")
struct RankingMetricTests {
  @Test func `are read in either case and written in lower`() {
    #expect(MetricKey("Recall@20") == MetricKey(.recall, at: 20))
    #expect(MetricKey("ndcg@5")?.description == "ndcg@5")
    #expect(MetricKey.standard.allSatisfy { MetricKey($0.description) == $0 })
  }

  @Test(arguments: [
    "", "recall", "recall@", "@20", "recall@0", "recall@-1", "recall@2.5", "recall@20@5", "auc@5",
    "recall @20", "recall@99999999999999999999",
  ])
  func `that mean nothing are none`(text: String) {
    #expect(MetricKey(text) == nil)
  }

  @Test func `of the framework are four metrics at four cut-offs`() {
    #expect(MetricKey.standard.count == 16)
    #expect(MetricKey.standard.prefix(4).map(\.description) == [
      "recall@5", "recall@10", "recall@20", "recall@50",
    ])
  }

  @Test(arguments: [
    (0.09574, 0.0957), (0.09575, 0.0958), (0.09576, 0.0958), (0, 0), (1, 1), (0.99996, 1),
    // These are halves in binary too, and go to the even neighbour.
    (0.03125, 0.0312), (0.09375, 0.0938),
  ])
  func `have values that round to four decimals, halves to even`(value: Double, expected: Double) {
    #expect(roundedMetric(value) == expected)
  }
}
