import Autodiff
import LinearAlgebra
import Recommenders
import Testing

@Suite("Batch normalisation")
struct BatchNormalizationTests {
  @Test func `a batch has mean 0 and variance 1 until scale and shift are trained`() {
    let layer = BatchNormalization("n", width: 3)
    let x = randomMatrix(200, 3, seed: 1, scale: 5)
    let y = Plain(layer(Tensor(constant: x), on: Tape()).matrix)
    #expect(y.columnMeans.allSatisfy { abs($0) < 1e-6 })
    #expect(abs(y.meanSquare - 1) < 1e-5)
    layer.scale.tensor.assign(Matrix(rows: [[2, 2, 2]]))
    layer.shift.tensor.assign(Matrix(rows: [[1, -1, 0]]))
    let z = Plain(layer(Tensor(constant: x), on: Tape()).matrix)
    #expect((z - (2 * y).adding([1, -1, 0])).maximumMagnitude < 1e-5)
    #expect(layer.parameters.map(\.name) == ["n.scale", "n.shift"])
  }

  @Test func `running averages move by the momentum, the variance unbiased`() {
    let layer = BatchNormalization("n", width: 1, momentum: 0.1)
    _ = layer(Tensor(constant: Matrix(rows: [[1], [3]])), on: Tape())
    let buffers = layer.buffers
    #expect(buffers.map(\.name) == ["n.mean", "n.variance"])
    // Mean 2; variance 1, or 2 unbiased.
    #expect(abs(buffers[0].tensor.scalar - 0.2) < 1e-7)
    #expect(abs(buffers[1].tensor.scalar - 1.1) < 1e-6)
    let y = layer.evaluated(Tensor(constant: Matrix(rows: [[4]])), on: Tape(isRecording: false))
    #expect(abs(Double(y.scalar) - 3.8 / (1.1 + 1e-5).squareRoot()) < 1e-5)
    // Evaluating leaves them alone.
    #expect(abs(buffers[0].tensor.scalar - 0.2) < 1e-7)
  }
}
