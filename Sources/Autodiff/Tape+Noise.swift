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
      for i in range {
        mask[i] = uniformHash(seed, i) < rate ? 0 : kept
        target[i] = mask[i] * source[i]
      }
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
      for i in range {
        let noise = -log(-log(uniformHash(seed, i) + offset) + offset)
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
      for row in rows {
        let range = row * width..<(row + 1) * width
        var square = 0.0
        for i in range {
          let draw = uniformHash(seed, i)
          square += draw * draw
        }
        let scale = radius / max(square.squareRoot(), 1e-12)
        for i in range {
          let shift = Float(scale * uniformHash(seed, i))
          target[i] = source[i] + (source[i] > 0 ? shift : source[i] < 0 ? -shift : 0)
        }
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
      for i in range { target[i] = Float(uniformHash(seed, i)) }
    }
    return y
  }

  /// Constants g of Gumbel's distribution, as ``addingGumbelNoise(to:scale:guard:seed:)`` adds
  /// them.
  public func gumbelNoise(
    _ rowCount: Int, _ columnCount: Int, guard offset: Double = 1e-20, seed: UInt64
  ) -> Tensor {
    let zeros = make(rowCount, columnCount, from: [])
    fill(zeros.value, count: zeros.count, with: 0)
    return addingGumbelNoise(to: zeros, guard: offset, seed: seed)
  }
}

/// A number in [0, 1) that depends on `seed` and `index` alone (SplitMix64).
func uniformHash(_ seed: UInt64, _ index: Int) -> Double {
  var z = seed &+ UInt64(index &+ 1) &* 0x9E37_79B9_7F4A_7C15
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
}
