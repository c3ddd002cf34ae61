/// How the plug-in damps what the modalities share.
///
/// - Reference: [CLEAR26], Section 3.5 and Algorithm 1.
public struct ProjectionOptions: Sendable, Equatable {
  /// Which directions are damped.
  public enum Directions: String, Sendable, CaseIterable {
    /// The leading k singular directions: CLEAR.
    case leading
    /// The trailing k singular directions, as a control.
    case trailing
    /// A random orthonormal k-frame for each modality, drawn once, as a control.
    case random
  }

  /// Which modalities are projected.
  public enum Scope: String, Sendable, CaseIterable {
    case both, first, second
  }

  /// Redundancy rank k; with an energy share, the first epoch's rank is chosen like the others.
  public var rank: Int
  /// Projection strength λ in 0...1; 0 leaves the model as it is.
  public var strength: Double
  /// Epochs between refreshes τ: the projection is refreshed in epoch 1 and every multiple of it.
  public var interval: Int
  public var directions: Directions
  public var scope: Scope
  /// Dynamic rank: the smallest k whose Σᵢ≤ₖ σᵢ² reaches this share of Σ σᵢ², at every refresh.
  public var energyShare: Double?

  public init(
    rank: Int = 4, strength: Double = 0.9, interval: Int = 1, directions: Directions = .leading,
    scope: Scope = .both, energyShare: Double? = nil
  ) {
    self.rank = rank
    self.strength = strength
    self.interval = interval
    self.directions = directions
    self.scope = scope
    self.energyShare = energyShare
  }
}
