import Statistics

/// A measured number: its mean over seeds and how far single seeds lie from it.
public struct Estimate: Sendable, Equatable {
  public let mean: Double
  /// The sample's standard deviation; nil for one seed.
  public let deviation: Double?
  /// Number of seeds.
  public let count: Int

  /// Nil for no values.
  public init?(_ values: [Double]) {
    guard let center = Statistics.mean(values) else { return nil }
    mean = center
    deviation = sampleVariance(values)?.squareRoot()
    count = values.count
  }
}

/// What is there of one trial.
public struct TrialResults: Sendable {
  public let trial: Trial
  /// The finished runs, in the order of the seeds.
  public let runs: [FinishedRun]
  /// Seeds without a finished run.
  public let missing: [UInt64]
  /// Why there is no more, in a sentence; nil where there is no reason but time.
  public let problem: String?

  public init(
    _ trial: Trial, _ runs: [FinishedRun], missing: [UInt64] = [], problem: String? = nil
  ) {
    self.trial = trial
    self.runs = runs
    self.missing = missing
    self.problem = problem
  }

  /// A test metric over the seeds; nil without a run.
  public func test(_ metric: String) -> Estimate? {
    Estimate(runs.compactMap { $0.result.test[metric] })
  }

  /// Each user's test metric, averaged over the runs of `seeds`; users without one are left out.
  public func perUser(_ metric: String, seeds: [UInt64]) -> [Int32: Double] {
    var sums: [Int32: (sum: Double, count: Double)] = [:]
    for run in runs where seeds.contains(run.result.seed) {
      guard let column = run.users.columns.firstIndex(of: "test.\(metric)") else { continue }
      for (user, values) in zip(run.users.users, run.users.values) {
        guard let value = values[column] else { continue }
        let old = sums[user] ?? (0, 0)
        sums[user] = (old.sum + value, old.count + 1)
      }
    }
    return sums.mapValues { $0.sum / $0.count }
  }
}
