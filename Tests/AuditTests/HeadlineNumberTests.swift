import Audit
import Foundation
import Testing

@Suite("Headline numbers")
struct HeadlineNumberTests {
  /// The value at a path such as `a.b[0].c`.
  func value(at path: String, in json: Any) -> Double? {
    var place: Any? = json
    for part in path.split(whereSeparator: { ".[".contains($0) }) {
      if part.hasSuffix("]") {
        let list = place as? [Any] ?? []
        place = Int(part.dropLast()).flatMap { list.indices.contains($0) ? list[$0] : nil }
      } else {
        place = (place as? [String: Any])?[String(part)]
      }
    }
    return (place as? NSNumber)?.doubleValue
  }

  @Test func `stand in the report at their paths, each once`() throws {
    let report = try ReportDifferenceTests.report(seed: 3)
    let json = try JSONSerialization.jsonObject(with: JSONEncoder().encode(report))
    let numbers = report.headlineNumbers
    #expect(numbers.count > 10 && Set(numbers.map(\.path)).count == numbers.count)
    #expect(Set(numbers.map(\.label)).count == numbers.count)
    for number in numbers {
      // The reader of JSON may miss the last bit.
      let found = try #require(value(at: number.path, in: json), "\(number.path)")
      #expect(abs(found - number.value) <= 1e-14 * abs(number.value), "\(number.path)")
      if let error = number.standardError { #expect(error >= 0 && error.isFinite) }
    }
  }
}
