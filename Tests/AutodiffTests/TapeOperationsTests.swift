import Foundation
import LinearAlgebra
import Statistics
import Testing

import Autodiff

@Suite struct ElementwiseTests {
  private let a = randomMatrix(13, 7, seed: 1)
  private let b = randomMatrix(13, 7, seed: 2)

  @Test func `a sum is the sum and hands its gradient to both`() {
    checkOperation([a, b]) { $0.sum($1[0], $1[1]) } plain: { $0[0] + $0[1] }
    checkOperation([a]) { $0.sum($1[0], $1[0]) } plain: { $0[0] + $0[0] }
  }

  @Test func `scaling, the leaky rectifier, sigmoid and softplus agree with their formulas`() {
    checkOperation([a]) { $0.scaled($1[0], by: -2.5) } plain: { map($0[0]) { -2.5 * $0 } }
    checkOperation([a]) { $0.leakyReLU($1[0], slope: 0.01) } plain: {
      map($0[0]) { $0 > 0 ? $0 : 0.01 * $0 }
    }
    checkOperation([a]) { $0.sigmoid($1[0]) } plain: { map($0[0]) { 1 / (1 + exp(-$0)) } }
    checkOperation([a]) { $0.softplus($1[0]) } plain: { map($0[0]) { log(1 + exp($0)) } }
  }

  @Test func `sigmoid and softplus neither overflow nor vanish at the ends`() {
    let ends = Tensor(constant: Matrix(rows: [[-200, -100, 100, 200]]))
    let tape = Tape(isRecording: false)
    #expect(tape.sigmoid(ends).matrix.elements.allSatisfy { $0.isFinite })
    #expect(tape.softplus(ends).matrix.elements[3] == 200)
    #expect(tape.softplus(ends).matrix.elements[0] >= 0)
  }

  @Test func `softmax rows sum to one and have the right gradient`() {
    checkOperation([a]) { $0.softmax($1[0]) } plain: { x in
      var y = x[0]
      for row in 0..<y.rowCount {
        let sum = y.row(row).reduce(0) { $0 + exp($1) }
        for column in 0..<y.columnCount { y[row, column] = exp(x[0][row, column]) / sum }
      }
      return y
    }
  }

  @Test func `dropout keeps the rate, the mean and one mask for value and gradient`() {
    let x = Parameter("x", Matrix(rowCount: 400, columnCount: 250, repeating: 1))
    let tape = Tape()
    let y = tape.dropout(x.tensor, rate: 0.3, seed: 5)
    let values = y.matrix.elements
    let dropped = Double(values.count { $0 == 0 }) / Double(values.count)
    #expect(abs(dropped - 0.3) < 0.01)
    #expect(values.allSatisfy { $0 == 0 || abs($0 - 1 / 0.7) < 1e-6 })
    tape.backward(from: tape.total(y))
    #expect(x.tensor.gradientMatrix == y.matrix)
    #expect(tape.dropout(x.tensor, rate: 0.3, seed: 5).matrix == y.matrix)
    #expect(tape.dropout(x.tensor, rate: 0.3, seed: 6).matrix != y.matrix)
    #expect(tape.dropout(x.tensor, rate: 0, seed: 5) === x.tensor)
  }

  private func map(_ x: Matrix<Double>, _ f: (Double) -> Double) -> Matrix<Double> {
    Matrix(rowCount: x.rowCount, columnCount: x.columnCount, elements: x.elements.map(f))
  }
}

@Suite struct TapeProductsTests {
  @Test func `a linear layer equals x·Wᵀ + b with gradients for all three`() {
    let inputs = [
      randomMatrix(37, 11, seed: 1), randomMatrix(5, 11, seed: 2), randomMatrix(1, 5, seed: 3),
    ]
    checkOperation(inputs, tolerance: 5e-5) {
      $0.linear($1[0], weight: $1[1], bias: $1[2])
    } plain: { x in
      withRow(x[2], addedTo: product(x[0], .none, x[1], .transposed))
    }
    checkOperation(Array(inputs.prefix(2)), tolerance: 5e-5) {
      $0.linear($1[0], weight: $1[1])
    } plain: { product($0[0], .none, $0[1], .transposed) }
  }

  @Test func `a row added to every row collects the column sums`() {
    checkOperation([randomMatrix(9, 4, seed: 1), randomMatrix(1, 4, seed: 2)]) {
      $0.adding(row: $1[1], to: $1[0])
    } plain: { withRow($0[1], addedTo: $0[0]) }
  }

  @Test(arguments: [0.0, 0.9, 1.0], [1, 7, 300])
  func `damping columns is damping the rows of the transpose`(strength: Double, width: Int) {
    let basis = orthonormalBasis(Matrix<Double>(randomMatrix(9, 3, seed: 4)))
    let constant = Tensor(constant: Matrix<Float>(basis.transposed()))
    checkOperation([randomMatrix(9, width, seed: 5)]) { tape, x in
      tape.sum(tape.dampedColumns(x[0], along: constant, strength: strength), x[0])
    } plain: { x in
      let part = product(basis, .none, product(basis, .transposed, x[0], .none), .none)
      return Matrix(
        rowCount: part.rowCount, columnCount: part.columnCount,
        elements: zip(x[0].elements, part.elements).map { 2 * $0 - strength * $1 })
    }
  }

  @Test(arguments: [0.0, 0.3, 0.9, 1.0], [8, 16, 40])
  func `damping multiplies the part along the basis by 1 − λ, forwards and backwards`(
    strength: Double, width: Int
  ) {
    let basis = orthonormalBasis(Matrix<Double>(randomMatrix(width, 3, seed: 4)))
    let constant = Tensor(constant: Matrix<Float>(basis.transposed()))
    // The input is used twice, so that the pullback also has to add.
    checkOperation([randomMatrix(20, width, seed: 5)]) { tape, x in
      tape.sum(tape.damped(x[0], along: constant, strength: strength), x[0])
    } plain: { x in
      let part = product(product(x[0], basis), .none, basis, .transposed)
      return Matrix(
        rowCount: part.rowCount, columnCount: part.columnCount,
        elements: zip(x[0].elements, part.elements).map { 2 * $0 - strength * $1 })
    }
  }

  private func withRow(_ row: Matrix<Double>, addedTo x: Matrix<Double>) -> Matrix<Double> {
    var result = x
    for r in 0..<x.rowCount { for c in 0..<x.columnCount { result[r, c] += row[0, c] } }
    return result
  }
}

@Suite struct TapeRowsTests {
  private let a = randomMatrix(12, 6, seed: 1)
  private let b = randomMatrix(7, 6, seed: 2)

  @Test func `gathered rows that repeat add up their gradients`() {
    let indices: [Int32] = [3, 0, 3, 11, 3]
    checkOperation([a]) { $0.gathered($1[0], rows: indices[...]) } plain: {
      $0[0].rows(indices.map(Int.init))
    }
  }

  @Test func `stacking and joining put parts together and take gradients apart`() {
    checkOperation([a, b]) { $0.stacked([$1[0], $1[1]]) } plain: { $0[0].stacked(above: $0[1]) }
    let c = randomMatrix(12, 3, seed: 3)
    checkOperation([a, c]) { $0.joined([$1[0], $1[1]]) } plain: { x in
      Matrix(rows: (0..<12).map { Array(x[0].row($0)) + Array(x[1].row($0)) })
    }
  }

  @Test func `columns and rows are slices, also of each other`() {
    checkOperation([a]) { $0.columns(2..<5, of: $1[0]) } plain: { $0[0].columns(2..<5) }
    checkOperation([a]) { $0.rows(3..<9, of: $1[0]) } plain: { $0[0].rows(Array(3..<9)) }
    checkOperation([a]) { $0.rows(1..<4, of: $0.rows(3..<9, of: $1[0])) } plain: {
      $0[0].rows([4, 5, 6])
    }
  }

  @Test func `two views of one tensor both reach it`() {
    checkOperation([a]) { tape, x in
      tape.sum(tape.rows(0..<6, of: x[0]), tape.rows(4..<10, of: x[0]))
    } plain: { $0[0].rows(Array(0..<6)) + $0[0].rows(Array(4..<10)) }
  }

  @Test func `scaled rows have gradients for rows and scales`() {
    checkOperation([a, randomMatrix(12, 1, seed: 4)]) {
      $0.scaledRows($1[0], by: $1[1])
    } plain: { x in
      Matrix(rows: (0..<12).map { row in x[0].row(row).map { $0 * x[1][row, 0] } })
    }
  }

  @Test(arguments: [1, 6, 16, 70])
  func `normalised rows have unit length and tangential gradients`(width: Int) {
    checkOperation([randomMatrix(9, width, seed: 6)]) { $0.normalizedRows($1[0]) } plain: { x in
      Matrix(
        rows: (0..<9).map { row in
          let norm = x[0].row(row).reduce(0) { $0 + $1 * $1 }.squareRoot()
          return x[0].row(row).map { $0 / norm }
        })
    }
  }

  @Test func `normalised rows one under another equal those of the stack`() {
    let parameters = [(300, 1), (0, 2), (5, 3)].map { rows, seed in
      Parameter("\(seed)", randomMatrix(rows, 20, seed: UInt64(seed)))
    }
    func step(_ operation: (Tape, [Tensor]) -> Tensor) -> [Matrix<Float>] {
      TapeLinearTests.step(parameters) { tape, parts in
        // One part also gets a gradient from elsewhere.
        tape.sum(operation(tape, parts), tape.stacked([parts[0], parts[1], parts[2]]))
      }
    }
    let found = step { $0.normalizedRows(stacked: $1) }
    TapeLinearTests.expectClose(found, step { $0.normalizedRows($0.stacked($1)) })
    let constant = Tensor(constant: parameters[0].tensor.matrix)
    let half = TapeLinearTests.step([parameters[2]]) {
      $0.normalizedRows(stacked: [constant, $1[0]])
    }
    #expect(half[0].rows(300..<305) == Tape().normalizedRows(parameters[2].tensor).matrix)
    #expect(half[1].elements.contains { $0 != 0 })
  }

  @Test func `a row of zeros stays zero and its gradient is finite`() {
    let x = Parameter("x", Matrix(rowCount: 2, columnCount: 20))
    let tape = Tape()
    let y = tape.normalizedRows(x.tensor)
    #expect(y.matrix.elements.allSatisfy { $0 == 0 })
    tape.backward(from: tape.total(y))
    #expect(x.tensor.gradientMatrix.elements.allSatisfy { $0.isFinite })
  }
}

@Suite struct TapeSparseTests {
  private func graph(_ n: Int, seed: UInt64) -> SparseMatrix {
    var generator = SeededGenerator(seed: seed)
    let entries = (0..<5 * n).map { _ in
      (Int32(generator.index(below: n)), Int32(generator.index(below: n)))
    }
    return SparseMatrix(
      rowCount: n, columnCount: n, rows: entries.map(\.0), columns: entries.map(\.1),
      values: generator.normals(5 * n).map { Float(0.4 * $0) })
  }

  @Test func `a sparse product has the transpose for its pullback`() {
    let sparse = graph(15, seed: 1)
    let dense = Matrix<Double>(sparse.dense)
    checkOperation([randomMatrix(15, 5, seed: 2)]) {
      $0.product(SparseOperator(sparse), $1[0])
    } plain: { product(dense, $0[0]) }
  }

  @Test(arguments: 0...4, [LayerCombination.sum, .mean])
  func `propagation sums or averages the powers of the graph`(
    layers: Int, combination: LayerCombination
  ) {
    let sparse = graph(15, seed: 3)
    let dense = Matrix<Double>(sparse.dense)
    checkOperation([randomMatrix(15, 5, seed: 4)], tolerance: 1e-4) { tape, x in
      // The input is used twice, so that the pullback also has to add.
      tape.sum(
        tape.propagated(
          SparseOperator(sparse), x[0], layers: layers, combination: combination), x[0])
    } plain: { x in
      var (power, sum) = (x[0], x[0])
      for _ in 0..<layers {
        power = product(dense, power)
        sum = sum + power
      }
      let scale = combination == .mean ? 1 / Double(layers + 1) : 1
      return Matrix(
        rowCount: 15, columnCount: 5,
        elements: zip(sum.elements, x[0].elements).map { scale * $0 + $1 })
    }
  }
}

@Suite struct TapeReductionsTests {
  private let a = randomMatrix(50, 6, seed: 1)

  @Test func `sums, means and norms agree with their formulas`() {
    let count = 300.0
    checkOperation([a]) { $0.total($1[0]) } plain: { scalar($0[0].elements.reduce(0, +)) }
    checkOperation([a]) { $0.mean($1[0]) } plain: {
      scalar($0[0].elements.reduce(0, +) / count)
    }
    checkOperation([a]) { $0.meanSquare($1[0]) } plain: {
      scalar($0[0].squaredFrobeniusNorm / count)
    }
    checkOperation([a]) { $0.frobeniusNorm($1[0]) } plain: {
      scalar($0[0].squaredFrobeniusNorm.squareRoot())
    }
  }

  @Test func `a row counts in a mean square as often as it is listed`() {
    let rows: [Int32] = [4, 4, 0, 49, 4, 7, 0]
    checkOperation([a]) { tape, x in
      // The second time, there is a gradient to add to.
      tape.sum(tape.meanSquare(x[0], rows: rows[...]), tape.meanSquare(x[0], rows: rows[2...]))
    } plain: { x in
      func mean(_ rows: ArraySlice<Int32>) -> Double {
        rows.reduce(0) { sum, row in
          sum + x[0].row(Int(row)).reduce(0) { $0 + $1 * $1 }
        } / Double(6 * rows.count)
      }
      return scalar(mean(rows[...]) + mean(rows[2...]))
    }
  }

  @Test func `the norm of zeros has gradient zero`() {
    let x = Parameter("x", Matrix(rowCount: 3, columnCount: 3))
    let tape = Tape()
    tape.backward(
      from: tape.sum(tape.frobeniusNorm(x.tensor), tape.frobeniusNorms(x.tensor, rows: [[1, 1]])))
    #expect(x.tensor.gradientMatrix.elements.allSatisfy { $0 == 0 })
  }

  private func scalar(_ value: Double) -> Matrix<Double> { Matrix(rows: [[value]]) }
}

@Suite struct TapeRankingLossTests {
  private let users: [Int32] = [0, 4, 2, 0]
  private let positives: [Int32] = [1, 2, 3, 1]
  private let negatives: [Int32] = [5, 1, 0, 3]

  @Test(arguments: [RankingLossForm.guarded, .natural, .binary], [5, 16, 70])
  func `the ranking loss is the mean over triples of its form`(
    form: RankingLossForm, width: Int
  ) {
    let inputs = [randomMatrix(5, width, seed: 1), randomMatrix(6, width, seed: 2)]
    checkOperation(inputs, tolerance: 5e-5) {
      $0.rankingLoss(
        users: $1[0], items: $1[1], user: users[...], positive: positives[...],
        negative: negatives[...], form: form)
    } plain: { x in
      let losses = users.indices.map { b -> Double in
        let u = x[0].row(Int(users[b]))
        let p = x[1].row(Int(positives[b]))
        let n = x[1].row(Int(negatives[b]))
        let margin = zip(u, zip(p, n)).reduce(0) { $0 + $1.0 * ($1.1.0 - $1.1.1) }
        let sigma = 1 / (1 + exp(-margin))
        switch form {
        case .guarded: return -log(1e-10 + sigma)
        case .natural: return -log(sigma)
        case .binary: return -log2(sigma)
        }
      }
      return Matrix(rows: [[losses.reduce(0, +) / 4]])
    }
  }

  @Test func `the guarded form is capped and has no gradient there`() {
    #expect(abs(RankingLossForm.guarded.loss(-500) - 23.025_850_9) < 1e-6)
    #expect(abs(RankingLossForm.guarded.slope(-500)) < 1e-200)
    #expect(RankingLossForm.natural.loss(-500) == 500)
    #expect(RankingLossForm.natural.slope(-500) == -1)
  }
}
