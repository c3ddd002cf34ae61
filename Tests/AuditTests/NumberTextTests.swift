import Audit
import Testing

@Suite("Number text")
struct NumberTextTests {
  @Test(
    arguments: [
      (0, "0"), (1, "1.00"), (12.04, "12.0"), (123.4, "123"), (99_999, "99999"),
      (0.001_234, "0.00123"), (0.000_999, "9.99e-04"), (123_456, "1.23e+05"), (-2.5, "-2.50"),
      (.infinity, "undefined"), (.nan, "undefined"),
    ] as [(Double, String)])
  func `has three significant digits`(value: Double, text: String) {
    #expect(significant(value) == text)
  }

  @Test func `writes shares as percentages`() {
    #expect(percent(0.1167) == "11.7 %")
    #expect(percent(0) == "0 %")
  }
}
