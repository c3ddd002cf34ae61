import LinearAlgebra
import Redundancy
import Statistics

/// The maps by which one way of damping treats the two modalities.
public struct DampingMaps: Sendable, Equatable {
  public let damping: Damping
  /// Of the first modality, width p.
  public let first: LowRankMap
  /// Of the second modality, width q.
  public let second: LowRankMap

  /// One map for each modality.
  public init(_ damping: Damping, _ first: LowRankMap, _ second: LowRankMap) {
    self.damping = damping
    self.first = first
    self.second = second
  }
}

/// Makes the maps of every way of damping with one rank k and strength λ.
///
/// Whitening is by S = Σ + r·tr(Σ)/d·I, the ridge of ``CanonicalCorrelation``, through the
/// Cholesky factor L of S; a square root of S is never formed.
///
/// - Complexity: p³/3 + q³/3 + 2·p·q·(p + q) operations for the factors and the canonical
///   directions, those of a decomposition of p × q, and 2·d²·k for each oblique map.
public struct DampingMapMaker: Sendable {
  private let subspace: SharedSubspace
  private let projection: NullSpaceProjection
  private let factors: [Cholesky]?
  private let covariances: [Matrix<Double>]
  private var rank: Int { projection.rank }
  private var strength: Double { projection.strength }

  /// - Parameters:
  ///   - subspace: The singular directions of C.
  ///   - joint: The covariances of the same modalities.
  ///   - regularization: The ridge r, above 0.
  /// - Throws: ``RedundancyError/rankOutOfRange(rank:available:)``,
  ///   ``RedundancyError/strengthOutOfRange(_:)``, ``LinearAlgebraError`` when a covariance is not
  ///   finite.
  public init(
    _ subspace: SharedSubspace, _ joint: JointCovariance, rank: Int, strength: Double,
    regularization: Double = CanonicalCorrelation.defaultRegularization
  ) throws {
    precondition(regularization > 0, "the ridge must be positive, got \(regularization)")
    self.subspace = subspace
    projection = try NullSpaceProjection(subspace, rank: rank, strength: strength)
    covariances = [joint.first, joint.second]
    // Without variance on one side nothing is shared, and there is nothing to whiten.
    let factors = try covariances.compactMap { try ridgedFactor($0, regularization) }
    self.factors = factors.count == 2 ? factors : nil
  }

  /// The maps of CLEAR: ``NullSpaceProjection``.
  public func shared() -> DampingMaps { orthogonal(.shared, projection.bases) }

  /// The maps that damp the last k singular directions of C.
  public func trailing() -> DampingMaps {
    let count = subspace.singularValues.count
    return orthogonal(
      .trailing, [subspace.first, subspace.second].map { $0.columns(count - rank..<count) })
  }

  /// The maps that damp the leading columns of each modality's principal directions.
  ///
  /// - Precondition: there are at least k of them.
  public func principal(_ directions: [Matrix<Double>]) -> DampingMaps {
    orthogonal(.principal, directions.map { $0.leadingColumns(rank) })
  }

  /// The maps that damp one random subspace of each modality.
  ///
  /// - Parameter draw: Which of the draws, counted from 0; each has streams of its own.
  public func random(draw: Int, streams: RandomStreams) -> DampingMaps {
    let bases = covariances.enumerated().map { modality, covariance in
      var generator = streams.generator(for: "random-damping-\(modality)", item: draw)
      let width = covariance.rowCount
      return orthonormalBasis(
        Matrix(rowCount: width, columnCount: rank, elements: generator.normals(width * rank)))
    }
    return orthogonal(.random, bases)
  }

  /// The maps that damp the leading canonical directions in whitened coordinates,
  ///
  ///     x ↦ x − λ·S^{1/2}·A·Aᵀ·S^{-1/2}·x
  ///
  /// with A the leading left singular vectors of Sx^{-1/2}·C·Sy^{-1/2}, and the right ones for the
  /// second modality; the identity when a modality has no variance.
  ///
  /// - Throws: ``LinearAlgebraError``.
  /// - Reference: [Hot36]; ridge [Vin76].
  public func canonical() throws(LinearAlgebraError) -> DampingMaps {
    guard let factors else { return nothing(.canonical) }
    let half = factors[0].solvingLower(subspace.covariance.matrix).transposed()
    let directions = try singularValueDecomposition(factors[1].solvingLower(half))
    return DampingMaps(
      .canonical,
      LowRankMap(
        whitened: directions.v.leadingColumns(rank), by: factors[0], strength: strength),
      LowRankMap(
        whitened: directions.u.leadingColumns(rank), by: factors[1], strength: strength))
  }

  /// The maps that erase what of each modality predicts linearly the other's coordinates
  /// z = W_kᵀy along its leading shared directions,
  ///
  ///     P = I − λ·S^{1/2}·Π·S^{-1/2},  Π the orthogonal projector on the columns of S^{-1/2}·Σxz
  ///
  /// At λ = 1 the cross-covariance PΣxz is zero, and among all linear maps of which that is true P
  /// changes the items least, E‖Px − x‖² + ρ‖P − I‖²_F with ρ the ridge. Because Σxz = U_k·diag(σ),
  /// it takes away along the same directions as CLEAR's, which is the orthogonal map of this
  /// property. Directions with σ = 0 predict nothing and are left alone.
  ///
  /// - Reference: [BSRCRB23].
  public func leastSquares() -> DampingMaps {
    let values = subspace.singularValues
    let noise =
      (values.first ?? 0) * Double.ulpOfOne
      * Double(max(covariances[0].rowCount, covariances[1].rowCount))
    let predictive = values.prefix(rank).count { $0 > noise }
    guard let factors, predictive > 0 else { return nothing(.leastSquares) }
    let maps = zip(projection.bases, factors).map { basis, factor in
      LowRankMap(
        whitened: orthonormalBasis(factor.solvingLower(basis.leadingColumns(predictive))),
        by: factor, strength: strength)
    }
    return DampingMaps(.leastSquares, maps[0], maps[1])
  }

  private func orthogonal(_ damping: Damping, _ bases: [Matrix<Double>]) -> DampingMaps {
    DampingMaps(
      damping, LowRankMap(orthonormal: bases[0], strength: strength),
      LowRankMap(orthonormal: bases[1], strength: strength))
  }

  private func nothing(_ damping: Damping) -> DampingMaps {
    DampingMaps(
      damping, .identity(width: covariances[0].rowCount),
      .identity(width: covariances[1].rowCount))
  }
}
