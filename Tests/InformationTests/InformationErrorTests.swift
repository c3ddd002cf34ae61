import Information
import Testing

@Suite struct InformationErrorTests {
  @Test func `says in a sentence what does not fit`() {
    #expect(
      "\(InformationError.itemCountMismatch(first: 3, second: 4))"
        == "the first modality has 3 items and the second 4; both need one row per item, in the "
        + "same order")
    #expect(
      "\(InformationError.taskCountMismatch(entries: 2, items: 5))"
        == "the task has 2 entries for 5 items; one per item is needed, in the same order")
    #expect("\(InformationError.empty)".hasPrefix("no item has a value of the task"))
    #expect(
      "\(InformationError.nonFinite(modality: 1, row: 7))"
        == "row 7 of the second modality holds NaN or infinity; remove or repair that item")
  }
}
