import Foundation

/// A share as a percentage with three significant digits, `11.7 %`.
public func percent(_ share: Double) -> String { "\(significant(100 * share)) %" }

/// Three significant digits, without an exponent between 0.001 and 100,000.
public func significant(_ value: Double) -> String {
  guard value.isFinite else { return "undefined" }
  guard value != 0 else { return "0" }
  let magnitude = abs(value)
  guard magnitude >= 1e-3, magnitude < 1e5 else { return String(format: "%.2e", value) }
  let decimals = max(0, 2 - Int(log10(magnitude).rounded(.down)))
  return String(format: "%.\(decimals)f", value)
}

/// An integer with its thousands set apart, `18,357`.
public func grouped(_ value: Int) -> String {
  var digits = Array(String(abs(value)))
  var position = digits.count - 3
  while position > 0 {
    digits.insert(",", at: position)
    position -= 3
  }
  return (value < 0 ? "−" : "") + String(digits)
}
