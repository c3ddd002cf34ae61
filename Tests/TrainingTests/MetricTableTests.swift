import LinearAlgebra
import Testing
import Training

@Suite("Metric table")
struct MetricTableTests {
  let table = MetricTable(
    keys: MetricKey.all([.recall, .recall2], at: [20]), users: [7, 3, 5], relevantCounts: [1, 4, 1],
    perUser: Matrix(rows: [[1, 1], [0.25, 0.25], [0, 0]]))

  @Test func `averages users equally, except for pooled recall`() {
    #expect(table[MetricKey(.recall, at: 20)] == 1.25 / 3)
    // Two of six relevant items were found.
    #expect(table[MetricKey(.recall2, at: 20)] == 2.0 / 6)
    #expect(table[MetricKey(.recall, at: 10)] == nil)
    #expect(table.averagesByName == ["recall@20": 1.25 / 3, "recall2@20": 2.0 / 6])
  }

  @Test func `gives each user's value`() {
    #expect(table.values(of: MetricKey(.recall, at: 20)) == [1, 0.25, 0])
    #expect(table.values(of: MetricKey(.map, at: 20)) == nil)
  }
}
