import Foundation

/// What the discounted gain of a list is divided by.
public enum GainNormalization: String, Sendable, CaseIterable {
  /// The gain of a list that starts with as many of the relevant items as it can hold.
  case ideal
  /// The gain of the list's own hits moved to its front: LATTICE's NDCG, 0 without a hit. It is
  /// larger where a user has several relevant items, and the same where there is one.
  case hits
}

/// Computes chosen metrics of one user's list.
///
/// - Reference: [Zhou23]; ``GainNormalization/hits`` [ZZLWWW21].
public struct RankingMetrics: Sendable {
  /// What is computed, in this order.
  public let keys: [MetricKey]
  /// Items that can be ranked.
  public let itemCount: Int
  private let normalization: GainNormalization
  /// 1/log₂(k+1) for rank k = 1, 2, …
  private let discounts: [Double]
  /// Sums of the first 0, 1, 2, … discounts.
  private let idealGains: [Double]

  /// - Precondition: there is a key, and an item.
  public init(
    _ keys: [MetricKey], itemCount: Int, normalization: GainNormalization = .ideal
  ) {
    precondition(!keys.isEmpty && itemCount > 0, "\(keys.count) metrics of \(itemCount) items")
    self.keys = keys
    self.itemCount = itemCount
    self.normalization = normalization
    let length = min(keys.reduce(0) { max($0, $1.cutoff) }, itemCount)
    discounts = (1...length).map { 1 / log2(Double($0 + 1)) }
    idealGains = discounts.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1) }
  }

  /// How many ranks matter: the largest cut-off, at most the number of items.
  public var depth: Int { discounts.count }

  /// The value of each key.
  ///
  /// - Parameters:
  ///   - hitRanks: Ranks, from 1 up to ``depth``, that hold a relevant item; ascending.
  ///   - relevantCount: p, the number of relevant items, in 1...``itemCount``.
  public func values(hitRanks: [Int], relevantCount: Int) -> [Double] {
    precondition(
      (1...itemCount).contains(relevantCount) && hitRanks.count <= relevantCount,
      "\(hitRanks.count) hits of \(relevantCount) relevant items out of \(itemCount)")
    guard !hitRanks.isEmpty else { return [Double](repeating: 0, count: keys.count) }
    return keys.map { key in
      let ranks = hitRanks.prefix { $0 <= key.cutoff }
      let hits = Double(ranks.count)
      let reachable = min(key.cutoff, relevantCount)
      switch key.metric {
      case .recall, .recall2: return hits / Double(relevantCount)
      case .precision: return hits / Double(key.cutoff)
      case .ndcg:
        guard !ranks.isEmpty else { return 0 }
        let gain = ranks.reduce(0) { $0 + discounts[$1 - 1] }
        return gain / idealGains[normalization == .ideal ? reachable : ranks.count]
      case .map:
        let sum = ranks.enumerated().reduce(0) { $0 + Double($1.offset + 1) / Double($1.element) }
        return sum / Double(reachable)
      }
    }
  }
}
