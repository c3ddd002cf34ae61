import Autodiff
import LinearAlgebra
import Statistics
import Testing

@Suite struct TapeFeaturesTests {
  /// Random features of which a share is not zero; the first row and the last column are empty.
  static func features(_ n: Int, _ d: Int, share: Double, seed: UInt64) -> Matrix<Float> {
    var generator = SeededGenerator(seed: seed)
    var matrix = randomMatrix(n, d, seed: seed + 100)
    for row in 0..<n {
      for column in 0..<d where row == 0 || column == d - 1 || generator.uniform() > share {
        matrix[row, column] = 0
      }
    }
    return matrix
  }

  private func layer(_ d: Int, _ m: Int) -> [Parameter] {
    [
      Parameter("W", randomMatrix(m, d, seed: 2, scale: 0.1)),
      Parameter("b", randomMatrix(1, m, seed: 3)),
    ]
  }

  @Test(arguments: [(1, 1), (63, 65), (64, 64), (300, 129), (700, 640)], [64, 128, 192, 256])
  func `a layer of sparse features equals that of the same features as they are`(
    shape: (n: Int, d: Int), m: Int
  ) {
    let matrix = Self.features(shape.n, shape.d, share: 0.25, seed: 1)
    let (sparse, dense) = (Tensor(features: matrix), Tensor(constant: matrix))
    let parameters = layer(shape.d, m)
    for slope in [nil, 0.01] {
      let results = [sparse, dense].map { x in
        TapeLinearTests.step(parameters) {
          $0.linear(x, weight: $1[0], bias: $1[1], slope: slope)
        }
      }
      TapeLinearTests.expectClose(results[0], results[1])
    }
    TapeLinearTests.expectClose(
      TapeLinearTests.step([parameters[0]]) { $0.linear(sparse, weight: $1[0]) },
      TapeLinearTests.step([parameters[0]]) { $0.linear(dense, weight: $1[0]) })
  }

  @Test(arguments: [0.2, 0.9], [64, 128, 10])
  func `a layer of some rows equals these rows of the layer of all`(share: Double, m: Int) {
    let matrix = Self.features(400, 130, share: share, seed: 4)
    let rows: [Int32] = [17, 3, 399, 0, 20, 64] + (70..<350).map { Int32($0) }
    let parameters = layer(130, m)
    let some = TapeLinearTests.step(parameters) {
      $0.linear(Tensor(features: matrix), distinct: rows, weight: $1[0], bias: $1[1])
    }
    let all = TapeLinearTests.step(parameters) {
      $0.gathered(
        $0.linear(Tensor(constant: matrix), weight: $1[0], bias: $1[1]), rows: rows[...])
    }
    TapeLinearTests.expectClose(some, all)
  }

  @Test func `sparse features give their elements to whoever asks`() {
    let matrix = Self.features(30, 40, share: 0.2, seed: 5)
    let tensor = Tensor(features: matrix)
    #expect(tensor.matrix == matrix)
    let tape = Tape()
    #expect(tape.gathered(tensor, rows: [2, 2, 9]).matrix == matrix.rows([2, 2, 9]))
    #expect(tape.gathered(Tensor(features: matrix), distinct: [9, 2]).matrix == matrix.rows([9, 2]))
  }

  @Test func `a layer of sparse features has the same bits for any number of threads`() {
    let x = Tensor(features: Self.features(700, 300, share: 0.2, seed: 6))
    let parameters = layer(300, 256)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    let results = [1, 2, 4].map { count in
      Parallel.threadCount = count
      return TapeLinearTests.step(parameters) {
        $0.linear(x, weight: $1[0], bias: $1[1], slope: 0.01)
      }
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }
}
