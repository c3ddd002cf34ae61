import Autodiff
import LinearAlgebra
import Recommenders
import Statistics
import Testing

@Suite("Mutual information bound")
struct MutualInformationBoundTests {
  static let order: [Int32] = [3, 0, 4, 1, 2, 6, 5]

  private func bound(width: Int = 8, seed: UInt64 = 4) -> MutualInformationBound {
    var generator = SeededGenerator(seed: seed)
    return MutualInformationBound("q", width: width, using: &generator)
  }

  private func plain(_ bound: MutualInformationBound) -> PlainBound {
    PlainBound(
      parameters: Dictionary(
        uniqueKeysWithValues: bound.parameters.map {
          (String($0.name.dropFirst(2)), Plain($0.tensor.matrix))
        }))
  }

  private func value(_ bound: MutualInformationBound, _ x: Plain, _ y: Plain, _ order: [Int32])
    -> Double
  {
    let (x, y) = (
      Tensor(constant: Matrix<Float>(x.matrix)), Tensor(constant: Matrix<Float>(y.matrix))
    )
    return Double(bound(x, y, order: order, on: Tape()).scalar)
  }

  @Test func `of width 32 has 1104 weights`() {
    #expect(bound(width: 32).parameters.reduce(0) { $0 + $1.tensor.count } == 1104)
  }

  @Test func `is that of its definition, never negative`() {
    let network = bound()
    var clamped = 0
    for seed in 0..<20 as Range<UInt64> {
      let (x, y) = (
        Plain(randomMatrix(7, 8, seed: seed)), Plain(randomMatrix(7, 8, seed: 90 + seed))
      )
      let found = value(network, x, y, Self.order)
      let expected = plain(network)(x, y, order: Self.order)
      #expect(abs(found - expected) < 1e-5 && found >= 0)
      if expected == 0 { clamped += 1 }
    }
    #expect((3...17).contains(clamped))
  }

  @Test func `is 0 where y is constant and where nothing is permuted`() {
    let (x, y) = (Plain(randomMatrix(7, 8, seed: 1)), Plain(randomMatrix(7, 8, seed: 2)))
    let constant = Plain([[Double]](repeating: y.rows[0], count: 7))
    #expect(value(bound(), x, constant, Self.order) == 0)
    #expect(value(bound(), x, y, Array(0..<7)) == 0)
  }

  @Test func `fitting moves the network and nothing else, the bound everything else`() throws {
    let network = bound()
    let (x, y) = (
      Parameter("x", randomMatrix(7, 8, seed: 1)), Parameter("y", randomMatrix(7, 8, seed: 1))
    )
    let tape = Tape()
    let loss = network.fittingLoss(x.tensor, y.tensor, on: tape)
    let exact = plain(network).fittingLoss(Plain(x.tensor.matrix), Plain(y.tensor.matrix))
    #expect(abs(Double(loss.scalar) - exact) < 1e-5)
    tape.backward(from: loss)
    #expect(x.tensor.gradient == nil && y.tensor.gradient == nil)
    for parameter in network.parameters {
      #expect(parameter.tensor.gradientMatrix.elements.contains { $0 != 0 })
      parameter.tensor.clearGradient()
    }
    // Fitted to x = y, the network finds more in the pairs than in others.
    let optimizer = Adam(network.parameters, learningRate: 1e-2)
    for _ in 0..<300 {
      tape.begin()
      tape.backward(from: network.fittingLoss(x.tensor, y.tensor, on: tape))
      optimizer.step()
    }
    tape.begin()
    let found = network(x.tensor, y.tensor, order: Self.order, on: tape)
    #expect(found.scalar > 1)
    tape.backward(from: found)
    for input in [x, y] {
      #expect(input.tensor.gradientMatrix.elements.contains { $0 != 0 })
    }
    for parameter in network.parameters { #expect(parameter.tensor.gradient == nil) }
  }
}
