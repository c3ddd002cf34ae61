extension Tape {
  /// Σ of all elements, 1 × 1.
  public func total(_ x: Tensor) -> Tensor {
    reduced(x, value: { Double($0) }, finish: { $0 }, slope: { _, _ in 1 })
  }

  /// Mean of all elements, 1 × 1.
  public func mean(_ x: Tensor) -> Tensor {
    let count = Double(x.count)
    return reduced(
      x, value: { Double($0) }, finish: { $0 / count }, slope: { _, _ in 1 / count })
  }

  /// Mean of all squared elements, 1 × 1.
  public func meanSquare(_ x: Tensor) -> Tensor {
    let count = Double(x.count)
    return reduced(
      x, value: { Double($0) * Double($0) }, finish: { $0 / count },
      slope: { x, _ in 2 * x / count })
  }

  /// ‖x‖_F, 1 × 1; its gradient at zero is taken as zero.
  public func frobeniusNorm(_ x: Tensor) -> Tensor {
    reduced(
      x, value: { Double($0) * Double($0) }, finish: { $0.squareRoot() },
      slope: { x, norm in norm > 0 ? x / norm : 0 })
  }

  /// finish(Σ value(xᵢ)) with ∂/∂xᵢ = slope(xᵢ, result), summed in double precision.
  private func reduced(
    _ x: Tensor, value: @Sendable (Float) -> Double, finish: (Double) -> Double,
    slope: @escaping @Sendable (_ x: Double, _ result: Double) -> Double
  ) -> Tensor {
    let y = make(1, 1, from: x)
    nonisolated(unsafe) let source = x.value
    let result = finish(
      blockSum(x.count) { range in range.reduce(0.0) { $0 + value(source[$1]) } })
    y.value[0] = Float(result)
    record(y) { gradient in
      let upstream = Double(gradient[0])
      nonisolated(unsafe) let target = x.gradientToAddTo()
      forEachBlock(x.count) { range in
        for i in range { target[i] += Float(upstream * slope(Double(source[i]), result)) }
      }
    }
    return y
  }
}
