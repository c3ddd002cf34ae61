import LinearAlgebra
import Statistics

extension TheoremChecks {
  /// Theorem 4: gradient descent of the ranking loss converges fastest on the shared subspace.
  ///
  /// The paper takes the rate from λ_min(H) of a Hessian that it writes with item vectors. With
  /// respect to the item vectors it is
  ///
  ///     H = Σ σ(x)(1 − σ(x)) (δᵢ − δⱼ)(δᵢ − δⱼ)ᵀ ⊗ e_u·e_uᵀ,  x = e_u·(vᵢ − vⱼ),
  ///
  /// and moving all the items together changes no score, so H(1 ⊗ z) = 0.
  ///
  /// Verdict: `fails` when λ_min(H) is zero (below 1e-10 λ_max) on a small random world, as then
  /// the rate is zero everywhere; otherwise `holds` or `fails` by whether the curvature measured on
  /// the data is at least ten times larger inside than outside the subspace, and `not applicable`
  /// without interactions. Beside it: the Hessian against central differences (1e-6), positive
  /// semidefinite (−1e-10), conserved column sums over 200 steps (1e-10), and, with interactions,
  /// curvatures and measured rates of convergence from the raw features, a user's vector being the
  /// mean of the centred features of the user's training items.
  ///
  /// - Throws: `LinearAlgebraError` when the eigenvalues do not converge.
  /// - Complexity: O(training choices · p) up to a bound, then a sample of users; 2,000 steps of
  ///   at most 64 users.
  /// - Reference: [CLEAR26], Theorem 4 and Equations 23 to 26.
  public static func theorem4(_ evidence: TheoremEvidence) throws -> TheoremVerdict {
    let world = try HessianWorld(evidence.context.streams.generator(for: "theorem-4 world"))
    let k = evidence.context.rank
    var checks: [TheoremVerdict.Check] = [
      .atMost("largest |H − central second differences|", world.differenceError, 0,
        tolerance: 1e-6),
      .atLeast("λ_min(H), positive semidefinite", world.smallest, 0, tolerance: 1e-10),
      .atMost("‖H(1 ⊗ z)‖ / ‖H‖", world.translationError, 0, tolerance: 1e-12),
      .atLeast("λ_min(H) / λ_max(H), above rounding", world.relativeSmallest, 1e-10),
      .atMost("largest relative change of a column sum of V in 200 steps", world.columnSumDrift, 0,
        tolerance: 1e-10),
    ]
    let geometry = PreferenceGeometry(evidence)
    let curvatures = geometry?.meanCurvatures(rank: k)
    let curvatureRatio = curvatures.flatMap { pair in
      pair.perpendicular.flatMap { ratio(pair.parallel, $0) }
    }
    let proportionality = geometry.flatMap { geometry in
      spearmanCorrelation(
        geometry.curvatures,
        evidence.singularValues.prefix(geometry.curvatures.count).map { $0 * $0 })
    }
    let flow = geometry?.flow()
    let rateRatio = flow.flatMap { flow in
      flow.parallelRate.flatMap { inside in
        flow.perpendicularRate.flatMap { ratio(inside, $0) }
      }
    }
    checks += [
      .atLeast("mean curvature inside / outside the shared subspace", curvatureRatio, muchGreater),
      .atLeast("rank correlation of curvature and σ² over the directions", proportionality,
        1 - approximately),
      .atMost("largest increase of the loss in one step of the flow", flow?.largestIncrease, 0,
        tolerance: 1e-12),
      .atLeast("measured rate of convergence inside / outside the shared subspace", rateRatio,
        muchGreater),
    ]

    let isPositive = world.relativeSmallest >= 1e-10
    let empirical = curvatureRatio.map {
      $0 >= muchGreater ? TheoremVerdict.Verdict.holds : .fails
    }
    return TheoremVerdict(
      id: "theorem-4", title: "Fast convergence on the redundant subspace",
      statement: "Under gradient flow of the ranking loss the shared part of the item vectors "
        + "converges at a rate λ_min(H) in proportion to σ₁², far faster than the rest.",
      verdict: isPositive ? empirical ?? .notApplicable : .fails,
      measured: world.relativeSmallest, tolerance: 1e-10,
      measure: "λ_min(H) / λ_max(H) of 5 items in 3 dimensions under 4 users; "
        + "more than 1e-10 for a rate to exist",
      explanation: explanation(
        world, geometry: geometry, curvatureRatio: curvatureRatio, rateRatio: rateRatio),
      checks: checks)
  }

  private static func explanation(
    _ world: HessianWorld, geometry: PreferenceGeometry?, curvatureRatio: Double?,
    rateRatio: Double?
  ) -> String {
    let general =
      "The rate λ_min(H) is \(words(world.relativeSmallest)) of λ_max: "
      + "adding one vector to all items changes no score."
    guard let geometry else {
      return general
        + " Without interactions there are no users, so the speed on this data was not measured."
    }
    let sample =
      geometry.usedUsers.count < geometry.availableUserCount
      ? "\(geometry.usedUsers.count) of \(geometry.availableUserCount) users"
      : "\(geometry.availableUserCount) users"
    return general
      + " With the mean centred features of their training items as vectors of \(sample), curvature"
      + " inside the shared subspace is \(words(curvatureRatio)) times that outside, and a flow"
      + " from the raw features converges \(words(rateRatio)) times as fast there."
  }
}

/// Five items in three dimensions ranked by four users, where the Hessian can be written down.
private struct HessianWorld {
  let differenceError: Double
  let smallest: Double
  let relativeSmallest: Double
  let translationError: Double
  let columnSumDrift: Double

  init(_ generator: SeededGenerator) throws {
    var generator = generator
    let users = Matrix(rowCount: 4, columnCount: 3, elements: generator.normals(12))
    var items = Matrix(rowCount: 5, columnCount: 3, elements: generator.normals(15))
    let triplets = (0..<4).flatMap { user in
      let order = generator.permutation(5)
      return [
        (user: user, positive: order[0], negative: order[1]),
        (user: user, positive: order[0], negative: order[2]),
        (user: user, positive: order[3], negative: order[4]),
      ]
    }
    let loss = RankingLoss(users: users, triplets: triplets)
    let hessian = loss.hessian(items)
    differenceError =
      (hessian - loss.differencedHessian(items, step: 1e-4)).maximumMagnitude
    let eigenvalues = try symmetricEigen(hessian).values
    let largest = eigenvalues.first ?? 0
    smallest = eigenvalues.last ?? 0
    relativeSmallest = smallest / largest
    let direction = generator.normals(3)
    let translation = Matrix(
      rowCount: 15, columnCount: 1, elements: (0..<5).flatMap { _ in direction })
    translationError =
      product(hessian, translation).frobeniusNorm / hessian.frobeniusNorm
      / translation.frobeniusNorm

    let before = (0..<3).map { items.column($0) }
    for _ in 0..<200 { items = items - loss.gradient(items).scaled(by: 0.1) }
    columnSumDrift = (0..<3).map { column in
      let change = items.column(column).reduce(0, +) - before[column].reduce(0, +)
      return abs(change) / before[column].reduce(0) { $0 + abs($1) }
    }.max() ?? 0
  }
}
