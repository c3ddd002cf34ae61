/// Something about the data that its reader must know.
public struct QualityIssue: Codable, Sendable, Equatable {
  public enum Severity: String, Codable, Sendable, Comparable, CaseIterable {
    /// Nothing can be measured before it is settled.
    case blocking
    /// Numbers can be measured and mislead.
    case serious
    /// Good to know.
    case note

    /// Worse comes first.
    public static func < (a: Severity, b: Severity) -> Bool {
      allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
    }
  }

  public enum Kind: String, Codable, Sendable {
    case nonFinite, missing, constantColumns
    case meanRows, sharedVector, discrete, suspiciousInBoth, equalInBoth, dominantColumn, scaleRatio
    case duplicates, nearDuplicates, duplicateColumns, nearlyConstantColumns, integers
    case wide, hub, differingTypes
  }

  public let severity: Severity
  public let kind: Kind
  /// The modalities that it is about.
  public let modalities: [String]
  /// What was found: one sentence with counts and the first places.
  public let finding: String
  /// What to do next: one sentence.
  public let advice: String
}
