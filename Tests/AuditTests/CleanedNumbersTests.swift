import Audit
import Testing

@Suite("Cleaned numbers")
struct CleanedNumbersTests {
  @Test func `are those that both reports have, by their labels`() {
    func number(_ label: String, _ value: Double, _ error: Double? = nil) -> HeadlineNumber {
      HeadlineNumber(path: "p", label: label, value: value, standardError: error)
    }
    let numbers = CleanedNumbers(
      removed: 3, items: 97, all: [number("a", 1, 0.5), number("b", 2), number("c", 3)],
      cleaned: [number("c", 30), number("d", 40), number("a", 10, 9)])
    #expect(numbers.rows.map(\.label) == ["a", "c"])
    #expect(numbers.rows.map(\.all) == [1, 3] && numbers.rows.map(\.cleaned) == [10, 30])
    #expect(numbers.rows.map(\.standardError) == [0.5, nil])
    #expect(numbers.removed == 3 && numbers.items == 97 && numbers.notes.isEmpty)
  }
}
