/// A measure of a ranked list against the items that it should contain.
///
/// For a user with p relevant items, with h_k = 1 where rank k holds one and 0 elsewhere:
///
///     recall@K    = Σ_{k≤K} h_k / p
///     precision@K = Σ_{k≤K} h_k / K
///     ndcg@K      = Σ_{k≤K} h_k / log₂(k+1)  /  Σ_{k≤min(K,p)} 1 / log₂(k+1)
///     map@K       = Σ_{k≤K} h_k · (Σ_{l≤k} h_l) / k  /  min(K, p)
///
/// All lie in 0...1. A data set's value is the mean over users; `recall2` weighs users by p, which
/// makes it the share of all relevant items that were found.
///
/// - Reference: [Zhou23]; NDCG [JK02].
public enum RankingMetric: String, Sendable, CaseIterable {
  case recall, ndcg, precision, map, recall2
}

/// A ranking metric with its cut-off, such as `recall@20`.
public struct MetricKey: Sendable, Hashable, CustomStringConvertible {
  public let metric: RankingMetric
  /// K, the length of the list that is looked at.
  public let cutoff: Int

  /// - Precondition: `cutoff` is positive.
  public init(_ metric: RankingMetric, at cutoff: Int) {
    precondition(cutoff > 0, "a list has at least one item, got \(cutoff)")
    self.metric = metric
    self.cutoff = cutoff
  }

  /// Reads a key such as `recall@20` or `Recall@20`; nil for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count == 2, let metric = RankingMetric(rawValue: parts[0].lowercased()),
      let cutoff = Int(parts[1]), cutoff > 0
    else { return nil }
    self.init(metric, at: cutoff)
  }

  public var description: String { "\(metric.rawValue)@\(cutoff)" }

  /// Every metric at every cut-off.
  public static func all(_ metrics: [RankingMetric], at cutoffs: [Int]) -> [MetricKey] {
    metrics.flatMap { metric in cutoffs.map { MetricKey(metric, at: $0) } }
  }

  /// What the framework reports: recall, NDCG, precision and MAP at 5, 10, 20 and 50.
  public static let standard = all([.recall, .ndcg, .precision, .map], at: [5, 10, 20, 50])
}

/// A metric as it is reported and compared: rounded to 4 decimals, halves to even.
///
/// - Reference: [Zhou23].
public func roundedMetric(_ value: Double) -> Double {
  (value * 10_000).rounded(.toNearestOrEven) / 10_000
}
