import Foundation
import LinearAlgebra
import Neighbors
import Redundancy
import Testing

@Suite struct RankBiasedOverlapTests {
  private func value(
    _ a: [Int32], _ b: [Int32], p: Double, items: Int = 100
  ) throws -> RankBiasedOverlap {
    try RankBiasedOverlap(
      TestLists.lists([a]), TestLists.lists([b]), itemCount: items, persistence: p)
  }

  /// RBO of the first `depth` ranks of two long rankings, term by term.
  private func truncated(_ a: [Int], _ b: [Int], p: Double) -> Double {
    var seen = (Set<Int>(), Set<Int>())
    var sum = 0.0
    for d in a.indices {
      seen.0.insert(a[d])
      seen.1.insert(b[d])
      sum += (1 - p) * pow(p, Double(d)) * Double(seen.0.intersection(seen.1).count) / Double(d + 1)
    }
    return sum
  }

  @Test func `agrees with an independent program`() throws {
    let fixture = try NeighborFixture.load()
    let lists = try fixture.lists()
    for (p, expected) in fixture.rankBiasedOverlap {
      let result = try RankBiasedOverlap(
        lists.first, lists.second, itemCount: fixture.itemCount,
        persistence: #require(Double(p)))
      #expect(abs(result.mean - expected) < 1e-12)
      #expect(result.depth == fixture.depth && result.anchorCount == fixture.itemCount)
    }
  }

  @Test func `is 1 for the same lists and 0 for disjoint ones`() throws {
    let same = try value([3, 1, 4, 2], [3, 1, 4, 2], p: 0.8)
    #expect(abs(same.mean - 1) < 1e-15 && same.mean <= 1)
    #expect(try value([3, 1, 4], [5, 9, 2], p: 0.8).mean == 0)
  }

  @Test func `counts early agreement more than late`() throws {
    let early = try value([1, 2, 3, 4], [1, 7, 8, 9], p: 0.9)
    let late = try value([2, 3, 4, 1], [7, 8, 9, 1], p: 0.9)
    #expect(early.mean > late.mean && late.mean > 0)
    // Of one rank only the extrapolation is left: the share of common items.
    #expect(try value([6], [6], p: 0.4).mean == 1)
  }

  @Test(arguments: [0.3, 0.8, 0.95])
  func `the residual spans every way in which the lists can go on`(p: Double) throws {
    let a = [1, 2, 3, 4, 5]
    let b = [9, 2, 8, 1, 7]
    let result = try value(a.map(Int32.init), b.map(Int32.init), p: p)
    // The least: nothing new in common. The most: each list first catches up with the other.
    let length = 4000
    let least = truncated(
      a + (0..<length).map { 1000 + $0 }, b + (0..<length).map { 100_000 + $0 }, p: p)
    let tail = (0..<length).map { 1000 + $0 }
    let most = truncated(a + [9, 8, 7] + tail, b + [3, 4, 5] + tail, p: p)
    #expect(abs(result.residual - (most - least)) < 1e-10)
    #expect(result.mean > least && result.mean < most)
  }

  @Test func `the weights of all places add up to one`() {
    for depth in [1, 2, 10, 100] {
      let weights = RankBiasedWeights(depth: depth, persistence: 0.9)
      #expect(abs(weights.weights.reduce(0, +) - 1) < 1e-14)
      #expect(weights.residual(common: depth) >= 0)
    }
  }

  @Test func `has the standard error of its anchors and none for a single one`() throws {
    let a = TestLists.lists([[1, 2], [0, 2], [0, 1]])
    let b = TestLists.lists([[1, 2], [2, 0], [5, 6]])
    let result = try RankBiasedOverlap(a, b, itemCount: 7)
    // Per anchor 1, W(2nd place)·2 and 0.
    let swapped = try value([0, 2], [2, 0], p: 0.9).mean
    let center = (1 + swapped) / 3
    let scatter =
      (1 - center) * (1 - center) + (swapped - center) * (swapped - center) + center * center
    #expect(abs(result.mean - center) < 1e-15)
    #expect(abs(try #require(result.standardError) - (scatter / 6).squareRoot()) < 1e-15)
    #expect(try value([1], [1], p: 0.9).standardError == nil)
  }

  @Test func `refuses lists without ranks`() {
    let none = NeighborLists(anchors: [0], width: 0, indices: [], scores: [])
    #expect(
      throws: OverlapError.noListLength(requested: [RankBiasedOverlap.defaultDepth], available: 0)
    ) { try RankBiasedOverlap(none, none, itemCount: 1) }
  }
}
