import Testing
import Training

@Suite("Item lists")
struct ItemListsTests {
  let lists = ItemLists(count: 4, owners: [2, 0, 2, 2, 0, 2], items: [9, 5, 1, 9, 3, 4])

  @Test func `are ascending and without repetition`() {
    #expect(lists.count == 4)
    #expect((0..<4).map { Array(lists[$0]) } == [[3, 5], [], [1, 4, 9], []])
  }

  @Test func `know their members`() {
    for list in 0..<4 {
      let members = (0..<12).filter { lists.contains(Int32($0), in: list) }
      #expect(members == lists[list].map(Int.init))
    }
  }
}
