internal import CAutodiff
import LinearAlgebra
import Foundation

/// The forms of the pairwise ranking loss, for a margin x = ⟨u, p⟩ − ⟨u, n⟩.
public enum RankingLossForm: Sendable {
  /// −ln(10⁻¹⁰ + σ(x)): a term is at most 23.03 and has no gradient there.
  case guarded
  /// −ln σ(x).
  case natural
  /// −log₂ σ(x).
  case binary
}

extension Tape {
  /// Bayesian personalised ranking: the mean over triples (u, p, n) of −log σ(⟨u, p⟩ − ⟨u, n⟩).
  ///
  /// Rows are read and their gradients added where they lie; nothing is gathered.
  ///
  /// - Shapes: `users` is U × d, `items` I × d; the index lists are equally long. The result is
  ///   1 × 1.
  /// - Complexity: O(triples · d).
  /// - Reference: [RFGS09].
  public func rankingLoss(
    users: Tensor, items: Tensor, user: ArraySlice<Int32>, positive: ArraySlice<Int32>,
    negative: ArraySlice<Int32>, form: RankingLossForm
  ) -> Tensor {
    precondition(users.columnCount == items.columnCount, "users and items differ in width")
    precondition(
      user.count == positive.count && user.count == negative.count && !user.isEmpty,
      "\(user.count) users, \(positive.count) positives, \(negative.count) negatives")
    let (count, width) = (user.count, users.columnCount)
    let y = make(1, 1, from: users, items)
    let margins = scratch(count)
    user.withUnsafeBufferPointer { user in
      positive.withUnsafeBufferPointer { positive in
        negative.withUnsafeBufferPointer { negative in
          nonisolated(unsafe) let (u, p, n) = (
            user.baseAddress!, positive.baseAddress!, negative.baseAddress!
          )
          nonisolated(unsafe) let (ofUsers, ofItems, target) = (
            UnsafePointer(users.value), UnsafePointer(items.value), margins
          )
          forEachBlock(count, size: 256) { block in
            let first = block.lowerBound
            ad_margins(
              ofUsers, ofItems, u + first, p + first, n + first, block.count, width,
              target + first)
          }
        }
      }
    }
    var sum = 0.0
    for b in 0..<count { sum += form.loss(Double(margins[b])) }
    y.value[0] = Float(sum / Double(count))

    record(y) { gradient in
      let scale = Double(gradient[0]) / Double(count)
      for b in 0..<count { margins[b] = Float(scale * form.slope(Double(margins[b]))) }
      user.withUnsafeBufferPointer { user in
        positive.withUnsafeBufferPointer { positive in
          negative.withUnsafeBufferPointer { negative in
            // Rows that repeat add up in the order of the batch, whatever the number of threads.
            ad_add_margin_gradients(
              users.value, items.value, user.baseAddress, positive.baseAddress,
              negative.baseAddress, margins, count, width,
              users.needsGradient ? users.gradientToAddTo() : nil,
              items.needsGradient ? items.gradientToAddTo() : nil)
          }
        }
      }
    }
    return y
  }
}

extension RankingLossForm {
  /// The loss of a margin.
  package func loss(_ x: Double) -> Double {
    switch self {
    case .guarded: -log(1e-10 + sigmoids(x).0)
    case .natural: softplus(-x)
    case .binary: softplus(-x) / log(2)
    }
  }

  /// Its derivative.
  package func slope(_ x: Double) -> Double {
    let (above, below) = sigmoids(x)
    return switch self {
    case .guarded: -above * below / (1e-10 + above)
    case .natural: -below
    case .binary: -below / log(2)
    }
  }

  /// σ(x) and σ(−x).
  private func sigmoids(_ x: Double) -> (Double, Double) {
    let e = exp(-abs(x))
    let (larger, smaller) = (1 / (1 + e), e / (1 + e))
    return x >= 0 ? (larger, smaller) : (smaller, larger)
  }

  private func softplus(_ x: Double) -> Double { max(x, 0) + log1p(exp(-abs(x))) }
}
