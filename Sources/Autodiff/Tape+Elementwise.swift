extension Tape {
  /// a + b.
  public func sum(_ a: Tensor, _ b: Tensor) -> Tensor {
    precondition(
      a.rowCount == b.rowCount && a.columnCount == b.columnCount,
      "\(a.rowCount) x \(a.columnCount) plus \(b.rowCount) x \(b.columnCount)")
    let y = make(a.rowCount, a.columnCount, from: a, b)
    nonisolated(unsafe) let (source, other, target) = (a.value, b.value, y.value)
    forEachBlock(y.count) { range in
      for i in range { target[i] = source[i] + other[i] }
    }
    record(y) { gradient in
      for input in [a, b] where input.needsGradient {
        write(gradient, count: y.count, to: input.gradientToWrite())
      }
    }
    return y
  }

  /// scale·x.
  public func scaled(_ x: Tensor, by scale: Double) -> Tensor {
    map(x, Scaling(factor: Float(scale)))
  }

  /// x where it is positive, slope·x elsewhere; the derivative at 0 is `slope`.
  public func leakyReLU(_ x: Tensor, slope: Double) -> Tensor {
    map(x, LeakyRectifier(slope: Float(slope)))
  }

  /// σ(x) = 1/(1 + e⁻ˣ).
  public func sigmoid(_ x: Tensor) -> Tensor { map(x, Sigmoid()) }

  /// ln(1 + eˣ), without overflow.
  public func softplus(_ x: Tensor) -> Tensor { map(x, Softplus()) }

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

  /// The softmax of every row.
  public func softmax(_ x: Tensor) -> Tensor {
    let y = make(x.rowCount, x.columnCount, from: x)
    let width = x.columnCount
    nonisolated(unsafe) let (source, target) = (x.value, y.value)
    forEachBlock(x.rowCount, size: 256) { rows in
      for row in rows {
        let (x, y) = (source + row * width, target + row * width)
        let peak = (0..<width).reduce(-Float.infinity) { max($0, x[$1]) }
        var sum = 0.0
        for i in 0..<width {
          y[i] = exponential(x[i] - peak)
          sum += Double(y[i])
        }
        for i in 0..<width { y[i] = Float(Double(y[i]) / sum) }
      }
    }
    record(y) { gradient in
      nonisolated(unsafe) let gradient = gradient
      nonisolated(unsafe) let result = x.gradientToAddTo()
      forEachBlock(y.rowCount, size: 256) { rows in
        for row in rows {
          let start = row * width
          var along = 0.0
          for i in start..<start + width { along += Double(gradient[i]) * Double(target[i]) }
          for i in start..<start + width {
            result[i] += target[i] * (gradient[i] - Float(along))
          }
        }
      }
    }
    return y
  }

  /// `function` of every element.
  private func map<Function: ElementFunction>(_ x: Tensor, _ function: Function) -> Tensor {
    let y = make(x.rowCount, x.columnCount, from: x)
    nonisolated(unsafe) let (source, target) = (x.value, y.value)
    forEachBlock(y.count) { range in
      for i in range { target[i] = function.value(at: source[i]) }
    }
    record(y) { gradient in
      nonisolated(unsafe) let gradient = gradient
      let (base, accumulates) = x.gradientToWrite()
      nonisolated(unsafe) let result = base
      forEachBlock(y.count) { range in
        if accumulates {
          for i in range { result[i] += gradient[i] * function.slope(at: source[i], target[i]) }
        } else {
          for i in range { result[i] = gradient[i] * function.slope(at: source[i], target[i]) }
        }
      }
    }
    return y
  }
}

/// A function of single elements, as a type so that the loops over them are compiled for it.
private protocol ElementFunction: Sendable {
  func value(at x: Float) -> Float
  /// The derivative at x, where the function has the value y.
  func slope(at x: Float, _ y: Float) -> Float
}

private struct Scaling: ElementFunction {
  let factor: Float
  func value(at x: Float) -> Float { factor * x }
  func slope(at x: Float, _ y: Float) -> Float { factor }
}

private struct LeakyRectifier: ElementFunction {
  let slope: Float
  func value(at x: Float) -> Float { x > 0 ? x : slope * x }
  func slope(at x: Float, _ y: Float) -> Float { x > 0 ? 1 : slope }
}

private struct Sigmoid: ElementFunction {
  func value(at x: Float) -> Float { logistic(x) }
  func slope(at x: Float, _ y: Float) -> Float { y * (1 - y) }
}

private struct Softplus: ElementFunction {
  func value(at x: Float) -> Float { Autodiff.softplus(x) }
  func slope(at x: Float, _ y: Float) -> Float { logistic(x) }
}

/// A number in [0, 1) that depends on `seed` and `index` alone (SplitMix64).
private func uniformHash(_ seed: UInt64, _ index: Int) -> Double {
  var z = seed &+ UInt64(index &+ 1) &* 0x9E37_79B9_7F4A_7C15
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  return Double((z ^ (z >> 31)) >> 11) * 0x1p-53
}
