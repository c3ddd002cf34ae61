/// The settings of ``tSNE(_:options:streams:progress:)``.
public struct TSNEOptions: Codable, Sendable, Equatable {
  /// Effective number of neighbours of a point; 3 × perplexity of them are kept. Usual: 30.
  public var perplexity: Double
  /// Steps of gradient descent.
  public var iterations: Int
  /// Factor on the attraction in the first ``exaggerationIterations`` steps.
  public var earlyExaggeration: Double
  /// Steps with exaggerated attraction and ``initialMomentum``.
  public var exaggerationIterations: Int
  /// Step size for the gradient of the KL divergence with its factor 4, or nil for
  /// ``automaticLearningRate(points:)``.
  public var learningRate: Double?
  /// Momentum while attraction is exaggerated. With 0.5 the clusters of many points are not yet
  /// in place when that ends.
  public var initialMomentum: Double
  /// Momentum afterwards.
  public var finalMomentum: Double
  /// Noise added to the initial map, relative to its standard deviation of 1e-4. With 0 the map
  /// does not depend on the seed; above 0 points that coincide can part and data of rank one
  /// spread over the plane.
  public var jitter: Double
  /// Neighbours that trustworthiness looks at.
  public var trustworthinessNeighbors: Int
  /// Points whose neighbourhoods trustworthiness compares: all when nil or larger than their
  /// number, otherwise a seeded sample; 0 for none.
  public var trustworthinessAnchors: Int?

  public init(
    perplexity: Double = 30, iterations: Int = 1000, earlyExaggeration: Double = 12,
    exaggerationIterations: Int = 250, learningRate: Double? = nil, initialMomentum: Double = 0.8,
    finalMomentum: Double = 0.8, jitter: Double = 0.01, trustworthinessNeighbors: Int = 10,
    trustworthinessAnchors: Int? = nil
  ) {
    self.perplexity = perplexity
    self.iterations = iterations
    self.earlyExaggeration = earlyExaggeration
    self.exaggerationIterations = exaggerationIterations
    self.learningRate = learningRate
    self.initialMomentum = initialMomentum
    self.finalMomentum = finalMomentum
    self.jitter = jitter
    self.trustworthinessNeighbors = trustworthinessNeighbors
    self.trustworthinessAnchors = trustworthinessAnchors
  }

  /// The step size for this many points.
  ///
  ///     max(n / (4 · earlyExaggeration), 50)
  ///
  /// Larger steps once exaggeration has ended lower the KL divergence after 1,000 steps by up to
  /// one percent and cost neighbours: of 14,100 points, with n / 16 then, 3.168 instead of 3.191
  /// and a trustworthiness of 0.9003 instead of 0.9017 (means of six seeds).
  ///
  /// - Reference: [BCA19] for n / exaggeration; the 4 before it is that of the gradient.
  public func automaticLearningRate(points count: Int) -> Double {
    max(Double(count) / (4 * earlyExaggeration), 50)
  }

  /// Neighbours per point that the affinities need.
  public var neighborCount: Int { Int(3 * perplexity) }

  func validate() throws(TSNEError) {
    func require(
      _ holds: Bool, _ name: String, _ value: Double, _ range: String
    ) throws(TSNEError) {
      guard holds else { throw .invalidOption(name: name, value: value, range: range) }
    }
    try require(
      perplexity >= 1 && perplexity <= 1e6, "perplexity", perplexity, "1 to 1,000,000")
    try require(iterations >= 1, "iterations", Double(iterations), "1 or more")
    try require(
      earlyExaggeration >= 1 && earlyExaggeration.isFinite, "early exaggeration",
      earlyExaggeration, "1 or more")
    try require(
      exaggerationIterations >= 0, "exaggeration iterations", Double(exaggerationIterations),
      "0 or more")
    if let learningRate {
      try require(
        learningRate > 0 && learningRate.isFinite, "learning rate", learningRate, "above 0")
    }
    for momentum in [initialMomentum, finalMomentum] {
      try require((0..<1).contains(momentum), "momentum", momentum, "0 up to, not including, 1")
    }
    try require(jitter >= 0 && jitter.isFinite, "jitter", jitter, "0 or more")
    try require(
      trustworthinessNeighbors >= 1, "trustworthiness neighbours",
      Double(trustworthinessNeighbors), "1 or more")
    if let anchors = trustworthinessAnchors {
      try require(anchors >= 0, "trustworthiness anchors", Double(anchors), "0 or more")
    }
  }
}
