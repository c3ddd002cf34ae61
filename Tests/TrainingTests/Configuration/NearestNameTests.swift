import Testing

import Training

@Suite("The nearest name")
struct NearestNameTests {
  @Test(arguments: [
    ("", "", 0), ("a", "", 1), ("", "abc", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2),
    ("abc", "abc", 0),
  ])
  func `edits are counted`(a: String, b: String, distance: Int) {
    #expect(NearestName.distance(Array(a), Array(b)) == distance)
    #expect(NearestName.distance(Array(b), Array(a)) == distance)
  }

  @Test func `capitals do not count, and the first of several wins`() {
    #expect(NearestName.nearest(to: "REG", among: ["rag", "reg"]) == "reg")
    #expect(NearestName.nearest(to: "x", among: ["b", "a"]) == "b")
    #expect(NearestName.nearest(to: "x", among: []) == nil)
  }
}
