import Autodiff
import LinearAlgebra
import Statistics
import Testing

@Suite(.bothKindsOfProducts) struct TapeLinearTests {
  /// Result and gradients of x, W and b for the objective Σ w·y.
  static func step(
    _ parameters: [Parameter], _ operation: (Tape, [Tensor]) -> Tensor
  ) -> [Matrix<Float>] {
    let tape = Tape()
    let y = operation(tape, parameters.map(\.tensor))
    let weights = randomMatrix(y.rowCount, y.columnCount, seed: 99)
    tape.backward(from: tape.weightedTotal(y, weights))
    defer { for parameter in parameters { parameter.tensor.clearGradient() } }
    return [y.matrix] + parameters.map(\.tensor.gradientMatrix)
  }

  static func expectClose(
    _ a: [Matrix<Float>], _ b: [Matrix<Float>], sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for (first, second) in zip(a, b) {
      let (first, second) = (Matrix<Double>(first), Matrix<Double>(second))
      #expect(
        (first - second).maximumMagnitude <= 2e-5 * max(1, second.maximumMagnitude),
        sourceLocation: sourceLocation)
    }
  }

  /// x·Wᵀ + b and its gradients in double precision.
  private func plain(
    _ x: Matrix<Float>, _ weight: Matrix<Float>, _ bias: Matrix<Float>
  ) -> [Matrix<Float>] {
    let (x, weight) = (Matrix<Double>(x), Matrix<Double>(weight))
    var y = product(x, .none, weight, .transposed)
    for row in 0..<y.rowCount {
      for column in 0..<y.columnCount { y[row, column] += Double(bias[0, column]) }
    }
    let upstream = Matrix<Double>(randomMatrix(y.rowCount, y.columnCount, seed: 99))
    let ones = Matrix<Double>(
      rowCount: 1, columnCount: y.rowCount, elements: Array(repeating: 1, count: y.rowCount))
    return [
      y, product(upstream, weight), product(upstream, .transposed, x, .none),
      product(ones, upstream),
    ].map { Matrix<Float>($0) }
  }

  private static let shapes = [
    (1, 3, 1), (70, 130, 64), (1500, 17, 9), (2100, 128, 256), (1030, 700, 100), (8300, 5, 33),
    (13, 64, 128), (1027, 64, 1), (1100, 192, 70),
  ]

  @Test(arguments: shapes)
  func `equals the plain product, however its tiles are cut`(n: Int, d: Int, m: Int) {
    let inputs = [
      randomMatrix(n, d, seed: 1), randomMatrix(m, d, seed: 2), randomMatrix(1, m, seed: 3),
    ]
    let parameters = inputs.enumerated().map { Parameter("\($0.offset)", $0.element) }
    let found = Self.step(parameters) { $0.linear($1[0], weight: $1[1], bias: $1[2]) }
    Self.expectClose(found, plain(inputs[0], inputs[1], inputs[2]))
  }

  @Test(arguments: shapes, [0, 0.01])
  func `a rectifier in it equals one behind it`(shape: (Int, Int, Int), slope: Double) {
    let (n, d, m) = shape
    let parameters = [
      Parameter("x", randomMatrix(n, d, seed: 1)), Parameter("W", randomMatrix(m, d, seed: 2)),
      Parameter("b", randomMatrix(1, m, seed: 3)),
    ]
    let inside = Self.step(parameters) {
      $0.linear($1[0], weight: $1[1], bias: $1[2], slope: slope)
    }
    let behind = Self.step(parameters) {
      $0.leakyReLU($0.linear($1[0], weight: $1[1], bias: $1[2]), slope: slope)
    }
    Self.expectClose(inside, behind)
    let unbiased = [parameters[0], parameters[1]]
    Self.expectClose(
      Self.step(unbiased) { $0.linear($1[0], weight: $1[1], slope: slope) },
      Self.step(unbiased) { $0.leakyReLU($0.linear($1[0], weight: $1[1]), slope: slope) })
  }

  @Test(arguments: [(1, 3), (700, 64), (1100, 128)])
  func `layers of one input give it the sum of their gradients`(n: Int, d: Int) {
    let parameters = [
      Parameter("x", randomMatrix(n, d, seed: 1)), Parameter("W", randomMatrix(64, d, seed: 2)),
      Parameter("V", randomMatrix(64, d, seed: 3)),
    ]
    let found = Self.step(parameters) {
      $0.sum($0.linear($1[0], weight: $1[1]), $0.linear($1[0], weight: $1[2]))
    }
    let both = Self.step(parameters) { $0.linear($1[0], weight: $0.sum($1[1], $1[2])) }
    Self.expectClose(found, both)
  }

  @Test func `a number that is none stays one`() {
    for width in [3, 64] {
      var x = randomMatrix(20, width, seed: 1)
      x[7, 1] = .nan
      let y = Tape(isRecording: false).linear(
        Tensor(constant: x), weight: Tensor(constant: randomMatrix(width, width, seed: 2)),
        slope: 0.01)
      #expect(y.matrix.row(7).allSatisfy { $0.isNaN })
      #expect(y.matrix.elements.filter { $0.isNaN }.count == width)
    }
  }
}
