import Statistics

/// How one system differs from another, user by user, in a test metric averaged over the seeds that
/// both have.
///
/// The tests ask whether a difference could come from these users by chance. What other seeds would
/// give they do not cover, nor that several comparisons are made.
public struct PairedComparison: Sendable, Equatable {
  /// The system that is looked at, and the one it is compared with.
  public let system: String
  public let baseline: String
  /// The metric, such as `recall@20`.
  public let metric: String
  public let seeds: [UInt64]
  /// Mean difference with its 95 % interval.
  public let bootstrap: PairedBootstrap
  /// Nil where all differences are equal.
  public let tTest: PairedTTest?
  /// Nil where all differences are zero.
  public let wilcoxon: WilcoxonSignedRank?

  /// `system` minus `baseline`; nil without common seeds and users.
  public init?(
    _ system: TrialResults, against baseline: TrialResults, metric: String, seed: UInt64
  ) {
    let theirs = Set(baseline.runs.map(\.result.seed))
    seeds = system.runs.map(\.result.seed).filter(theirs.contains)
    let own = system.perUser(metric, seeds: seeds)
    let others = baseline.perUser(metric, seeds: seeds)
    let users = own.keys.filter { others[$0] != nil }.sorted()
    let (first, second) = (users.map { others[$0] ?? 0 }, users.map { own[$0] ?? 0 })
    guard let bootstrap = PairedBootstrap(first, second, streams: RandomStreams(seed: seed)) else {
      return nil
    }
    self.system = system.trial.name
    self.baseline = baseline.trial.name
    self.metric = metric
    self.bootstrap = bootstrap
    tTest = PairedTTest(first, second)
    wilcoxon = WilcoxonSignedRank(first, second)
  }

  /// The numbers, in one line.
  public var summary: String {
    let seeds = "\(seeds.count) \(seeds.count == 1 ? "seed" : "seeds")"
    let lower = signed(bootstrap.interval.lowerBound)
    return "\(system) − \(baseline), \(columnTitle(metric)) (\(seeds), \(bootstrap.count) users): "
      + "\(signed(bootstrap.meanDifference)), 95 % interval \(lower) to "
      + "\(signed(bootstrap.interval.upperBound)); paired t-test \(probability(tTest?.pValue)), "
      + "Wilcoxon signed-rank \(probability(wilcoxon?.pValue))"
  }

  /// What the numbers are, for below a table.
  public static let explanation = """
    Differences are taken user by user, of the metric averaged over the common seeds. The interval \
    is that of a paired bootstrap over users (10,000 resamples); both tests are two-sided, \
    Wilcoxon's leaves out users without a difference. None of them covers what other seeds would \
    give, and p is not corrected for the number of comparisons.
    """

  private func signed(_ value: Double) -> String { fixed(value, 4, signed: true) }
}

/// `p = 0.012`, or what is known of it.
func probability(_ p: Double?) -> String {
  guard let p else { return "p undefined" }
  return p < 0.001 ? "p < 0.001" : "p = \(fixed(p, 3))"
}
