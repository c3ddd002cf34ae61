import LinearAlgebra
import Statistics
import Testing

import Autodiff

@Suite(.serialized) struct TapeTests {
  @Test func `steps of equal shapes use the same memory`() {
    let x = Parameter("x", randomMatrix(40, 8, seed: 1))
    let tape = Tape()
    func step() -> [UnsafeMutablePointer<Float>] {
      tape.begin()
      let y = tape.normalizedRows(x.tensor)
      let z = tape.leakyReLU(y, slope: 0.1)
      tape.backward(from: tape.total(z))
      x.tensor.clearGradient()
      return [y.value, z.value]
    }
    #expect(step() == step())
  }

  @Test func `a tape lives no longer than it is held`() {
    let x = Parameter("x", randomMatrix(30, 8, seed: 1))
    weak var released: Tape?
    do {
      let tape = Tape()
      released = tape
      let loss = tape.infoNCE(
        anchors: x.tensor, positives: x.tensor, candidates: x.tensor, temperature: 0.5)
      tape.backward(from: loss)
    }
    #expect(released == nil)
  }

  @Test func `a tape that only evaluates leaves no gradients`() {
    let x = Parameter("x", randomMatrix(4, 4, seed: 1))
    let tape = Tape(isRecording: false)
    tape.backward(from: tape.total(x.tensor))
    #expect(x.tensor.gradient == nil)
  }

  @Test func `values and gradients have the same bits for any number of threads`() {
    let users = randomMatrix(900, 24, seed: 1)
    let weight = randomMatrix(24, 24, seed: 2)
    var generator = SeededGenerator(seed: 3)
    let places = (0..<9_000).map { _ in
      (Int32(generator.index(below: 900)), Int32(generator.index(below: 900)))
    }
    let graph = SparseOperator(
      SparseMatrix(
        rowCount: 900, columnCount: 900, rows: places.map(\.0), columns: places.map(\.1),
        values: [Float](repeating: 0.1, count: 9_000)))
    func step() -> [Matrix<Float>] {
      let parameters = [Parameter("x", users), Parameter("w", weight)]
      let tape = Tape()
      let encoded = tape.linear(parameters[0].tensor, weight: parameters[1].tensor)
      let spread = tape.propagated(
        graph, tape.normalizedRows(encoded), layers: 2, combination: .mean)
      let loss = tape.rankingLoss(
        users: spread, items: spread, user: places.prefix(500).map(\.0)[...],
        positive: places.prefix(500).map(\.1)[...],
        negative: places.suffix(500).map(\.1)[...], form: .natural)
      tape.backward(from: loss)
      return [loss.matrix] + parameters.map(\.tensor.gradientMatrix)
    }
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    let results = [1, 2, 5].map { count in
      Parallel.threadCount = count
      return step()
    }
    #expect(results[0] == results[1])
    #expect(results[0] == results[2])
  }
}
