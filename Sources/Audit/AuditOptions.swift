/// What an audit measures and how.
public struct AuditOptions: Codable, Sendable, Equatable {
  /// Diagnostics to run.
  public var diagnostics: [Diagnostic] = Diagnostic.allCases
  /// Redundancy rank k of the projection; 8 is the value the paper finds best on Sports.
  public var rank = 8
  /// Projection strength λ; 0.9 is the value the paper finds best.
  public var strength = 0.9
  /// List lengths K of the retrieval overlap.
  public var topK = [5, 10, 20, 50, 100, 200]
  /// Items whose neighbours are compared: a seeded sample of this size. When nil all of them, or
  /// ``usualAnchorCount`` of more than ``exactLimit``.
  public var anchors: Int?
  /// Items that what is costly to measure is measured on: a seeded sample of this size, or all
  /// where there are no more. When nil all of them, or ``usualSampleSize`` of more than
  /// ``exactLimit``.
  public var sample: Int?
  /// Relabelings K behind every calibrated number; none are made when it is 0.
  public var permutations = 200
  /// Directions L of the sliced Wasserstein distance.
  public var projections = 512
  /// Perplexity of the t-SNE map.
  public var perplexity = 30.0
  /// Seed of every random choice.
  public var seed: UInt64 = 999

  public init() {}

  /// The most items of which all are anchors, and measured, without being asked for.
  public static let exactLimit = 50_000
  /// Puts the standard error of an overlap at a few thousandths.
  public static let usualAnchorCount = 4_096
  /// As many items as the data sets that the paper measures whole.
  public static let usualSampleSize = 20_000
}

extension AuditOptions {
  /// These options for `itemCount` items: with the sizes of samples that are usual there, and none
  /// that would take all items.
  package func sampling(_ itemCount: Int) -> AuditOptions {
    var options = self
    if itemCount > Self.exactLimit {
      options.anchors = anchors ?? Self.usualAnchorCount
      options.sample = sample ?? Self.usualSampleSize
    }
    if let sample = options.sample, sample >= itemCount { options.sample = nil }
    return options
  }
}
