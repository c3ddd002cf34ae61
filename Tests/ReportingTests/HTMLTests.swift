import Audit
import Reporting
import Testing

@Suite("HTML")
struct HTMLTests {
  @Test func `escapes what markup is made of`() {
    #expect(escaped("a < b & c > \"d\"") == "a &lt; b &amp; c &gt; &quot;d&quot;")
  }

  @Test func `keeps percent signs beside their numbers`() {
    #expect(escaped("5 % of 7 %, 100%") == "5\u{A0}% of 7\u{A0}%, 100%")
  }

  @Test(arguments: [(0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "−1,234,567")])
  func `groups the digits of integers`(value: Int, text: String) {
    #expect(grouped(value) == text)
  }
}
