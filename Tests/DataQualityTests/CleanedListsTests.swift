import DataQuality
import LinearAlgebra
import Neighbors
import Testing

@Suite("Cleaned lists")
struct CleanedListsTests {
  typealias Worlds = QualityWorlds

  @Test func `are those of a search without the items`() throws {
    let matrices = [Worlds.gaussian(150, 6, seed: 1), Worlds.gaussian(150, 9, seed: 2)]
    let gone: Set<Int> = [0, 5, 6, 7, 40, 149]
    let kept = (0..<150).filter { !gone.contains($0) }
    let lists = try matrices.map { try cosineNeighbors($0, count: 16) }
    let cleaned = CleanedLists(removing: gone, from: lists, itemCount: 150, width: 10)
    #expect(cleaned.itemCount == 144 && cleaned.shortened == 0)
    for (found, matrix) in zip(cleaned.lists, matrices) {
      let expected = try cosineNeighbors(matrix.rows(kept), count: 10)
      #expect(found.anchors == expected.anchors && found.indices == expected.indices)
      #expect(zip(found.scores, expected.scores).allSatisfy { abs($0 - $1) < 1e-6 })
    }
  }

  @Test func `leave out anchors in all modalities where one has too little left`() throws {
    let matrices = [Worlds.gaussian(90, 4, seed: 3), Worlds.gaussian(90, 4, seed: 4)]
    let gone = Set(0..<30)
    let lists = try matrices.map { try cosineNeighbors($0, count: 8, anchors: Array(20..<90)) }
    let cleaned = CleanedLists(removing: gone, from: lists, itemCount: 90, width: 6)
    let left = lists.map { lists in
      Dictionary(
        uniqueKeysWithValues: lists.anchors.indices.map { row in
          (lists.anchors[row], lists.neighbors(ofRow: row).filter { !gone.contains(Int($0)) })
        })
    }
    let anchors = (30..<90).filter { item in left.allSatisfy { $0[item]!.count >= 6 } }
    #expect(!anchors.isEmpty && anchors.count < 60)
    #expect(cleaned.shortened == 60 - anchors.count)
    for (found, expected) in zip(cleaned.lists, left) {
      #expect(found.anchors == anchors.map { $0 - 30 })
      for (row, anchor) in anchors.enumerated() {
        #expect(Array(found.neighbors(ofRow: row)) == expected[anchor]!.prefix(6).map { $0 - 30 })
      }
    }
  }

  @Test func `can be empty`() throws {
    let lists = try [cosineNeighbors(Worlds.gaussian(9, 3, seed: 1), count: 4)]
    let cleaned = CleanedLists(removing: Set(0..<9), from: lists, itemCount: 9, width: 3)
    #expect(cleaned.itemCount == 0 && cleaned.lists[0].anchors.isEmpty)
  }
}
