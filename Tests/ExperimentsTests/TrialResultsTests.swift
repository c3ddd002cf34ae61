import Experiments
import Foundation
import Statistics
import Testing

@Suite("Results of a trial")
struct TrialResultsTests {
  let scratch = Scratch()

  func results(_ name: String, rate: String, seeds: [UInt64]) throws -> TrialResults {
    let experiment = scratch.experiment()
    let trial = trial(name, rate: rate)
    return TrialResults(trial, try seeds.map { try experiment.finished(trial, seed: $0) })
  }

  @Test func `means and deviations are taken over seeds`() throws {
    let learning = try results("learning", rate: "0.05", seeds: [5, 6])
    let values = learning.runs.compactMap { $0.result.test["recall@20"] }
    let found = try #require(learning.test("recall@20"))
    #expect(abs(found.mean - (values[0] + values[1]) / 2) < 1e-15 && found.count == 2)
    #expect(
      abs(try #require(found.deviation) - abs(values[0] - values[1]) / 2.0.squareRoot()) < 1e-15)
    #expect(Estimate([0.5])?.deviation == nil && Estimate([]) == nil)
  }

  @Test func `a comparison takes the users and the seeds that both have`() throws {
    let still = try results("still", rate: "0", seeds: [5])
    let learning = try results("learning", rate: "0.05", seeds: [5, 6])
    let users = learning.perUser("recall@20", seeds: [5, 6])
    let mean = try #require(learning.test("recall@20")).mean
    #expect(abs(users.values.reduce(0, +) / Double(users.count) - mean) < 1e-12)

    let found = try #require(
      PairedComparison(learning, against: still, metric: "recall@20", seed: 1))
    let (own, other) = (learning.runs[0].result, still.runs[0].result)
    let difference = (own.test["recall@20"] ?? 0) - (other.test["recall@20"] ?? 0)
    #expect(abs(found.bootstrap.meanDifference - difference) < 1e-12)
    #expect(found.seeds == [5] && found.bootstrap.count == users.count)
    let first = still.perUser("recall@20", seeds: [5])
    let second = learning.perUser("recall@20", seeds: [5])
    let order = first.keys.sorted()
    let pairs = (order.map { first[$0] ?? 0 }, order.map { second[$0] ?? 0 })
    #expect(found.tTest == PairedTTest(pairs.0, pairs.1))
    #expect(found.wilcoxon == WilcoxonSignedRank(pairs.0, pairs.1))
    #expect(found.summary.hasPrefix("learning − still, R@20 (1 seed, \(users.count) users): "))
    #expect(found.summary.contains("paired t-test p ") && found.summary.contains("Wilcoxon"))
  }

  @Test func `nothing differs from itself, and nothing is compared without common seeds`() throws {
    let one = try results("one", rate: "0.05", seeds: [5])
    let same = try #require(PairedComparison(one, against: one, metric: "recall@20", seed: 1))
    #expect(same.bootstrap.pValue == 1 && same.tTest == nil && same.wilcoxon == nil)
    #expect(same.summary.contains("p undefined"))
    let other = try results("one", rate: "0.05", seeds: [6])
    #expect(PairedComparison(one, against: other, metric: "recall@20", seed: 1) == nil)
  }
}
