import LinearAlgebra
import Statistics

extension TheoremChecks {
  /// Theorem 5: the projection damps the leading singular values and leaves the others alone.
  ///
  ///     cov(V·Q_v, T·Q_t) = Σ σ̃ᵢ uᵢwᵢᵀ,  σ̃ᵢ = (1 − λ)²σᵢ for i ≤ k, σᵢ beyond
  ///
  /// Verdict: `holds` iff, over the grid of ranks and strengths, the covariance recomputed from
  /// projected features is the formula to 1e-12 σ₁ and its singular values to 1e-10 σ₁, and at
  /// λ = 1 the largest is σ_{k+1}. The features are left uncentred before they are projected, on
  /// purpose. Equation 28 as printed, without centring, is measured beside it and does not decide.
  ///
  /// A subspace that was fitted to other data fails.
  ///
  /// - Throws: `LinearAlgebraError` when a decomposition does not converge.
  /// - Complexity: a covariance for each pair of rank and strength: the whole grid only where
  ///   it costs at most 2·10¹⁰ operations, else the given rank with the given strength and 1.
  /// - Reference: [CLEAR26], Theorem 5 and Equation 28.
  public static func theorem5(_ evidence: TheoremEvidence) throws -> TheoremVerdict {
    let context = evidence.context
    let sigma = evidence.singularValues
    let largest = sigma.first ?? 0
    var worst = DampingError()
    var removed: [(rank: Int, largest: Double)] = []
    var printed: Double?
    for rank in evidence.gridRanks {
      for strength in evidence.gridStrengths {
        let measured = ProjectedCovariance(evidence, rank: rank, strength: strength)
        let damped = dampedSingularValues(sigma, rank: rank, strength: strength)
        let formula = composed(context.subspace, damped)
        let values = try singularValues(measured.matrix)
        worst.add(
          matrix: (measured.matrix - formula).maximumMagnitude,
          values: zip(values, damped.sorted(by: >)).map { abs($0 - $1) }.max() ?? 0)
        if strength == 1 { removed.append((rank, values.first ?? 0)) }
        if rank == context.rank, strength == context.strength {
          printed = ratio(
            (measured.uncentered - formula).frobeniusNorm, formula.frobeniusNorm)
        }
      }
    }
    var checks: [TheoremVerdict.Check] = [
      .atMost("largest |cov(V·Q_v, T·Q_t) − Σ σ̃ᵢ uᵢwᵢᵀ| / σ₁", ratio(worst.matrix, largest), 0,
        tolerance: 1e-12),
      .atMost("largest difference of sorted singular values / σ₁", ratio(worst.values, largest), 0,
        tolerance: 1e-10),
    ]
    for (rank, value) in removed {
      checks.append(
        .equal("largest singular value at λ = 1, k = \(rank), against σ_{k+1}", value,
          rank < sigma.count ? sigma[rank] : 0, tolerance: 1e-10 * largest))
    }
    let decisive = checks.noneFails
    checks.append(
      .atMost("the first of these with the single-precision projection that the library applies",
        evidence.gridRanks == evidence.ranks
          ? try singlePrecisionError(evidence).flatMap { ratio($0, largest) } : nil, 0,
        tolerance: 1e-5))
    checks.append(
      .atMost("relative deviation of the product without centring, Equation 28 as printed", printed,
        0, tolerance: 1e-12))

    let count = evidence.gridRanks.count * evidence.gridStrengths.count
    return TheoremVerdict(
      id: "theorem-5", title: "Singular value suppression",
      statement: "After the projection the covariance keeps its singular vectors; the first k "
        + "singular values are multiplied by (1 − λ)², the others stay.",
      verdict: largest > 0 ? (decisive ? .holds : .fails) : .notApplicable,
      measured: ratio(worst.matrix, largest), tolerance: 1e-12,
      measure: "largest deviation from the formula over \(count) pairs of rank and strength, "
        + "in units of σ₁; at most the tolerance",
      explanation: largest > 0
        ? "Recomputed from projected features at \(count) pairs of rank and strength, the "
          + "covariance deviates from the formula by \(words(ratio(worst.matrix, largest))) σ₁. "
          + "Without centring, as Equation 28 prints it, the deviation is "
          + "\(words(printed)) of the whole."
        : "The modalities do not covary at all, so there is nothing to suppress.",
      checks: checks)
  }

  /// The singular values after projection, in their old order.
  static func dampedSingularValues(
    _ sigma: [Double], rank: Int, strength: Double
  ) -> [Double] {
    sigma.enumerated().map { index, value in
      index < rank ? (1 - strength) * (1 - strength) * value : value
    }
  }

  /// U·diag(values)·Wᵀ.
  private static func composed(_ subspace: SharedSubspace, _ values: [Double]) -> Matrix<Double> {
    product(subspace.first.scalingColumns(by: values), .none, subspace.second, .transposed)
  }

  /// The largest deviation when features are projected and stored in single precision.
  private static func singlePrecisionError(_ evidence: TheoremEvidence) throws -> Double? {
    let context = evidence.context
    let projection = try NullSpaceProjection(
      context.subspace, rank: context.rank, strength: context.strength)
    let measured = crossCovariance(
      projection.apply(context.first, modality: 0), projection.apply(context.second, modality: 1)
    ).matrix
    let damped = dampedSingularValues(
      evidence.singularValues, rank: context.rank, strength: context.strength)
    return (measured - composed(context.subspace, damped)).maximumMagnitude
  }
}

/// The largest errors seen over the grid.
private struct DampingError {
  var matrix = 0.0
  var values = 0.0

  mutating func add(matrix: Double, values: Double) {
    self.matrix = max(self.matrix, matrix)
    self.values = max(self.values, values)
  }
}
