import LinearAlgebra

extension TheoremChecks {
  /// Proposition 2: adding the modalities amplifies what they share.
  ///
  ///     ⟨‖αv + βt‖²⟩ = (α² + β² + 2αβρ)⟨‖v∥‖²⟩ + α²⟨‖v⊥‖²⟩ + β²⟨‖t⊥‖²⟩,  ρ ≈ 1
  ///
  /// ρ is measured as ⟨v∥·t∥⟩ / √(⟨‖v∥‖²⟩⟨‖t∥‖²⟩), the correlation of the parts that are added.
  ///
  /// Verdict: `holds` iff at α = β = 1 Equation 21 is within 5 % of the measured energy *and*
  /// ρ ≥ 0.95; `not applicable` when the widths differ or nothing is shared. Beside it, for centred
  /// features, the identities that are exact (1e-10 of ⟨‖v‖²⟩ + ⟨‖t‖²⟩): the energy of a sum, the
  /// vanishing mixed terms, and ⟨v∥·t∥⟩ = Σ_{i≤k} σᵢ uᵢᵀwᵢ.
  ///
  /// - Complexity: O(n·p·k).
  /// - Reference: [CLEAR26], Proposition 2 and Equation 21.
  public static func proposition2(_ evidence: TheoremEvidence) -> TheoremVerdict {
    var result = TheoremVerdict(
      id: "proposition-2", title: "Redundancy amplification in fusion",
      statement: "When the modalities are added, the energy in the shared subspace grows by "
        + "α² + β² + 2αβρ with ρ near 1, while the rest grows by α² and β² alone (Equation 21).",
      verdict: .notApplicable, measured: nil, tolerance: approximately,
      measure: "larger of 1 − ρ and the relative error of Equation 21 at α = β = 1; "
        + "at most 0.05 for the claim",
      explanation: evidence.widthsDifferExplanation, checks: [])
    guard evidence.widthsAgree else { return result }

    let m = FusionMoments(evidence, isCentered: true)
    let u = evidence.context.subspace.first
    let w = evidence.context.subspace.second
    let aligned = evidence.singularValues.indices.map {
      evidence.singularValues[$0] * dot(u.column($0), w.column($0))
    }
    let k = evidence.context.rank
    let rho = ratio(m.bothParallel, (m.firstParallel * m.secondParallel).squareRoot())
    let equation21 = rho.flatMap { rho in
      ratio(
        abs(
          (2 + 2 * rho) * m.firstParallel + m.firstPerpendicular + m.secondPerpendicular
            - m.fused[0]), m.fused[0])
    }
    result.checks = [
      .atLeast("ρ", rho, 1 - approximately),
      .equal("⟨‖t∥‖²⟩ / ⟨‖v∥‖²⟩", ratio(m.secondParallel, m.firstParallel), 1,
        tolerance: approximately),
      .atMost("relative error of Equation 21 at α = β = 1", equation21, approximately),
    ] + fusionIdentities(m, shared: aligned.prefix(k).reduce(0, +),
      specific: aligned.dropFirst(k).reduce(0, +))
    result.checks.append(uncenteredMixing(evidence))

    guard let rho, let equation21 else {
      result.explanation = "One modality has no energy in the shared subspace, so ρ is undefined."
      return result
    }
    let headline = max(1 - rho, equation21)
    result.measured = headline
    result.verdict = headline <= approximately ? .holds : .fails
    result.explanation =
      "The shared parts correlate with ρ = \(words(rho)), and Equation 21 is off by "
      + "\(words(100 * equation21)) % of the measured energy; nothing ties the coordinates of one "
      + "modality to those of the other."
    return result
  }

  /// The identities behind Proposition 2 for centred features, each error relative to the scale.
  private static func fusionIdentities(
    _ m: FusionMoments, shared: Double, specific: Double
  ) -> [TheoremVerdict.Check] {
    var energyError = 0.0
    for ((alpha, beta), fused) in zip(FusionMoments.weights, m.fused) {
      let separate = alpha * alpha * m.first + beta * beta * m.second
      energyError = max(energyError, abs(separate + 2 * alpha * beta * m.inner - fused))
    }
    let fourTerms =
      m.bothParallel + m.parallelPerpendicular + m.perpendicularParallel + m.bothPerpendicular
    func exact(_ name: String, _ error: Double) -> TheoremVerdict.Check {
      .atMost(name, ratio(abs(error), m.scale), 0, tolerance: 1e-10)
    }
    return [
      exact("error of ⟨‖αv + βt‖²⟩ = α²⟨‖v‖²⟩ + β²⟨‖t‖²⟩ + 2αβ⟨v·t⟩", energyError),
      exact("error of ⟨v·t⟩ as the sum of its four parts", m.inner - fourTerms),
      exact("|⟨v∥·t⊥⟩|, zero for centred features", m.parallelPerpendicular),
      exact("|⟨v⊥·t∥⟩|, zero for centred features", m.perpendicularParallel),
      exact("error of ⟨v∥·t∥⟩ = Σ_{i≤k} σᵢ uᵢᵀwᵢ", m.bothParallel - shared),
      exact("error of ⟨v⊥·t⊥⟩ = Σ_{i>k} σᵢ uᵢᵀwᵢ", m.bothPerpendicular - specific),
    ]
  }

  /// That the mixed terms do need centring: without it they do not vanish.
  private static func uncenteredMixing(_ evidence: TheoremEvidence) -> TheoremVerdict.Check {
    let m = FusionMoments(evidence, isCentered: false)
    let mixed = max(abs(m.parallelPerpendicular), abs(m.perpendicularParallel))
    return TheoremVerdict.Check.atLeast(
      "|⟨v∥·t⊥⟩| or |⟨v⊥·t∥⟩| without centring, more than rounding", ratio(mixed, m.scale), 1e-10
    ).asPremise
  }
}
