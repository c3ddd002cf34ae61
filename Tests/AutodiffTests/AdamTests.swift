import Foundation
import LinearAlgebra
import Testing

import Autodiff

@Suite struct AdamTests {
  /// The definition in double precision.
  private func plainSteps(
    _ start: [Double], gradients: [[Double]], rate: Double, decay: Double,
    options: Adam.Options = Adam.Options()
  ) -> [Double] {
    let (first, second) = (options.firstDecay, options.secondDecay)
    let isDecoupled = options.decay == .decoupled
    var (theta, m, v) = (start, start.map { _ in 0.0 }, start.map { _ in 0.0 })
    for (step, gradient) in gradients.enumerated() {
      let t = Double(step + 1)
      for i in theta.indices {
        let g = gradient[i] + (isDecoupled ? 0 : decay * theta[i])
        m[i] = first * m[i] + (1 - first) * g
        v[i] = second * v[i] + (1 - second) * g * g
        let mean = m[i] / (1 - pow(first, t))
        let root = (v[i] / (1 - pow(second, t))).squareRoot()
        if isDecoupled { theta[i] -= rate * decay * theta[i] }
        theta[i] -= rate * mean / (root + options.epsilon)
      }
    }
    return theta
  }

  private func step(_ adam: Adam, _ parameter: Parameter, gradient: Matrix<Float>) {
    let target = parameter.tensor.gradientToAddTo()
    for (i, value) in gradient.elements.enumerated() { target[i] += value }
    adam.step()
  }

  @Test(
    arguments: [0.0, 1e-2],
    [
      Adam.Options(), Adam.Options(decay: .decoupled),
      Adam.Options(firstDecay: 0.5, secondDecay: 0.9, epsilon: 1e-6),
    ])
  func `steps follow the definition`(decay: Double, options: Adam.Options) {
    let start = randomMatrix(5, 9, seed: 1)
    let gradients = (0..<20).map { randomMatrix(5, 9, seed: 2 + $0, scale: 1e-3) }
    let parameter = Parameter("x", start)
    let adam = Adam([parameter], learningRate: 1e-2, weightDecay: decay, options: options)
    for gradient in gradients { step(adam, parameter, gradient: gradient) }
    let expected = plainSteps(
      start.elements.map(Double.init),
      gradients: gradients.map { $0.elements.map(Double.init) }, rate: 1e-2, decay: decay,
      options: options)
    for (value, exact) in zip(parameter.tensor.matrix.elements, expected) {
      #expect(abs(Double(value) - exact) < 2e-6)
    }
  }

  @Test func `the first step moves every coordinate by the rate against its gradient's sign`() {
    let parameter = Parameter("x", Matrix(rowCount: 1, columnCount: 3))
    let adam = Adam([parameter], learningRate: 1e-3)
    step(adam, parameter, gradient: Matrix(rows: [[0.5, -0.01, 0]]))
    let moved = parameter.tensor.matrix.elements
    #expect(abs(moved[0] + 1e-3) < 1e-8)
    #expect(abs(moved[1] - 1e-3) < 1e-8)
    #expect(moved[2] == 0)
  }

  @Test func `without a gradient a parameter goes on by its momentum, or stays if it had none`() {
    let (moving, still) = (
      Parameter("a", randomMatrix(2, 2, seed: 1)), Parameter("b", randomMatrix(2, 2, seed: 2))
    )
    let adam = Adam([moving, still], learningRate: 1e-3)
    step(adam, moving, gradient: randomMatrix(2, 2, seed: 3))
    let between = moving.tensor.matrix
    adam.step()
    #expect(moving.tensor.matrix != between)
    #expect(still.tensor.matrix == randomMatrix(2, 2, seed: 2))
  }

  @Test func `a restored optimizer takes the same steps to the bit`() throws {
    let gradients = (0..<6).map { randomMatrix(3, 5, seed: 10 + $0) }
    let whole = Parameter("x", randomMatrix(3, 5, seed: 1))
    let first = Adam([whole], learningRate: 1e-3)
    for gradient in gradients.prefix(3) { step(first, whole, gradient: gradient) }
    let continued = Parameter("x", whole.tensor.matrix)
    let second = Adam([continued], learningRate: 1e-3)
    let moments = try #require(first.moments(of: whole))
    second.restore(
      stepCount: first.stepCount,
      moments: ["x": (moments.first.matrix, moments.second.matrix)])
    for gradient in gradients.suffix(3) {
      step(first, whole, gradient: gradient)
      step(second, continued, gradient: gradient)
    }
    #expect(whole.tensor.matrix == continued.tensor.matrix)
  }
}
