import Neighbors
import Redundancy
import Statistics
import Testing

@Suite struct NeighborSubsequenceTests {
  /// The longest common subsequence by dynamic programming.
  private func plain(_ a: some Collection<Int32>, _ b: some Collection<Int32>) -> Int {
    var previous = [Int](repeating: 0, count: b.count + 1)
    for x in a {
      var current = [0]
      for (place, y) in b.enumerated() {
        current.append(
          x == y ? previous[place] + 1 : max(previous[place + 1], current[place]))
      }
      previous = current
    }
    return previous.last ?? 0
  }

  @Test func `agrees with an independent program`() throws {
    let fixture = try NeighborFixture.load()
    let lists = try fixture.lists()
    let result = try NeighborSubsequence(
      lists.first, lists.second, itemCount: fixture.itemCount, k: fixture.k)
    #expect(abs(result.mean - fixture.subsequence) < 1e-14)
  }

  @Test(arguments: [1, 2, 7, 20])
  func `agrees with dynamic programming on random lists`(k: Int) throws {
    let a = TestLists.random(seed: 21, items: 40, anchors: 300, width: 20)
    let b = TestLists.random(seed: 22, items: 40, anchors: 300, width: 20)
    let result = try NeighborSubsequence(a, b, itemCount: 300, k: k)
    let shares = (0..<300).map { row in
      Double(plain(a.neighbors(ofRow: row).prefix(k), b.neighbors(ofRow: row).prefix(k)))
        / Double(k)
    }
    #expect(abs(result.mean - (mean(shares) ?? 0)) < 1e-14)
    #expect(abs((result.standardError ?? 0) - (standardError(shares) ?? 0)) < 1e-14)
  }

  @Test func `is the overlap where the order agrees and one item where it is reversed`() throws {
    let a = TestLists.lists([[1, 2, 3, 4]])
    #expect(try NeighborSubsequence(a, a, itemCount: 9).mean == 1)
    #expect(
      try NeighborSubsequence(a, TestLists.lists([[4, 3, 2, 1]]), itemCount: 9).mean == 0.25)
    #expect(
      try NeighborSubsequence(a, TestLists.lists([[5, 2, 6, 4]]), itemCount: 9).mean == 0.5)
    #expect(
      try NeighborSubsequence(a, TestLists.lists([[5, 6, 7, 8]]), itemCount: 9).mean == 0)
  }

  @Test func `takes what shorter lists have`() throws {
    let a = TestLists.lists([[1, 2]])
    let result = try NeighborSubsequence(a, a, itemCount: 3)
    #expect(result.k == 2 && result.mean == 1 && result.standardError == nil)
  }
}
