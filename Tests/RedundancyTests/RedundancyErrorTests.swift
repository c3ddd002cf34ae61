import Redundancy
import Testing

@Suite("Redundancy errors")
struct RedundancyErrorTests {
  @Test(arguments: [
    (
      RedundancyError.itemCountMismatch(first: 3, second: 2),
      "the first modality has 3 items and the second 2; "
        + "both need one row per item, in the same order"
    ),
    (.tooFewItems(count: 2, needed: 3), "2 items are too few; at least 3 are needed"),
    (
      .rankOutOfRange(rank: 9, available: 4),
      "the redundancy rank 9 is outside 1...4, the number of shared directions; "
        + "choose a smaller --rank"
    ),
    (.strengthOutOfRange(1.5), "the projection strength 1.5 is outside 0...1"),
    (
      .labelCountMismatch(labels: 5, items: 6),
      "there are 5 labels for 6 items; one per item is needed, in the same order"
    ),
    (
      .tooFewClasses(count: 1, minimumItems: 10),
      "Fisher ratios compare two or more classes of at least 10 items; there are 1"
    ),
  ])
  func `say what was found and what is needed`(error: RedundancyError, sentence: String) {
    #expect("\(error)" == sentence)
  }
}
