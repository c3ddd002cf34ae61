import Audit
import Foundation

/// `report.json`: keys sorted, numbers at full precision, so that equal reports are equal bytes.
///
/// - Throws: `EncodingError` if a number is NaN or infinite, which no diagnostic returns.
public func reportJSON(_ report: RedundancyReport) throws -> Data {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
  return try encoder.encode(report) + Data("\n".utf8)
}
