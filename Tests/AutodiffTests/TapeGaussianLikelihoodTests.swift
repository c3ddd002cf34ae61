import Foundation
import LinearAlgebra
import Testing

import Autodiff

@Suite struct TapeGaussianLikelihoodTests {
  private func plain(_ x: [Matrix<Double>]) -> Matrix<Double> {
    let terms = x[0].elements.indices.map { i -> Double in
      let (gap, l) = (x[0].elements[i] - x[1].elements[i], x[2].elements[i])
      return -gap * gap / (2 * exp(l)) - l / 2
    }
    return Matrix(rows: [[terms.reduce(0, +) / Double(x[0].rowCount)]])
  }

  @Test(arguments: [1, 5, 16, 33])
  func `the likelihood has gradients for values, means and variances`(width: Int) {
    let inputs = (0..<3).map { randomMatrix(7, width, seed: UInt64($0)) }
    checkOperation(inputs, tolerance: 5e-5) {
      $0.gaussianLogLikelihood($1[0], mean: $1[1], logVariance: $1[2])
    } plain: { plain($0) }
  }

  @Test func `what occurs twice has both gradients`() {
    let inputs = [randomMatrix(7, 9, seed: 1), randomMatrix(7, 9, seed: 2)]
    checkOperation(inputs, tolerance: 5e-5) {
      $0.gaussianLogLikelihood($1[0], mean: $1[1], logVariance: $1[0])
    } plain: { plain([$0[0], $0[1], $0[0]]) }
  }

  @Test func `constants have none, and any number of threads gives the same bits`() {
    let matrices = (0..<3).map { randomMatrix(3000, 17, seed: UInt64($0)) }
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    let results = [1, 2, 4].map { count -> [Matrix<Float>] in
      Parallel.threadCount = count
      let mean = Parameter("mean", matrices[1])
      let (y, logVariance) = (Tensor(constant: matrices[0]), Tensor(constant: matrices[2]))
      let tape = Tape()
      let value = tape.gaussianLogLikelihood(y, mean: mean.tensor, logVariance: logVariance)
      tape.backward(from: value)
      #expect(y.gradient == nil && logVariance.gradient == nil)
      return [value.matrix, mean.tensor.gradientMatrix]
    }
    #expect(results[0] == results[1] && results[0] == results[2])
    let exact = plain(matrices.map { Matrix<Double>($0) })[0, 0]
    #expect(abs(Double(results[0][0][0, 0]) - exact) < 1e-6 * abs(exact))
  }
}
