import Autodiff
import LinearAlgebra
import Recommenders
import Statistics
import Testing

@Suite("Modality weights")
struct ModalityWeightsTests {
  @Test func `start near equal shares that sum to one`() {
    var generator = SeededGenerator(seed: 2)
    let weights = ModalityWeights("w", rowCount: 400, count: 2, using: &generator)
    let matrix = weights.tensor.matrix
    for row in 0..<400 { #expect(abs(matrix.row(row).reduce(0, +) - 1) < 1e-6) }
    let squares = matrix.column(0).reduce(0) { $0 + ($1 - 0.5) * ($1 - 0.5) }
    // A softmax of two normal numbers of variance 2/402 is about 0.5 ± a quarter of √(4/402).
    #expect(abs((squares / 400).squareRoot() / 0.025 - 1) < 0.15)
    #expect(weights.parameter.name == "w")
  }

  @Test func `scale each modality's rows, and may leave the simplex`() {
    var generator = SeededGenerator(seed: 2)
    let weights = ModalityWeights("w", rowCount: 3, count: 2, using: &generator)
    weights.tensor.assign(Matrix(rows: [[2, -1], [0, 3], [1, 1]]))
    let x = Tensor(constant: Matrix(rows: [[1, 2], [3, 4], [5, 6]]))
    let parts = weights([x, x], on: Tape(isRecording: false)).map(\.matrix)
    #expect(parts[0] == Matrix(rows: [[2, 4], [0, 0], [5, 6]]))
    #expect(parts[1] == Matrix(rows: [[-1, -2], [9, 12], [5, 6]]))
  }
}
