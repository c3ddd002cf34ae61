import Foundation
import Testing
import Training

@Suite("Ranking metrics")
struct RankingMetricsTests {
  static let five = MetricKey.all([.recall, .precision, .ndcg, .map], at: [5])

  /// The check values of the protocol's description.
  @Test func `have the published check values`() {
    let metrics = RankingMetrics(Self.five, itemCount: 100)
    let first = metrics.values(hitRanks: [1, 4], relevantCount: 3)
    #expect(zip(first, [2.0 / 3, 0.4, 0.671386, 0.5]).allSatisfy { abs($0 - $1) < 5e-7 })
    let second = metrics.values(hitRanks: [2, 3], relevantCount: 7)
    #expect(zip(second, [2.0 / 7, 0.4, 0.383566, 0.233333]).allSatisfy { abs($0 - $1) < 5e-7 })
  }

  @Test func `look at ranks up to the cut-off only`() {
    let keys = MetricKey.all([.recall, .precision, .ndcg, .map], at: [2, 3])
    let values = RankingMetrics(keys, itemCount: 9).values(hitRanks: [3, 8], relevantCount: 2)
    let gain = 1 + 1 / log2(3.0)
    let expected = [0, 0.5, 0, 1.0 / 3, 0, 0.5 / gain, 0, 1.0 / 6]
    #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 1e-15 })
  }

  @Test func `are all 1 for a perfect list, precision where it can be`() {
    let keys = MetricKey.all([.recall, .precision, .ndcg, .map, .recall2], at: [3])
    for normalization in GainNormalization.allCases {
      let metrics = RankingMetrics(keys, itemCount: 3, normalization: normalization)
      #expect(metrics.values(hitRanks: [1, 2, 3], relevantCount: 3) == [1, 1, 1, 1, 1])
    }
  }

  @Test func `are all 0 without a hit`() {
    for normalization in GainNormalization.allCases {
      let metrics = RankingMetrics(
        MetricKey.standard, itemCount: 100, normalization: normalization)
      #expect(metrics.values(hitRanks: [], relevantCount: 4).allSatisfy { $0 == 0 })
      #expect(metrics.values(hitRanks: [51], relevantCount: 4).allSatisfy { $0 == 0 })
    }
  }

  @Test func `normalised by the hits move these to the front`() {
    let keys = [MetricKey(.ndcg, at: 5), MetricKey(.ndcg, at: 2)]
    let metrics = RankingMetrics(keys, itemCount: 100, normalization: .hits)
    let values = metrics.values(hitRanks: [1, 4], relevantCount: 3)
    #expect(abs(values[0] - (1 + 1 / log2(5.0)) / (1 + 1 / log2(3.0))) < 1e-15)
    #expect(values[1] == 1)
    let ideal = RankingMetrics(keys, itemCount: 100)
    #expect(
      metrics.values(hitRanks: [4], relevantCount: 1)
        == ideal.values(hitRanks: [4], relevantCount: 1))
  }

  @Test func `need no longer table than there are items`() {
    let key = MetricKey(.precision, at: 1_000_000_000_000)
    let metrics = RankingMetrics([key, MetricKey(.ndcg, at: 2_000_000)], itemCount: 4)
    #expect(metrics.depth == 4)
    #expect(metrics.values(hitRanks: [1, 2], relevantCount: 2) == [2e-12, 1])
  }
}
