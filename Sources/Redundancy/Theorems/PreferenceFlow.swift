import Foundation
import LinearAlgebra
import Statistics

/// Full-batch gradient descent of the ranking loss over the item vectors, users fixed.
///
/// Every step moves items along user vectors, V_t = V_0 + A_t·E, so the small matrix A is followed
/// instead of V, with scores through the Gram matrix E·Eᵀ.
struct PreferenceFlow {
  /// Rates at which the distance to the final iterate shrinks inside and outside the subspace over
  /// the first half of the steps; nil when there is nothing to shrink.
  let parallelRate: Double?
  let perpendicularRate: Double?
  /// The largest increase of the loss in one step, relative to the loss before the first.
  let largestIncrease: Double
  let userCount: Int
  let tripletCount: Int

  static let steps = 2_000

  /// - Shapes: `users` is m × d, `basis` d × k.
  /// - Complexity: steps·triplets·m operations.
  init(
    users: Matrix<Double>, basis: Matrix<Double>, triplets: [RankingLoss.Triplet],
    startingMargins: [Double]
  ) {
    userCount = users.rowCount
    tripletCount = triplets.count
    let gram = product(users, .none, users, .transposed)
    let shared = product(users, basis)
    let sharedGram = product(shared, .none, shared, .transposed)

    // Items are renumbered by first appearance: only these ever move.
    var position: [Int: Int] = [:]
    for triplet in triplets {
      for item in [triplet.positive, triplet.negative] where position[item] == nil {
        position[item] = position.count
      }
    }
    let moves = triplets.map { triplet in
      (
        user: triplet.user, positive: position[triplet.positive, default: 0],
        negative: position[triplet.negative, default: 0]
      )
    }
    // No curvature exceeds ¼ · 2·(most triplets of one item) · max‖e_u‖², so this step descends.
    var degrees = [Int](repeating: 0, count: position.count)
    for move in moves {
      degrees[move.positive] += 1
      degrees[move.negative] += 1
    }
    let largestNorm = (0..<gram.rowCount).map { gram[$0, $0] }.max() ?? 0
    let curvature = 0.5 * Double(degrees.max() ?? 1) * largestNorm
    let step = curvature > 0 ? 1 / curvature : 1

    var weights = Matrix<Double>(rowCount: position.count, columnCount: users.rowCount)
    var snapshots: [Matrix<Double>] = []
    var losses: [Double] = []
    for iteration in 0...Self.steps {
      if iteration % 50 == 0, iteration <= Self.steps / 2 { snapshots.append(weights) }
      var margins = startingMargins
      for (index, move) in moves.enumerated() {
        let user = gram.row(move.user)
        margins[index] +=
          dot(weights.row(move.positive), user) - dot(weights.row(move.negative), user)
      }
      losses.append(margins.reduce(0) { $0 + softplus(-$1) })
      guard iteration < Self.steps else { break }
      for (move, margin) in zip(moves, margins) {
        let pull = step * sigmoid(-margin)
        weights[move.positive, move.user] += pull
        weights[move.negative, move.user] -= pull
      }
    }
    largestIncrease =
      zip(losses, losses.dropFirst()).map { $1 - $0 }.max().map { $0 / losses[0] } ?? 0
    let distances = snapshots.map { snapshot in
      let rest = snapshot - weights
      let whole = dot(product(rest, gram).elements, rest.elements)
      let inside = dot(product(rest, sharedGram).elements, rest.elements)
      return (inside: inside, outside: whole - inside)
    }
    parallelRate = Self.rate(distances.map(\.inside), every: 50 * step)
    perpendicularRate = Self.rate(distances.map(\.outside), every: 50 * step)
  }

  /// Minus the slope of log distance against time, from squared distances.
  private static func rate(_ squares: [Double], every time: Double) -> Double? {
    // A subspace that the users do not touch holds rounding errors only.
    guard let first = squares.first, first > 1e-20, squares.allSatisfy({ $0 > 0 }) else {
      return nil
    }
    let logs = squares.map { log($0) / 2 }
    let center = Double(logs.count - 1) / 2
    var above = 0.0
    var below = 0.0
    for (index, value) in logs.enumerated() {
      above += (Double(index) - center) * value
      below += (Double(index) - center) * (Double(index) - center)
    }
    return -above / below / time
  }
}
