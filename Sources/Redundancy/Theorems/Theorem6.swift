import LinearAlgebra

extension TheoremChecks {
  /// Theorem 6: the leading shared directions are those of coarse, class-level features.
  ///
  /// Coarse features are the class means, C_c their covariance, E = C − C_c. Weyl's inequality
  /// |σᵢ(C) − σᵢ(C_c)| ≤ ‖E‖₂ and Wedin's bound on the angles between the leading singular
  /// subspaces (Equation 45, given δ = σ_k(C_c) − σ_{k+1}(C) > 0) are measured for C of the data
  /// and the subspace under test.
  ///
  /// Verdict: `fails` when either inequality is violated, on the data or in 10⁴ random pairs;
  /// otherwise `premise not met` when δ ≤ 0 at the given rank, and `holds` when the bound applies
  /// and is respected; `not applicable` without classes. Whether the subspaces really agree
  /// (Equation 42) and whether the coarse part dominates are measured beside it.
  ///
  /// - Throws: `LinearAlgebraError` when a decomposition does not converge.
  /// - Complexity: O(n·(p + q) + p·q·min(p, q)).
  /// - Reference: [CLEAR26], Theorem 6 and Equations 37 to 45; [Wed72].
  public static func theorem6(_ evidence: TheoremEvidence) throws -> TheoremVerdict {
    let pairs = 10_000
    let random = try WedinBound.randomTest(pairs: pairs, streams: evidence.context.streams)
    var checks: [TheoremVerdict.Check] = [
      .equal("violations of Equation 45 in \(pairs) random pairs, \(random.tested) with δ > 0",
        Double(random.violations), 0, tolerance: 0)
    ]
    var result = TheoremVerdict(
      id: "theorem-6", title: "The decomposition prefers coarse directions",
      statement: "Coarse, class-level features dominate the covariance, so the leading shared "
        + "directions are close to those of the coarse features, within ‖E‖/δ.",
      verdict: random.violations > 0 ? .fails : .notApplicable, measured: nil, tolerance: nil,
      measure: "larger ‖sinΘ‖_F between the leading directions of C and of the class means, "
        + "at most max(‖E·W‖_F, ‖Eᵀ·U‖_F)/δ",
      explanation: "Without two or more classes there is no coarse part; Equation 45 was respected "
        + "by \(random.tested) random pairs with a positive gap.",
      checks: checks)
    guard let groups = evidence.classMembers(minimumCount: 1, includingUnclassified: true),
      groups.count > 1
    else { return result }

    let parts = CoarseFine(evidence, groups: groups)
    let covariance = evidence.covariance.matrix
    let perturbation = covariance - parts.coarse
    let coarse = try singularValueDecomposition(parts.coarse)
    let norm = try spectralNorm(perturbation)
    checks += exactChecks(
      evidence, parts, coarseValues: coarse.singularValues, perturbationNorm: norm)
    let subspace = evidence.context.subspace
    let bounds = evidence.ranks.map { rank in
      WedinBound(
        whole: (subspace.first, subspace.singularValues, subspace.second),
        coarse: (coarse.u, coarse.singularValues, coarse.v), perturbation: perturbation,
        rank: rank)
    }
    for bound in bounds { checks += wedinChecks(bound) }
    let isRespected = checks.noneFails && bounds.allSatisfy(\.isRespected)
    guard let chosen = bounds.first(where: { $0.rank == evidence.context.rank }) else {
      return result
    }
    checks += empiricalChecks(
      parts, chosen, norms: (perturbation.frobeniusNorm, norm),
      coarseValues: coarse.singularValues)

    result.checks = checks
    result.measured = chosen.sine
    result.tolerance = chosen.sharp
    result.verdict = isRespected ? (chosen.gap > 0 ? .holds : .premiseNotMet) : .fails
    let gapped = bounds.filter { $0.gap > 0 }.map { "\($0.rank)" }.joined(separator: ", ")
    result.explanation =
      "With \(evidence.context.classDescription) as the coarse level, δ is \(words(chosen.gap)) at "
      + "k = \(chosen.rank) and positive for k in {\(gapped)}. The mean squared cosine with the "
      + "coarse directions is \(words(chosen.meanSquaredCosine))"
      + (chosen.sharp.map {
        $0 < Double(chosen.rank).squareRoot()
          ? "; the bound is below the trivial √k." : "; the bound exceeds the trivial √k."
      } ?? "; the bound says nothing where δ ≤ 0.")
    return result
  }

  /// What has to be true of class means: no cross terms, small rank, and Weyl's inequality.
  private static func exactChecks(
    _ evidence: TheoremEvidence, _ parts: CoarseFine, coarseValues: [Double],
    perturbationNorm: Double
  ) -> [TheoremVerdict.Check] {
    let scale = evidence.covariance.matrix.frobeniusNorm
    let largest = coarseValues.first ?? 0
    let rank = coarseValues.filter { $0 > 1e-10 * largest }.count
    let gaps = zip(evidence.singularValues, coarseValues).map { abs($0 - $1) }
    return [
      .atMost("cross terms between coarse and fine / ‖C‖_F", ratio(parts.crossTerm, scale), 0,
        tolerance: 1e-12),
      .atMost("numerical rank of C_c", Double(rank), Double(parts.classCount - 1)),
      .atMost("largest |σᵢ(C) − σᵢ(C_c)| / ‖E‖₂", ratio(gaps.max() ?? 0, perturbationNorm), 1,
        tolerance: 1e-10),
      .atLeast("σ₁(C) against σ₁(C_c) − ‖E‖₂", evidence.singularValues.first,
        largest - perturbationNorm, tolerance: 1e-10 * largest),
    ]
  }

  private static func wedinChecks(_ bound: WedinBound) -> [TheoremVerdict.Check] {
    [
      TheoremVerdict.Check.atLeast(
        "δ = σ_k(C_c) − σ_{k+1}(C), k = \(bound.rank)", bound.gap, 0
      ).asPremise,
      .atMost("‖sinΘ‖_F against max(‖E·W‖_F, ‖Eᵀ·U‖_F)/δ, k = \(bound.rank)",
        bound.sharp == nil ? nil : bound.sine, bound.sharp,
        tolerance: bound.sharp.map { $0 * 1e-9 + 1e-12 }),
    ]
  }

  /// The claims that data decides.
  private static func empiricalChecks(
    _ parts: CoarseFine, _ bound: WedinBound, norms: (frobenius: Double, spectral: Double),
    coarseValues: [Double]
  ) -> [TheoremVerdict.Check] {
    let coarseNorm = coarseValues.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return [
      .atMost("the bound, against the trivial √k", bound.sharp, Double(bound.rank).squareRoot()),
      .atLeast("mean squared cosine of the leading directions (Equation 42)",
        bound.meanSquaredCosine, 0.9),
      .atLeast("⟨‖v_c‖²⟩ / ⟨‖v_f‖²⟩", parts.firstEnergyRatio, muchGreater),
      .atLeast("⟨‖t_c‖²⟩ / ⟨‖t_f‖²⟩", parts.secondEnergyRatio, muchGreater),
      .atLeast("‖C_c‖_F / ‖E‖_F", ratio(coarseNorm, norms.frobenius), muchGreater),
      .atLeast("σ₁(C_c) / ‖E‖₂", ratio(coarseValues.first ?? 0, norms.spectral), muchGreater),
      .atLeast("Fisher ratio of fine over coarse features under other classes (none given)",
        nil, 1),
    ]
  }

  /// ‖A‖₂, from the smaller Gram matrix.
  private static func spectralNorm(_ a: Matrix<Double>) throws -> Double {
    let gram =
      a.rowCount < a.columnCount
      ? product(a, .none, a, .transposed) : product(a, .transposed, a, .none)
    return max(try symmetricEigen(gram).values.first ?? 0, 0).squareRoot()
  }
}
