import Autodiff
import LinearAlgebra
import Statistics
import Testing

@Suite struct RowUpdatesTests {
  /// Steps on a table of which each gradient has some rows, or all of them in every fifth step.
  private struct Run {
    let parameter: Parameter
    let adam: Adam
    private let tape = Tape()
    private let distinct: Bool

    init(_ n: Int, _ d: Int, _ options: Adam.Options, distinct: Bool) {
      parameter = Parameter("x", randomMatrix(n, d, seed: 1))
      adam = Adam([parameter], learningRate: 1e-2, weightDecay: 1e-3, options: options)
      self.distinct = distinct
    }

    func step(_ number: Int) {
      let x = parameter.tensor
      var generator = SeededGenerator(seed: UInt64(number))
      let rows = generator.permutation(x.rowCount).prefix(x.rowCount / 4 + 1).map { Int32($0) }
      tape.begin()
      // Without `distinct` the gradient is that of the whole table, zeros outside the rows.
      let part =
        number % 5 == 4
        ? x : distinct ? tape.gathered(x, distinct: rows) : tape.gathered(x, rows: rows[...])
      let weights = randomMatrix(part.rowCount, x.columnCount, seed: UInt64(number) + 50)
      tape.backward(from: tape.weightedTotal(tape.squared(part), weights))
      adam.step()
    }
  }

  @Test(arguments: [(1, 1), (40, 16), (37, 19), (9, 700)], [Adam.Options.Decay.coupled, .decoupled])
  func `steps put off end at the bits of steps of the whole table`(
    shape: (n: Int, d: Int), decay: Adam.Options.Decay
  ) throws {
    let options = Adam.Options(decay: decay)
    let (late, early) = (
      Run(shape.n, shape.d, options, distinct: true),
      Run(shape.n, shape.d, options, distinct: false)
    )
    for number in 0..<23 {
      late.step(number)
      early.step(number)
      if number % 7 == 6 {
        #expect(late.parameter.tensor.matrix == early.parameter.tensor.matrix)
      }
    }
    let (found, expected) = (
      try #require(late.adam.moments(of: late.parameter)),
      try #require(early.adam.moments(of: early.parameter))
    )
    #expect(found.first.matrix == expected.first.matrix)
    #expect(found.second.matrix == expected.second.matrix)
    #expect(late.parameter.tensor.matrix == early.parameter.tensor.matrix)
  }

  @Test func `a restored optimizer goes on from what was put off`() throws {
    let (whole, first, second) = (
      Run(30, 8, .init(), distinct: true), Run(30, 8, .init(), distinct: true),
      Run(30, 8, .init(), distinct: true)
    )
    for number in 0..<6 { whole.step(number) }
    for number in 0..<3 { first.step(number) }
    let moments = try #require(first.adam.moments(of: first.parameter))
    second.step(0)
    second.parameter.tensor.assign(first.parameter.tensor.matrix)
    second.adam.restore(
      stepCount: 3, moments: ["x": (moments.first.matrix, moments.second.matrix)])
    for number in 3..<6 { second.step(number) }
    #expect(second.parameter.tensor.matrix == whole.parameter.tensor.matrix)
  }

  @Test func `gradients of some rows and of all add up, in either order and over two steps`() {
    let start = randomMatrix(12, 5, seed: 7)
    let weights = [randomMatrix(3, 5, seed: 8), randomMatrix(12, 5, seed: 9)]
    func gradient(_ rowsFirst: Bool, _ gather: (Tape, Tensor, [Int32]) -> Tensor) -> Matrix<Float> {
      let parameter = Parameter("x", start)
      let tape = Tape()
      for _ in 0..<2 {
        tape.begin()
        func part() -> Tensor {
          tape.weightedTotal(gather(tape, parameter.tensor, [7, 0, 11]), weights[0])
        }
        func all() -> Tensor { tape.weightedTotal(parameter.tensor, weights[1]) }
        let parts = rowsFirst ? [part(), all()] : [all(), part()]
        tape.backward(from: tape.sum(tape.sum(parts[0], parts[1]), part()))
      }
      return parameter.tensor.gradientMatrix
    }
    for rowsFirst in [true, false] {
      let found = gradient(rowsFirst) { $0.gathered($1, distinct: $2) }
      let expected = gradient(rowsFirst) { $0.gathered($1, rows: $2[...]) }
      TapeLinearTests.expectClose([found], [expected])
    }
  }
}
