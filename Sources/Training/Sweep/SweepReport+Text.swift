import Foundation
import Recommenders
import Statistics

extension SweepReport {
  /// One training a line, tab-separated; numbers come back from it exactly.
  var table: String {
    var lines = [
      plan.titles + ["seed", "run", "state", "epochs", "best_epoch"]
        + metrics.map { "valid.\($0)" } + metrics.map { "test.\($0)" }
        + ["chosen_on_validation", "best_on_test_published_habit"]
    ]
    for (place, point) in plan.points.enumerated() {
      let result = outcomes[place].result
      let marks = [chosen, bestOnTest].map { row in
        row.map { rows[$0].places.contains(place) } ?? false ? "1" : "0"
      }
      var cells = point.values.map { $0?.yaml ?? "" }
      cells += ["\(point.configuration.seed)", point.name, outcomes[place].state]
      cells += [result?.epochs, result?.bestEpoch].map { $0.map { "\($0)" } ?? "" }
      for part in [result?.valid, result?.test] {
        cells += metrics.map { metric in part?[metric].map { "\($0)" } ?? "" }
      }
      lines.append(cells + marks)
    }
    return lines.map { $0.joined(separator: "\t") + "\n" }.joined()
  }

  /// One point of the grid a line, as Markdown.
  var page: String {
    let first = plan.points[0].configuration
    let seeds = Set(plan.points.map(\.configuration.seed)).count
    var lines = ["# \(first.model) on \(first.dataset)", "", summary, ""]
    if seeds > 1 { lines += ["Mean ± standard deviation over \(seeds) seeds.", ""] }
    let columns =
      plan.titles + ["best epoch"] + metrics.flatMap { ["validation \($0)", "test \($0)"] }
      + ["chosen on validation", "best on test (the published habit)"]
    lines.append(line(columns))
    lines.append(line(columns.map { _ in "---" }))
    for (index, row) in rows.enumerated() {
      let epochs = spread(row.results.map { Double($0.bestEpoch) }, places: 0)
      var cells = row.values.map { $0?.yaml ?? "" }
      cells.append(row.results.isEmpty ? state(of: row) : epochs)
      for metric in metrics {
        cells.append(spread(row.values(\.valid, metric), places: 4))
        cells.append(spread(row.values(\.test, metric), places: 4))
      }
      cells += [index == chosen ? "●" : "", index == bestOnTest ? "○" : ""]
      lines.append(line(cells))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What was chosen, in a sentence or two.
  public var summary: String {
    let finished = outcomes.count { $0.result != nil }
    let count = "\(finished) of \(outcomes.count) trainings are finished."
    guard let chosen, let bestOnTest else { return count }
    func numbers(_ row: Int) -> String {
      "validation \(metric) \(decimal(rows[row].validation(metric), 4)), "
        + "test \(decimal(rows[row].test(metric), 4))"
    }
    return "\(count) Chosen on validation: \(name(of: chosen)), with \(numbers(chosen)). "
      + "Best on test (the published habit): \(name(of: bestOnTest)), with "
      + "\(numbers(bestOnTest))."
  }

  private func line(_ cells: [String]) -> String {
    "| " + cells.map { $0.replacingOccurrences(of: "|", with: "\\|") }.joined(separator: " | ")
      + " |"
  }

  private func state(of row: Row) -> String {
    row.places.map { outcomes[$0].state }.first { $0 != "finished" } ?? "finished"
  }
}

/// The mean, with the sample's standard deviation where there are several values.
private func spread(_ values: [Double], places: Int) -> String {
  guard let center = mean(values) else { return "" }
  guard let variance = sampleVariance(values) else { return decimal(center, places) }
  return "\(decimal(center, places)) ± \(decimal(variance.squareRoot(), places))"
}

private func decimal(_ value: Double?, _ places: Int) -> String {
  value.map { String(format: "%.\(places)f", $0) } ?? ""
}

extension SweepOutcome {
  var state: String {
    switch self {
    case .pending: "pending"
    case .finished: "finished"
    case .diverged: "diverged"
    }
  }
}
