import Foundation
import LinearAlgebra
import Statistics

/// Users' vectors made from the items they chose, and the curvature that they give the ranking
/// loss in each shared direction of the first modality.
///
/// A user's vector is the mean of the centred features of the user's training items, in units of
/// the root mean square item, so that scores do not depend on the scale of the features.
struct PreferenceGeometry {
  /// q_j = u_jᵀSu_j with S = Σ σ(x)(1 − σ(x)) e_u·e_uᵀ, for the leading directions.
  let curvatures: [Double]
  /// tr S, over all directions.
  let totalCurvature: Double
  /// Users whose choices were used, and how many have any.
  let usedUsers: [Int]
  let availableUserCount: Int

  private let evidence: TheoremEvidence
  private let training: [[Int]]

  /// Numbers read beyond which a sample of the users stands for all.
  static let affordableReads = 1e8

  /// Nil when there are no training choices or the features are constant.
  ///
  /// - Complexity: 3·(training choices)·p operations, of a seeded sample of users where that
  ///   exceeds ``affordableReads``.
  init?(_ evidence: TheoremEvidence) {
    guard let choices = evidence.context.choices, evidence.firstEnergy > 0 else { return nil }
    let lists = choices.itemsByUser(test: false)
    var generator = evidence.context.streams.generator(for: "theorem-4 users")
    let order = generator.permutation(lists.count).filter { !lists[$0].isEmpty }
    let width = Double(evidence.context.first.columnCount)
    var reads = 0.0
    let used = order.prefix { user in
      defer { reads += 3 * width * Double(lists[user].count) }
      return reads < Self.affordableReads
    }
    guard !used.isEmpty else { return nil }
    training = lists
    usedUsers = Array(used)
    availableUserCount = order.count
    self.evidence = evidence

    let users = usedUsers
    let parts = Parallel.map(users.count) { index in
      Self.curvature(of: users[index], items: lists[users[index]], evidence)
    }
    var curvatures = [Double](repeating: 0, count: evidence.firstCoordinates.columnCount)
    var total = 0.0
    for part in parts {
      total += part.total
      for j in curvatures.indices { curvatures[j] += part.directions[j] }
    }
    self.curvatures = curvatures
    totalCurvature = total
  }

  /// κ∥ = mean of q_j over the first `rank` directions and κ⊥ = mean over all the others.
  func meanCurvatures(rank: Int) -> (parallel: Double, perpendicular: Double?) {
    let shared = curvatures.prefix(rank).reduce(0, +)
    let rest = evidence.context.first.columnCount - rank
    return (
      shared / Double(rank), rest > 0 ? max(totalCurvature - shared, 0) / Double(rest) : nil
    )
  }

  /// A small ranking problem: the first users of the sample, with one drawn negative for each
  /// training item, their vectors and the items' scores before any step.
  func flow(userLimit: Int = 64, tripletLimit: Int = 1_000) -> PreferenceFlow? {
    var triplets: [RankingLoss.Triplet] = []
    var vectors: [[Double]] = []
    for user in usedUsers.prefix(userLimit) where triplets.count < tripletLimit {
      let drawn = Self.negatives(for: user, items: training[user], evidence)
      guard !drawn.isEmpty else { continue }
      for (positive, negative) in drawn.prefix(tripletLimit - triplets.count) {
        triplets.append((vectors.count, positive, negative))
      }
      vectors.append(Self.vector(of: training[user], evidence))
    }
    guard !triplets.isEmpty else { return nil }
    let basis = evidence.context.subspace.first.leadingColumns(evidence.context.rank)
    return PreferenceFlow(
      users: Matrix(rows: vectors), basis: basis, triplets: triplets,
      startingMargins: triplets.map {
        Self.margin(vectors[$0.user], $0.positive, $0.negative, evidence)
      })
  }

  private static func curvature(
    of user: Int, items: [Int], _ evidence: TheoremEvidence
  ) -> (directions: [Double], total: Double) {
    let vector = vector(of: items, evidence)
    var weight = 0.0
    for (positive, negative) in negatives(for: user, items: items, evidence) {
      let margin = margin(vector, positive, negative, evidence)
      weight += sigmoid(margin) * sigmoid(-margin)
    }
    var coordinates = [Double](repeating: 0, count: evidence.firstCoordinates.columnCount)
    for item in items {
      for (j, value) in evidence.firstCoordinates.row(item).enumerated() {
        coordinates[j] += value
      }
    }
    let scale = 1 / (Double(items.count) * evidence.firstEnergy.squareRoot())
    return (
      coordinates.map { weight * ($0 * scale) * ($0 * scale) }, weight * dot(vector, vector)
    )
  }

  private static func vector(of items: [Int], _ evidence: TheoremEvidence) -> [Double] {
    let center = evidence.covariance.firstMean
    var sum = [Double](repeating: 0, count: center.count)
    for item in items {
      for (column, value) in evidence.context.first.row(item).enumerated() {
        sum[column] += Double(value) - center[column]
      }
    }
    let scale = 1 / (Double(items.count) * evidence.firstEnergy.squareRoot())
    return sum.map { $0 * scale }
  }

  private static func margin(
    _ user: [Double], _ positive: Int, _ negative: Int, _ evidence: TheoremEvidence
  ) -> Double {
    var sum = 0.0
    let features = evidence.context.first
    for (value, (a, b)) in zip(user, zip(features.row(positive), features.row(negative))) {
      sum += value * (Double(a) - Double(b))
    }
    return sum / evidence.firstEnergy.squareRoot()
  }

  /// One negative item, not chosen in training, for each training item.
  private static func negatives(
    for user: Int, items: [Int], _ evidence: TheoremEvidence
  ) -> [(Int, Int)] {
    let chosen = Set(items)
    guard chosen.count < evidence.itemCount else { return [] }
    var generator = evidence.context.streams.generator(for: "theorem-4 negatives", item: user)
    return items.map { positive in
      var negative = generator.index(below: evidence.itemCount)
      while chosen.contains(negative) { negative = generator.index(below: evidence.itemCount) }
      return (positive, negative)
    }
  }
}
