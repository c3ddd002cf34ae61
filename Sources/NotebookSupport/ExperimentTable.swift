import Foundation
import Statistics
import Training

/// A table of experiments, as it came out.
public struct ExperimentTable: Sendable {
  /// One trial, measured.
  public struct Row: Sendable {
    public let trial: Trial
    public let runs: [FinishedRun]

    public init(_ trial: Trial, _ runs: [FinishedRun]) {
      self.trial = trial
      self.runs = runs
    }

    /// Mean and standard deviation over seeds of a test metric; no deviation for one seed.
    public func test(_ metric: String) -> (mean: Double, deviation: Double?) {
      let values = runs.map { $0.result.test[metric] ?? .nan }
      let mean = values.reduce(0, +) / Double(values.count)
      guard values.count > 1 else { return (mean, nil) }
      let sum = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (mean, (sum / Double(values.count - 1)).squareRoot())
    }

    /// Each user's test metric, averaged over seeds; users without one are left out.
    public func perUser(_ metric: String) -> [Int32: Double] {
      var sums: [Int32: Double] = [:]
      for run in runs {
        guard let column = run.users.columns.firstIndex(of: "test.\(metric)") else { continue }
        for (user, values) in zip(run.users.users, run.users.values) {
          if let value = values[column] { sums[user, default: 0] += value }
        }
      }
      return sums.mapValues { $0 / Double(runs.count) }
    }

    /// How this row differs from `other`, user by user.
    public func difference(
      from other: Row, _ metric: String, seed: UInt64
    ) -> PairedBootstrap? {
      let (own, others) = (perUser(metric), other.perUser(metric))
      let users = own.keys.filter { others[$0] != nil }.sorted()
      return PairedBootstrap(
        users.map { others[$0] ?? 0 }, users.map { own[$0] ?? 0 },
        streams: RandomStreams(seed: seed))
    }
  }

  /// The metrics of the columns.
  public static let metrics = ["recall@10", "recall@20", "ndcg@10", "ndcg@20"]

  /// Mean ± deviation as a cell.
  public static func cell(_ value: (mean: Double, deviation: Double?)) -> String {
    String(format: "%.4f", value.mean)
      + (value.deviation.map { String(format: " ± %.4f", $0) } ?? "")
  }

  /// Writes a Markdown table.
  public static func markdown(header: [String], rows: [[String]]) -> String {
    ([header, header.map { _ in "---" }] + rows)
      .map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n") + "\n"
  }
}
