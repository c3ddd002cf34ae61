import Foundation

/// What a numeric check found about one numbered statement of the paper on one data set.
///
/// - Reference: [CLEAR26].
public struct TheoremVerdict: Codable, Sendable, Equatable {
  /// The four possible findings.
  public enum Verdict: String, CaseIterable, Codable, Sendable {
    /// The measured numbers agree with the statement.
    case holds
    /// The measured numbers contradict the statement.
    case fails
    /// A condition that the statement needs, said or not, is not met by this data.
    case premiseNotMet = "premise not met"
    /// The statement has no meaning, or nothing to be measured on, for this data.
    case notApplicable = "not applicable"
  }

  /// How a measured number is compared with the expected one.
  public enum Comparison: String, Codable, Sendable {
    case atMost = "≤"
    case atLeast = "≥"
    case equal = "="
  }

  /// One measured number beside what it was compared with.
  public struct Check: Codable, Sendable, Equatable {
    /// What was measured, in words.
    public var name: String
    /// The measured number; nil when there was nothing to measure or it was not finite.
    public var measured: Double?
    /// The other side of the comparison.
    public var expected: Double?
    /// Slack of the comparison; nil for none.
    public var tolerance: Double?
    /// How `measured` is compared with `expected`.
    public var comparison: Comparison
    /// The outcome of the comparison.
    public var verdict: Verdict
  }

  /// `theorem-1`, `proposition-2`, … `equation-13`.
  public var id: String
  /// A short name.
  public var title: String
  /// What the paper says, in plain words.
  public var statement: String
  /// The finding. Every check documents its rule.
  public var verdict: Verdict
  /// The headline number; nil when there was nothing to measure.
  public var measured: Double?
  /// What the headline number is compared with.
  public var tolerance: Double?
  /// What the headline number is and how it is compared.
  public var measure: String
  /// What is true here, with this data's numbers.
  public var explanation: String
  /// Every number that was measured.
  public var checks: [Check]
}

extension TheoremVerdict.Check {
  /// `measured` ≤ `bound` (+ `tolerance`).
  static func atMost(
    _ name: String, _ measured: Double?, _ bound: Double?, tolerance: Double? = nil
  ) -> Self {
    compare(name, measured, .atMost, bound, tolerance) { $0 <= $1 + $2 }
  }

  /// `measured` ≥ `bound` (− `tolerance`).
  static func atLeast(
    _ name: String, _ measured: Double?, _ bound: Double?, tolerance: Double? = nil
  ) -> Self {
    compare(name, measured, .atLeast, bound, tolerance) { $0 >= $1 - $2 }
  }

  /// |`measured` − `expected`| ≤ `tolerance`.
  static func equal(
    _ name: String, _ measured: Double?, _ expected: Double?, tolerance: Double
  ) -> Self {
    compare(name, measured, .equal, expected, tolerance) { abs($0 - $1) <= $2 }
  }

  private static func compare(
    _ name: String, _ measured: Double?, _ comparison: TheoremVerdict.Comparison,
    _ expected: Double?, _ tolerance: Double?, _ isTrue: (Double, Double, Double) -> Bool
  ) -> Self {
    var verdict = TheoremVerdict.Verdict.notApplicable
    if let measured, let expected {
      verdict =
        measured.isFinite && isTrue(measured, expected, tolerance ?? 0) ? .holds : .fails
    }
    return Self(
      name: name, measured: measured.flatMap { $0.isFinite ? $0 : nil },
      expected: expected.flatMap { $0.isFinite ? $0 : nil }, tolerance: tolerance,
      comparison: comparison, verdict: verdict)
  }

  /// The same check where a failed comparison means that the data lacks the statement's premise.
  var asPremise: Self {
    var copy = self
    if copy.verdict == .fails { copy.verdict = .premiseNotMet }
    return copy
  }

  /// Whether the comparison was made and came out true.
  var holds: Bool { verdict == .holds }
}

extension [TheoremVerdict.Check] {
  /// Whether no comparison came out false.
  var noneFails: Bool { allSatisfy { $0.verdict != .fails } }
}

/// A number in a sentence, with four significant digits; "undefined" for none.
func words(_ value: Double?) -> String {
  guard let value, value.isFinite else { return "undefined" }
  return String(format: "%.4g", value)
}

/// a / b, or nil when that is not a finite number.
func ratio(_ a: Double, _ b: Double) -> Double? {
  let quotient = a / b
  return quotient.isFinite ? quotient : nil
}
