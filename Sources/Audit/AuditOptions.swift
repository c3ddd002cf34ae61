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
  /// Items whose neighbours are compared: all when nil, otherwise a seeded sample of this size.
  public var anchors: Int?
  /// Relabelings K behind every calibrated number; none are made when it is 0.
  public var permutations = 200
  /// Directions L of the sliced Wasserstein distance.
  public var projections = 512
  /// Perplexity of the t-SNE map.
  public var perplexity = 30.0
  /// Seed of every random choice.
  public var seed: UInt64 = 999

  public init() {}
}
