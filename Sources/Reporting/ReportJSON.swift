import Audit
import Foundation

/// `report.json`: keys sorted, numbers at full precision, so that equal reports are equal bytes.
///
/// - Throws: `EncodingError` if a number is NaN or infinite, which no diagnostic returns.
public func reportJSON(_ report: RedundancyReport) throws -> Data { try stableJSON(report) }

/// `report.json` of a comparison of runs, in the same form.
///
/// - Throws: `EncodingError` if a number is NaN or infinite, which no run's metrics hold.
public func comparisonJSON(_ comparison: RunComparison) throws -> Data {
  try stableJSON(comparison)
}

/// The comparison of two reports, in the same form.
///
/// - Throws: `EncodingError` if a number is NaN or infinite, which no report holds.
public func differenceJSON(_ difference: ReportDifference) throws -> Data {
  try stableJSON(difference)
}

private func stableJSON(_ value: some Encodable) throws -> Data {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
  return try encoder.encode(value) + Data("\n".utf8)
}
