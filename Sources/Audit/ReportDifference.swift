import Redundancy

/// How one report differs from another.
///
/// A difference is flagged when it is larger than its error allows: |b − a| > 2.58·√(seₐ² + se_b²),
/// which independent samples exceed once in a hundred times. Where a side has no known error, any
/// difference beyond rounding is flagged.
public struct ReportDifference: Codable, Sendable, Equatable {
  /// One number in both reports.
  public struct Row: Codable, Sendable, Equatable {
    public let path: String
    public let label: String
    /// In the report that is compared with.
    public let baseline: Double
    /// In this report.
    public let value: Double
    /// value − baseline.
    public let difference: Double
    /// Standard error of the difference, where both sides have one.
    public let standardError: Double?
    public let isFlagged: Bool
  }

  /// A statement of the paper that is judged differently.
  public struct VerdictChange: Codable, Sendable, Equatable {
    public let id: String
    public let baseline: TheoremVerdict.Verdict
    public let value: TheoremVerdict.Verdict
  }

  /// Name and date of the report that is compared with.
  public let baselineDataset: String
  public let baselineDate: String
  /// Whether both read the same bytes.
  public let isSameInput: Bool
  public let rows: [Row]
  public let verdictChanges: [VerdictChange]
  /// The verdict on redundancy, where it differs: baseline, this.
  public let redundancyChange: [Verdict.Redundancy]?
  /// Labels of numbers that only one of the reports has.
  public let unmatched: [String]
  /// How many rows are flagged, and statements and verdicts judged differently.
  public let flagged: Int

  /// Standard errors beyond which a difference is flagged.
  public static let limit = 2.58

  /// Compares `report` with `baseline`.
  public init(from baseline: RedundancyReport, to report: RedundancyReport) {
    let mine = report.headlineNumbers
    let theirs = Dictionary(
      baseline.headlineNumbers.map { ($0.label, $0) }, uniquingKeysWith: { first, _ in first })
    rows = mine.compactMap { number in
      theirs[number.label].map { Row(from: $0, to: number) }
    }
    let labels = Set(mine.map(\.label))
    unmatched =
      mine.map(\.label).filter { theirs[$0] == nil }
      + baseline.headlineNumbers.map(\.label).filter { !labels.contains($0) }
    let verdicts = Dictionary(
      (baseline.theorems ?? []).map { ($0.id, $0.verdict) }, uniquingKeysWith: { first, _ in first })
    verdictChanges = (report.theorems ?? []).compactMap { statement in
      guard let other = verdicts[statement.id], other != statement.verdict else { return nil }
      return VerdictChange(id: statement.id, baseline: other, value: statement.verdict)
    }
    let levels = [baseline.verdict.redundancy, report.verdict.redundancy]
    redundancyChange = levels[0] == levels[1] ? nil : levels
    baselineDataset = baseline.dataset.name
    baselineDate = baseline.provenance.date
    isSameInput = baseline.provenance.digests == report.provenance.digests
    flagged =
      rows.count(where: \.isFlagged) + verdictChanges.count + (redundancyChange == nil ? 0 : 1)
  }
}

extension ReportDifference.Row {
  package init(from baseline: HeadlineNumber, to number: HeadlineNumber) {
    path = number.path
    label = number.label
    self.baseline = baseline.value
    value = number.value
    difference = number.value - baseline.value
    if let a = baseline.standardError, let b = number.standardError {
      let error = (a * a + b * b).squareRoot()
      standardError = error
      isFlagged =
        abs(difference) > max(ReportDifference.limit * error, Self.rounding(baseline, number))
    } else {
      standardError = nil
      isFlagged = abs(difference) > Self.rounding(baseline, number)
    }
  }

  /// Equal computations on other processors may differ in the last bits.
  private static func rounding(_ a: HeadlineNumber, _ b: HeadlineNumber) -> Double {
    1e-6 * max(abs(a.value), abs(b.value))
  }
}
