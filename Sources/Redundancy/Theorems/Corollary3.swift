import Statistics

extension TheoremChecks {
  /// Corollary 3: the fused energy is dominated by what is shared.
  ///
  ///     r = (α + β)²A / (α²B + β²D) ≥ 1 + 2αβ/(α² + β²) ≥ 1,
  ///     A = ⟨‖v∥‖²⟩, B = ⟨‖v⊥‖²⟩, D = ⟨‖t⊥‖²⟩
  ///
  /// For α + β ≠ 0 the first inequality says no more and no less than
  /// A ≥ (α²B + β²D)/(α² + β²), a condition that the paper does not state.
  ///
  /// Verdict at α = β = 1 and the given rank: `holds` when r ≥ 2, `premise not met` when that
  /// energy condition is not met, `fails` when r < 2 although it is met or random draws contradict
  /// the equivalence. Widths may differ. `not applicable` when B + D = 0.
  ///
  /// - Complexity: O(K) and 10⁵ random draws.
  /// - Reference: [CLEAR26], Corollary 3 and Equation 22.
  public static func corollary3(_ evidence: TheoremEvidence) -> TheoremVerdict {
    let generator = evidence.context.streams.generator(for: "corollary-3")
    let random = EnergyEquivalence(draws: 100_000, using: generator)
    var checks: [TheoremVerdict.Check] = [
      .equal("draws (of 10⁵) that contradict r ≥ bound ⇔ A ≥ (α²B + β²D)/(α² + β²)",
        Double(random.mismatches), 0, tolerance: 0),
      .equal("the same with α² + β² + 2αβρ in place of (α + β)²",
        Double(random.correlatedMismatches), 0, tolerance: 0),
      .atLeast("smallest 1 + 2αβ/(α² + β²) over the draws", random.smallestBound, 1),
      .atMost("largest |r/bound − 1| at A = (α²B + β²D)/(α² + β²) with α, β > 0: equality there",
        random.largestTieError, 0, tolerance: 1e-12),
    ]
    let k = evidence.context.rank
    for rank in evidence.ranks {
      checks += [
        .atLeast("r at α = β = 1, k = \(rank)",
          Energies(evidence, rank: rank, isScaled: false).imbalance, 2).asPremise,
        .atLeast("r at α = β = 1, k = \(rank), both modalities scaled to unit energy",
          Energies(evidence, rank: rank, isScaled: true).imbalance, 2).asPremise,
      ]
    }
    let available = min(
      evidence.firstDirectionEnergies.count, evidence.secondDirectionEnergies.count)
    let smallest = (1...available).first {
      Energies(evidence, rank: $0, isScaled: false).isPremiseMet
    }
    checks.append(
      TheoremVerdict.Check.atMost(
        "smallest rank, of 1 to \(available), that meets the condition at α = β = 1",
        smallest.map(Double.init), Double(k)
      ).asPremise)

    let energies = Energies(evidence, rank: k, isScaled: false)
    let verdict: TheoremVerdict.Verdict =
      if random.mismatches > 0 {
        .fails
      } else if let r = energies.imbalance {
        energies.isPremiseMet ? (r >= 2 * (1 - 1e-12) ? .holds : .fails) : .premiseNotMet
      } else {
        .notApplicable
      }
    let needed = smallest.map { "it is met from k = \($0) on" }
      ?? "no rank up to \(available) meets it"
    return TheoremVerdict(
      id: "corollary-3", title: "Imbalance ratio",
      statement: "In the sum of the modalities shared energy outweighs specific energy by "
        + "1 + 2αβ/(α² + β²) or more, with equality only for α = 0 or β = 0.",
      verdict: verdict, measured: energies.imbalance, tolerance: 2,
      measure: "r at α = β = 1; at least 2 for the claim",
      explanation: "The inequality is equivalent to A ≥ (B + D)/2 at α = β = 1; here A = "
        + "\(words(energies.a)) against \(words((energies.b + energies.d) / 2)), and \(needed). "
        + "Equality can occur with both weights positive.",
      checks: checks)
  }
}

/// The energies of Corollary 3 at one rank.
private struct Energies {
  let a: Double
  let b: Double
  let d: Double

  /// - Parameter isScaled: Whether both modalities are scaled to unit mean energy first.
  init(_ evidence: TheoremEvidence, rank: Int, isScaled: Bool) {
    let first = isScaled ? evidence.firstEnergy : 1
    let second = isScaled ? evidence.secondEnergy : 1
    let shared = evidence.firstDirectionEnergies.prefix(rank).reduce(0, +)
    let sharedSecond = evidence.secondDirectionEnergies.prefix(rank).reduce(0, +)
    a = shared / first
    // Rounding may leave the rest of a fully shared modality a hair below zero.
    b = max(evidence.firstEnergy - shared, 0) / first
    d = max(evidence.secondEnergy - sharedSecond, 0) / second
  }

  var imbalance: Double? { ratio(4 * a, b + d) }
  var isPremiseMet: Bool { a >= (b + d) / 2 }
}

/// A random test that Equation 22's first inequality is the energy condition.
package struct EnergyEquivalence {
  package private(set) var mismatches = 0
  package private(set) var correlatedMismatches = 0
  package private(set) var smallestBound = Double.infinity
  package private(set) var largestTieError = 0.0

  /// Draws energies in (0, 10) and weights in (0, 4).
  package init(draws: Int, using generator: SeededGenerator) {
    var generator = generator
    for _ in 0..<draws {
      let a = 10 * (1 - generator.uniform())
      let b = 10 * (1 - generator.uniform())
      let d = 10 * (1 - generator.uniform())
      let alpha = 4 * (1 - generator.uniform())
      let beta = 4 * (1 - generator.uniform())
      let rho = 2 * generator.uniform() - 1
      let squares = alpha * alpha + beta * beta
      let specific = alpha * alpha * b + beta * beta * d
      let sum = (alpha + beta) * (alpha + beta)
      let bound = 1 + 2 * alpha * beta / squares
      smallestBound = min(smallestBound, bound)

      let imbalance = sum * a / specific
      if Self.disagree((imbalance, bound), (a, specific / squares)) { mismatches += 1 }
      largestTieError = max(
        largestTieError, abs(sum * (specific / squares) / specific / bound - 1))

      let correlated = squares + 2 * alpha * beta * rho
      if Self.disagree(
        (correlated * a / specific, bound), (correlated * squares * a, sum * specific))
      {
        correlatedMismatches += 1
      }
    }
  }

  /// Whether a ≥ b differs between two pairs, ties of relative size 1e-12 aside.
  package static func disagree(_ x: (Double, Double), _ y: (Double, Double)) -> Bool {
    func isTie(_ pair: (Double, Double)) -> Bool {
      abs(pair.0 - pair.1) <= 1e-12 * max(abs(pair.0), abs(pair.1))
    }
    return !isTie(x) && !isTie(y) && (x.0 >= x.1) != (y.0 >= y.1)
  }
}
