import Foundation
import Recommenders
import Statistics

/// What the trainings of a sweep came to, and which point of the grid that chooses.
///
/// A point is chosen by its mean validation metric over the seeds, unrounded, the first of equal
/// ones; the test set has no say. Which point is best on the test set is told beside it: published
/// figures are often chosen so, which makes them too good.
///
/// - Reference: [Zhou23], which chooses on the test set.
public struct SweepReport: Sendable {
  /// One point of the grid: its trainings with every seed.
  public struct Row: Sendable {
    /// The values of the axes, as ``SweepPoint/values``.
    public let values: [SettingValue?]
    /// The trainings, as places in the plan.
    let places: [Int]
    /// Their results; none unless all are finished.
    let results: [RunResult]

    /// The metric's values over the seeds.
    func values(_ part: KeyPath<RunResult, [String: Double]> & Sendable, _ metric: String)
      -> [Double]
    {
      results.compactMap { $0[keyPath: part][metric] }
    }

    /// Mean validation metric over the seeds, unrounded; nil unless all are finished.
    public func validation(_ metric: String) -> Double? { mean(values(\.valid, metric)) }

    /// Mean test metric, as ``validation(_:)``.
    public func test(_ metric: String) -> Double? { mean(values(\.test, metric)) }
  }

  public let plan: SweepPlan
  public let outcomes: [SweepOutcome]
  public let rows: [Row]
  /// Key of the metric that chooses, such as `recall@20`.
  public let metric: String

  /// - Precondition: there is an outcome for every point of `plan`.
  public init(_ plan: SweepPlan, _ outcomes: [SweepOutcome]) {
    precondition(
      !plan.points.isEmpty && outcomes.count == plan.points.count,
      "\(outcomes.count) outcomes of \(plan.points.count) points")
    self.plan = plan
    self.outcomes = outcomes
    metric = "\(plan.points[0].configuration.settings.validMetric)"
    rows = plan.groups.map { places in
      let results = places.compactMap { outcomes[$0].result }
      return Row(
        values: plan.points[places[0]].values, places: places,
        results: results.count == places.count ? results : [])
    }
  }

  /// The row with the best validation metric; nil while none is finished.
  public var chosen: Int? { best { $0.validation(metric) } }

  /// The row with the best test metric, which must not choose.
  public var bestOnTest: Int? { best { $0.test(metric) } }

  private func best(_ value: (Row) -> Double?) -> Int? {
    var best: (row: Int, value: Double)?
    for (row, value) in rows.map(value).enumerated() {
      if let value, value > best?.value ?? -.infinity { best = (row, value) }
    }
    return best?.row
  }

  /// What is tabulated: the metric that chooses, and the two of the field's tables.
  var metrics: [String] {
    [metric] + ["recall@20", "ndcg@20"].filter { $0 != metric }
  }

  /// The values of `row`, such as `strength=0.9, rank=4`.
  public func name(of row: Int) -> String {
    let parts = zip(plan.titles, rows[row].values).compactMap { title, value in
      value.map { "\(title)=\($0.yaml)" }
    }
    return parts.isEmpty ? "the only point" : parts.joined(separator: ", ")
  }
}
