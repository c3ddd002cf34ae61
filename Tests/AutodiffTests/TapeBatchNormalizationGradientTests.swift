import LinearAlgebra
import Testing

import Autodiff

@Suite struct TapeBatchNormalizationGradientTests {
  /// v as it is written down, with sums over the rows of each column.
  private static func plain(_ x: [Matrix<Double>], epsilon: Double) -> Matrix<Double> {
    let (n, m) = (x[0].rowCount, x[0].columnCount)
    var v = x[0]
    for c in 0..<m {
      let (values, upstream) = (x[0].column(c), x[2].column(c))
      let mean = values.reduce(0, +) / Double(n)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n)
      let inverse = 1 / (variance + epsilon).squareRoot()
      let unit = values.map { ($0 - mean) * inverse }
      let upstreamMean = upstream.reduce(0, +) / Double(n)
      let slope = zip(upstream, unit).reduce(0) { $0 + $1.0 * $1.1 } / Double(n)
      for r in 0..<n {
        v[r, c] = x[1][0, c] * inverse * (upstream[r] - upstreamMean - unit[r] * slope)
      }
    }
    return v
  }

  @Test(arguments: [(2, 5), (3, 5), (40, 5), (1030, 1), (6, 67)])
  func `is differentiated in the input, the scale and the gradient it hands back`(
    count: Int, width: Int
  ) {
    let inputs = [
      randomMatrix(count, width, seed: 1, scale: 2), randomMatrix(1, width, seed: 2),
      randomMatrix(count, width, seed: 3),
    ]
    checkOperation(inputs, tolerance: 1e-4) {
      $0.batchNormalizedGradient($1[0], scale: $1[1], upstream: $1[2], epsilon: 0.1)
    } plain: { Self.plain($0, epsilon: 0.1) }
  }

  @Test func `is what the backward pass of batch normalisation gives`() {
    let (x, scale, shift) = (
      Parameter("x", randomMatrix(30, 4, seed: 1)), Parameter("scale", randomMatrix(1, 4, seed: 2)),
      Parameter("shift", randomMatrix(1, 4, seed: 3))
    )
    let upstream = randomMatrix(30, 4, seed: 4)
    let tape = Tape()
    let y = tape.batchNormalized(x.tensor, scale: scale.tensor, shift: shift.tensor).value
    let handed = tape.batchNormalizedGradient(
      x.tensor, scale: scale.tensor, upstream: Tensor(constant: upstream)
    ).matrix
    tape.backward(from: tape.weightedTotal(y, upstream))
    let difference = Matrix<Double>(x.tensor.gradientMatrix).elements.indices.map {
      abs(x.tensor.gradientMatrix.elements[$0] - handed.elements[$0])
    }.max()!
    #expect(difference < 1e-5)
  }

  @Test func `a column without variance stays finite`() {
    let x = Tensor(constant: Matrix(rows: [[2, 1], [2, 3]]))
    let one = Tensor(constant: Matrix(rows: [[1, 1]]))
    let upstream = Tensor(constant: Matrix(rows: [[1, 0], [0, 0]]))
    let v = Tape(isRecording: false).batchNormalizedGradient(x, scale: one, upstream: upstream)
    #expect(v.matrix.elements.allSatisfy { $0.isFinite })
    #expect(v.matrix[0, 1] == 0)
  }
}
