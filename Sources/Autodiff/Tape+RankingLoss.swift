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
    // Margins at first, then the derivatives of their losses.
    let slopes = scratch(count)
    let sum = withPointers(to: user, positive, negative) { user, positive, negative in
      nonisolated(unsafe) let (user, positive, negative) = (user, positive, negative)
      nonisolated(unsafe) let (ofUsers, ofItems, target) = (users.value, items.value, slopes)
      return blockSum(count, size: 256) { block in
        let first = block.lowerBound
        ad_margins(
          ofUsers, ofItems, user + first, positive + first, negative + first, block.count, width,
          target + first)
        var sum = 0.0
        for b in block {
          let margin = Double(target[b])
          sum += form.loss(margin)
          target[b] = Float(form.slope(margin))
        }
        return sum
      }
    }
    y.value[0] = Float(sum / Double(count))

    record(y) { gradient in
      let scale = Float(Double(gradient[0]) / Double(count))
      for b in 0..<count { slopes[b] *= scale }
      nonisolated(unsafe) let (ofUsers, ofItems, slopes) = (users.value, items.value, slopes)
      nonisolated(unsafe) let (toUsers, toItems) = (
        users.needsGradient ? users.gradientToAddTo() : nil,
        items.needsGradient ? items.gradientToAddTo() : nil
      )
      withPointers(to: user, positive, negative) { user, positive, negative in
        nonisolated(unsafe) let (user, positive, negative) = (user, positive, negative)
        // Each block has some of the columns, where rows that repeat add up in the order of the
        // batch.
        forEachBlock(width, size: 32) { columns in
          ad_add_margin_gradients(
            ofUsers, ofItems, user, positive, negative, slopes, count, width, columns.lowerBound,
            columns.upperBound, toUsers, toItems)
        }
      }
    }
    return y
  }
}

/// Calls `body` with the addresses of lists that are not empty.
private func withPointers<Result>(
  to a: ArraySlice<Int32>, _ b: ArraySlice<Int32>, _ c: ArraySlice<Int32>,
  _ body: (UnsafePointer<Int32>, UnsafePointer<Int32>, UnsafePointer<Int32>) -> Result
) -> Result {
  a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in
      c.withUnsafeBufferPointer { c in body(a.baseAddress!, b.baseAddress!, c.baseAddress!) }
    }
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
