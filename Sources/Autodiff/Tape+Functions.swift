import Foundation

extension Tape {
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

  /// eˣ.
  public func exponential(_ x: Tensor) -> Tensor { map(x, Exponential()) }

  /// ln max(x, floor); the derivative below the floor is 0.
  public func logarithm(_ x: Tensor, floor: Double = 0) -> Tensor {
    map(x, Logarithm(floor: Float(floor)))
  }

  /// x², element by element.
  public func squared(_ x: Tensor) -> Tensor { map(x, Square()) }

  /// |x|; the derivative at 0 is 0.
  public func absolute(_ x: Tensor) -> Tensor { map(x, Magnitude()) }

  /// 1/√x where x is positive; 0, with derivative 0, elsewhere.
  public func inverseSquareRoot(_ x: Tensor) -> Tensor { map(x, InverseRoot()) }

  /// x + constant.
  public func adding(constant: Double, to x: Tensor) -> Tensor {
    map(x, Shift(constant: Float(constant)))
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

private struct Exponential: ElementFunction {
  func value(at x: Float) -> Float { exp(x) }
  func slope(at x: Float, _ y: Float) -> Float { y }
}

private struct Logarithm: ElementFunction {
  let floor: Float
  func value(at x: Float) -> Float { log(max(x, floor)) }
  func slope(at x: Float, _ y: Float) -> Float { x > floor ? 1 / x : 0 }
}

private struct Square: ElementFunction {
  func value(at x: Float) -> Float { x * x }
  func slope(at x: Float, _ y: Float) -> Float { 2 * x }
}

private struct Magnitude: ElementFunction {
  func value(at x: Float) -> Float { abs(x) }
  func slope(at x: Float, _ y: Float) -> Float { x > 0 ? 1 : x < 0 ? -1 : 0 }
}

private struct InverseRoot: ElementFunction {
  func value(at x: Float) -> Float { x > 0 ? 1 / x.squareRoot() : 0 }
  func slope(at x: Float, _ y: Float) -> Float { x > 0 ? -0.5 * y / x : 0 }
}

private struct Shift: ElementFunction {
  let constant: Float
  func value(at x: Float) -> Float { x + constant }
  func slope(at x: Float, _ y: Float) -> Float { 1 }
}
