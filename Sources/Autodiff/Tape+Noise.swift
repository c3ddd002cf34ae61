internal import CAutodiff
import Foundation
import LinearAlgebra

/// Noise that depends on a seed and a place alone.
extension Tape {
  /// x with each element set to zero with probability `rate` and the others divided by 1 − rate.
  ///
  /// - Parameter seed: Decides which; every place has a draw of its own.
  /// - Precondition: `rate` lies in 0..<1.
  public func dropout(_ x: Tensor, rate: Double, seed: UInt64) -> Tensor {
    precondition(rate >= 0 && rate < 1, "dropout rate \(rate) is outside 0..<1")
    guard rate > 0 else { return x }
    let y = make(x.rowCount, x.columnCount, from: x)
    nonisolated(unsafe) let mask = scratch(x.count)
    nonisolated(unsafe) let (source, target) = (x.value, y.value)
    let kept = Float(1 / (1 - rate))
    forEachBlock(x.count) { range in
      ad_dropout_mask(seed, range.lowerBound, range.count, rate, kept, mask + range.lowerBound)
      for i in range { target[i] = mask[i] * source[i] }
    }
    record(y) { gradient in
      nonisolated(unsafe) let gradient = gradient
      nonisolated(unsafe) let target = x.gradientToAddTo()
      forEachBlock(x.count) { range in
        for i in range { target[i] += mask[i] * gradient[i] }
      }
    }
    return y
  }

  /// x + scale·g with g = −ln(−ln(u + guard) + guard), u uniform in [0, 1): Gumbel noise, of which
  /// every place has a draw of its own.
  ///
  /// - Parameter guard: What keeps the logarithms finite.
  /// - Reference: [JGP17].
  public func addingGumbelNoise(
    to x: Tensor, scale: Double = 1, guard offset: Double = 1e-20, seed: UInt64
  ) -> Tensor {
    let y = make(x.rowCount, x.columnCount, from: x)
    nonisolated(unsafe) let (source, target) = (x.value, y.value)
    forEachBlock(x.count) { range in
      withDraws(range, seed: seed) { i, draw in
        let noise = -log(-log(draw + offset) + offset)
        target[i] = source[i] + Float(scale * noise)
      }
    }
    record(y) { gradient in write(gradient, count: y.count, to: x.gradientToWrite()) }
    return y
  }

  /// x + radius·sign(x) ⊙ r/‖r‖ for a row r of numbers uniform in [0, 1), drawn for each row of x.
  ///
  /// - Reference: [YYXCHN22], Section 3.1.
  public func perturbed(_ x: Tensor, radius: Double, seed: UInt64) -> Tensor {
    let width = x.columnCount
    let y = make(x.rowCount, width, from: x)
    nonisolated(unsafe) let (source, target) = (x.value, y.value)
    forEachBlock(x.rowCount, size: 256) { rows in
      let start = rows.lowerBound * width
      withUnsafeTemporaryAllocation(of: Double.self, capacity: width) { draws in
        ad_perturb_rows(
          source + start, rows.count, width, radius, seed, start, draws.baseAddress,
          target + start)
      }
    }
    // Where the sign does not change the noise is a constant.
    record(y) { gradient in write(gradient, count: y.count, to: x.gradientToWrite()) }
    return y
  }
}

extension Tape {
  /// Constants uniform in [0, 1), of which every place has a draw of its own.
  public func uniform(_ rowCount: Int, _ columnCount: Int, seed: UInt64) -> Tensor {
    let y = make(rowCount, columnCount, from: [])
    nonisolated(unsafe) let target = y.value
    forEachBlock(y.count) { range in
      withDraws(range, seed: seed) { i, draw in target[i] = Float(draw) }
    }
    return y
  }

  /// Constants g of Gumbel's distribution, as ``addingGumbelNoise(to:scale:guard:seed:)`` adds
  /// them.
  public func gumbelNoise(
    _ rowCount: Int, _ columnCount: Int, guard offset: Double = 1e-20, seed: UInt64
  ) -> Tensor {
    let zeros = make(rowCount, columnCount, from: [])
    clear(zeros.value, count: zeros.count)
    return addingGumbelNoise(to: zeros, guard: offset, seed: seed)
  }
}

/// Calls `body` with every place and its number in [0, 1), which depends on `seed` and the place
/// alone.
private func withDraws(_ places: Range<Int>, seed: UInt64, _ body: (Int, Double) -> Void) {
  withUnsafeTemporaryAllocation(of: Double.self, capacity: places.count) { draws in
    ad_draws(seed, places.lowerBound, places.count, draws.baseAddress)
    for (place, draw) in zip(places, draws) { body(place, draw) }
  }
}
