import LinearAlgebra
import Statistics

/// The singular values of the covariance between two modalities, before and after CLEAR's
/// projection, and what they say about how much is shared.
///
/// A steep spectrum means that a few directions carry what the modalities share. The spectrum
/// after projection is that of Q_x·C·Q_y, which is the covariance of the projected features because
/// the projection is linear; it does not come from the formula it is supposed to follow.
///
/// - Reference: [CLEAR26], Equations 3 to 5, 12 and 13.
public struct CovarianceSpectrum: Codable, Sendable, Equatable {
  /// Shuffling the rows of one modality destroys what this measures.
  public let pairing: Pairing
  /// σ₁ ≥ … ≥ σ_r ≥ 0 of the covariance before projection, r = min(p, q).
  public let singularValues: [Double]
  /// Share of Σσ² in the first i values, for i = 1…r; empty when the covariance is zero.
  public let cumulativeEnergy: [Double]
  /// Number of σ above 1e-10·σ₁.
  public let numericalRank: Int
  /// ‖C‖²_F/σ₁², 1 to r.
  public let stableRank: Double?
  /// exp(−Σ p ln p) with p = σ/Σσ, 1 to r.
  public let effectiveRank: Double?
  /// (Σσ²)²/Σσ⁴, 1 to r.
  public let participationRatio: Double?
  /// The smallest number of directions that hold 90 % of Σσ².
  public let rank90: Int?
  /// k* of Equation 13 on a grid of penalties; empty when the covariance is zero.
  public let optimalRank: [OptimalRank]
  /// Where the first singular value of unrelated modalities would lie.
  public let noiseEdge: Double
  /// Number of σ above ``noiseEdge``.
  public let directionsAboveNoise: Int
  /// Σσ.
  public let nuclearNorm: Double
  /// √Σσ².
  public let frobeniusNorm: Double
  /// Share of Σσ² in the first tenth of the indices, rounded up; at least one half is the paper's
  /// long tail.
  public let leadingShare: Double?
  /// The same after projection.
  public let projected: Projected

  /// k* for one penalty.
  public struct OptimalRank: Codable, Sendable, Equatable {
    /// What one more direction costs, in units of σ².
    public let penalty: Double
    /// The penalty as a share of σ₁².
    public let relativePenalty: Double
    /// Whether the penalty is the squared noise edge.
    public let isNoiseEdge: Bool
    /// k*, the number of σ² above the penalty.
    public let rank: Int
  }

  /// The spectrum of the covariance between the projected modalities.
  public struct Projected: Codable, Sendable, Equatable {
    /// Redundancy rank k of the projection.
    public let rank: Int
    /// Projection strength λ.
    public let strength: Double
    /// Singular values of the projected covariance, largest first.
    public let singularValues: [Double]
    /// As before projection.
    public let effectiveRank: Double?
    /// As before projection.
    public let stableRank: Double?
    /// As before projection.
    public let participationRatio: Double?
    /// As before projection.
    public let frobeniusNorm: Double
    /// As before projection.
    public let nuclearNorm: Double
    /// σ₁/σ_{k+1} before projection; `nil` when there is no σ_{k+1} above 1e-10·σ₁.
    public let conditionBefore: Double?
    /// σ̃₁/σ̃_{k+1} after projection, in the sorted order; `nil` as before.
    public let conditionAfter: Double?
  }

  /// The card of σ₁.
  public static let leadingCard = MeasureCard(
    name: "leading-singular-value", title: "First singular value of the covariance",
    direction: .growsWithLikeness, lowerBound: 0, upperBound: nil, isSymmetric: true,
    invariances: [.itemOrder, .translation, .rotation, .commonRotation], source: "[CLEAR26]")

  /// The card of ‖C‖_F.
  public static let normCard = MeasureCard(
    name: "covariance-norm", title: "Frobenius norm of the covariance",
    direction: .growsWithLikeness, lowerBound: 0, upperBound: nil, isSymmetric: true,
    invariances: [.itemOrder, .translation, .rotation, .commonRotation], source: "[CLEAR26]")

  /// Penalties of ``optimalRank`` as shares of σ₁²; the squared noise edge follows them.
  public static let relativePenalties = [0.5, 0.1, 0.05, 0.01, 0.001, 0.0001]

  /// Measures the spectrum of `subspace` and that of its modalities under `projection`.
  ///
  /// - Parameters:
  ///   - subspace: Fitted to `first` and `second`.
  ///   - first: The first modality's features, n × p.
  ///   - second: The second modality's features, n × q.
  ///   - projection: Fitted to the same two modalities.
  /// - Throws: ``RedundancyError`` when the items do not line up, ``LinearAlgebraError`` when
  ///   features are not finite.
  /// - Complexity: the singular values of a covariance, O(p·q·min(p, q)), and at most 14 passes
  ///   over the features for the noise edge; O(p·q) memory beyond the features.
  public init(
    of subspace: SharedSubspace, first: Matrix<Float>, second: Matrix<Float>,
    projection: NullSpaceProjection
  ) throws {
    let edge = try NoiseEdge(between: first, and: second)
    let after = projection.apply(toCovariance: subspace.covariance.matrix)
    self.init(
      singularValues: subspace.singularValues, noiseEdge: edge.value,
      projectedValues: try LinearAlgebra.singularValues(after),
      rank: projection.rank, strength: projection.strength)
  }

  /// Assembles the result from spectra that are already known.
  ///
  /// - Precondition: both lists are in descending order and not negative.
  public init(
    singularValues: [Double], noiseEdge: Double, projectedValues: [Double], rank: Int,
    strength: Double
  ) {
    let before = SpectralSummary(singularValues: singularValues)
    let after = SpectralSummary(singularValues: projectedValues)
    pairing = .paired
    self.singularValues = singularValues
    cumulativeEnergy = before.cumulativeEnergy
    numericalRank = before.numericalRank
    stableRank = before.stableRank
    effectiveRank = before.effectiveRank
    participationRatio = before.participationRatio
    rank90 = before.rank90
    nuclearNorm = before.nuclearNorm
    frobeniusNorm = before.frobeniusNorm
    leadingShare = before.leadingShare
    self.noiseEdge = noiseEdge
    directionsAboveNoise = singularValues.count { $0 > noiseEdge }
    let scale = (singularValues.first ?? 0) * (singularValues.first ?? 0)
    let penalties =
      Self.relativePenalties.map { (penalty: $0 * scale, isNoiseEdge: false) }
      + [(penalty: noiseEdge * noiseEdge, isNoiseEdge: true)]
    optimalRank =
      scale > 0
      ? penalties.map {
        OptimalRank(
          penalty: $0.penalty, relativePenalty: $0.penalty / scale, isNoiseEdge: $0.isNoiseEdge,
          rank: Self.optimalRank(singularValues: singularValues, penalty: $0.penalty))
      } : []
    projected = Projected(
      rank: rank, strength: strength, singularValues: projectedValues,
      effectiveRank: after.effectiveRank, stableRank: after.stableRank,
      participationRatio: after.participationRatio, frobeniusNorm: after.frobeniusNorm,
      nuclearNorm: after.nuclearNorm,
      conditionBefore: Self.condition(singularValues, beyond: rank),
      conditionAfter: Self.condition(projectedValues, beyond: rank))
  }

  /// The rank that minimises the energy left behind plus a price per direction,
  /// k* = argmin_k Σ_{i>k} σᵢ² + penalty·k = #{i : σᵢ² > penalty}.
  ///
  /// - Reference: [CLEAR26], Equation 13.
  public static func optimalRank(singularValues: [Double], penalty: Double) -> Int {
    singularValues.count { $0 * $0 > penalty }
  }

  private static func condition(_ values: [Double], beyond rank: Int) -> Double? {
    guard rank < values.count, values[rank] > 1e-10 * values[0] else { return nil }
    return values[0] / values[rank]
  }
}
