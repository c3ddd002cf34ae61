import Neighbors
import ProjectionCost
import Testing

@Suite("Neighbour vote")
struct NeighborVoteTests {
  func lists(_ rows: [[Int32]]) -> NeighborLists {
    NeighborLists(
      anchors: Array(rows.indices), width: rows[0].count, indices: rows.flatMap { $0 },
      scores: [Float](repeating: 0.5, count: rows.count * rows[0].count))
  }

  @Test func `counts votes by hand`() throws {
    // Labels of the lists: 7 7 3 → 7; 3 7 3 → 3; 7 3 7 → 7; 9 3 7, all once → 9.
    let labels = [7, 7, 3, 9, 7, 3]
    let found = try #require(
      neighborVoteAccuracy(
        lists([[1, 4, 2], [2, 0, 5], [0, 5, 4], [3, 2, 0]]), labels: labels))
    // Anchors carry 7, 7, 3, 9.
    #expect(found.value == 0.5)
    #expect(abs((found.standardError ?? 0) - (1.0 / 12).squareRoot()) < 1e-15)
  }

  @Test func `breaks ties by the nearest`() throws {
    let labels = [1, 2, 1, 2, 1]
    #expect(neighborVoteAccuracy(lists([[1, 2, 4, 3]]), labels: labels)?.value == 0)
    #expect(neighborVoteAccuracy(lists([[2, 1, 3, 4]]), labels: labels)?.value == 1)
    #expect(neighborVoteAccuracy(lists([[2, 1, 3, 4]]), labels: labels)?.standardError == nil)
  }

  @Test func `has no value without anchors`() {
    let none = NeighborLists(anchors: [], width: 3, indices: [], scores: [])
    #expect(neighborVoteAccuracy(none, labels: [1, 2]) == nil)
  }
}
