import Foundation
import LinearAlgebra

/// The Bayesian personalised ranking loss as a function of the item vectors, users fixed:
/// L(V) = −Σ log σ(x), x = e_u·(v_i − v_j), over triplets (u, i, j).
///
/// - Reference: [RFGS09].
struct RankingLoss {
  typealias Triplet = (user: Int, positive: Int, negative: Int)

  /// User vectors, m × d.
  let users: Matrix<Double>
  let triplets: [Triplet]

  /// The score differences x of all triplets.
  func margins(_ items: Matrix<Double>) -> [Double] {
    triplets.map { triplet in
      let user = users.row(triplet.user)
      return dot(user, items.row(triplet.positive)) - dot(user, items.row(triplet.negative))
    }
  }

  func value(_ items: Matrix<Double>) -> Double {
    margins(items).reduce(0) { $0 + softplus(-$1) }
  }

  /// ∂L/∂V, n × d.
  func gradient(_ items: Matrix<Double>) -> Matrix<Double> {
    var result = Matrix<Double>(rowCount: items.rowCount, columnCount: items.columnCount)
    for (triplet, margin) in zip(triplets, margins(items)) {
      let pull = sigmoid(-margin)
      for (column, value) in users.row(triplet.user).enumerated() {
        result[triplet.positive, column] -= pull * value
        result[triplet.negative, column] += pull * value
      }
    }
    return result
  }

  /// The Hessian with respect to the item vectors laid end to end, nd × nd:
  /// Σ σ(x)(1 − σ(x)) (δᵢ − δⱼ)(δᵢ − δⱼ)ᵀ ⊗ e_u·e_uᵀ.
  ///
  /// The vectors of the outer product are those of the users.
  func hessian(_ items: Matrix<Double>) -> Matrix<Double> {
    let d = items.columnCount
    var result = Matrix<Double>(rowCount: items.rowCount * d, columnCount: items.rowCount * d)
    for (triplet, margin) in zip(triplets, margins(items)) {
      let weight = sigmoid(margin) * sigmoid(-margin)
      let user = Array(users.row(triplet.user))
      let ends = [(triplet.positive, 1.0), (triplet.negative, -1.0)]
      for (a, signA) in ends {
        for (b, signB) in ends {
          for r in 0..<d {
            for c in 0..<d {
              result[a * d + r, b * d + c] += weight * signA * signB * user[r] * user[c]
            }
          }
        }
      }
    }
    return result
  }

  /// The Hessian by central second differences of the loss.
  func differencedHessian(_ items: Matrix<Double>, step: Double) -> Matrix<Double> {
    let count = items.elements.count
    var result = Matrix<Double>(rowCount: count, columnCount: count)
    func moved(_ r: Int, _ a: Double, _ c: Int, _ b: Double) -> Double {
      var copy = items
      copy.elements[r] += a
      copy.elements[c] += b
      return value(copy)
    }
    for r in 0..<count {
      for c in 0..<count {
        result[r, c] =
          (moved(r, step, c, step) - moved(r, step, c, -step) - moved(r, -step, c, step)
            + moved(r, -step, c, -step)) / (4 * step * step)
      }
    }
    return result
  }
}

/// 1 / (1 + e⁻ˣ), without overflow.
func sigmoid(_ x: Double) -> Double {
  x >= 0 ? 1 / (1 + exp(-x)) : exp(x) / (1 + exp(x))
}

/// log(1 + eˣ), without overflow.
func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
