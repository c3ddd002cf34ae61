import LinearAlgebra
import Neighbors
import Redundancy
import Testing

@Suite struct ListComparisonTests {
  @Test func `common items are found with both places, in the order of the second list`() {
    let a = TestLists.lists([[4, 2, 7, 1], [5, 6, 7, 8]])
    let b = TestLists.lists([[1, 9, 4, 3], [9, 3, 4, 2]])
    let common = mapCommonPlaces(a, b, itemCount: 10, length: 4) { $1 }
    #expect(common[0] == [CommonPlace(first: 3, second: 0), CommonPlace(first: 0, second: 2)])
    #expect(common[1].isEmpty)
    #expect(mapCommonPlaces(a, b, itemCount: 10, length: 3) { $1 }[0].count == 1)
  }

  @Test func `agrees with sets on random lists`() {
    let a = TestLists.random(seed: 1, items: 90, anchors: 700, width: 20)
    let b = TestLists.random(seed: 2, items: 90, anchors: 700, width: 25)
    let common = mapCommonPlaces(a, b, itemCount: 700, length: 20) { row, places in
      places.map { a.neighbors(ofRow: row)[a.width * row + $0.first] }
    }
    for row in common.indices {
      #expect(
        Set(common[row])
          == Set(a.neighbors(ofRow: row)).intersection(b.neighbors(ofRow: row).prefix(20)))
    }
  }

  @Test func `says which lists cannot be compared`() throws {
    let a = TestLists.random(seed: 3, items: 30, anchors: 9, width: 5)
    #expect(try requireComparable(a, a, itemCount: 30) == 5)
    #expect(try requireComparable(a, a, itemCount: 1000) == 5)
    let none = NeighborLists(anchors: [], width: 5, indices: [], scores: [])
    #expect(throws: OverlapError.empty) { try requireComparable(none, none, itemCount: 30) }
    #expect(throws: OverlapError.anchorsDiffer(first: 9, second: 0)) {
      try requireComparable(a, none, itemCount: 30)
    }
  }
}
