import LinearAlgebra
import Testing

import Autodiff

@Suite struct TapeRowReductionsTests {
  private func column(_ values: [Double]) -> Matrix<Double> {
    Matrix(rowCount: values.count, columnCount: 1, elements: values)
  }

  @Test(arguments: [1, 7, 16, 50])
  func `inner products of rows have gradients for both`(width: Int) {
    let inputs = [randomMatrix(21, width, seed: 1), randomMatrix(21, width, seed: 2)]
    checkOperation(inputs, tolerance: 5e-5) { $0.rowDots($1[0], $1[1]) } plain: { x in
      column(
        (0..<21).map { row in
          zip(x[0].row(row), x[1].row(row)).reduce(0) { $0 + $1.0 * $1.1 }
        })
    }
    checkOperation([inputs[0]], tolerance: 5e-5) { $0.rowDots($1[0], $1[0]) } plain: { x in
      column((0..<21).map { row in x[0].row(row).reduce(0) { $0 + $1 * $1 } })
    }
  }

  @Test func `row sums and column means spread their gradients`() {
    let a = randomMatrix(1100, 3, seed: 3)
    let b = randomMatrix(30, 6, seed: 3)
    checkOperation([b]) { $0.rowSums($1[0]) } plain: { x in
      column((0..<30).map { x[0].row($0).reduce(0, +) })
    }
    checkOperation([b]) { $0.columnMeans($1[0]) } plain: { x in
      Matrix(rows: [(0..<6).map { x[0].column($0).reduce(0, +) / 30 }])
    }
    let tape = Tape(isRecording: false)
    let means = tape.columnMeans(Tensor(constant: a)).matrix
    for c in 0..<3 {
      let exact = a.column(c).reduce(0) { $0 + Double($1) } / 1100
      #expect(abs(Double(means[0, c]) - exact) < 1e-7)
    }
  }

  @Test func `scaled columns have gradients for columns and scales`() {
    checkOperation([randomMatrix(12, 5, seed: 4), randomMatrix(1, 5, seed: 5)]) {
      // The input is used twice, so that the pullback also has to add.
      $0.sum($0.scaledColumns($1[0], by: $1[1]), $1[0])
    } plain: { x in
      Matrix(
        rows: (0..<12).map { row in
          zip(x[0].row(row), x[1].row(0)).map { $0 * $1 + $0 }
        })
    }
  }

  @Test func `the variance is unbiased and has the centred gradient`() {
    checkOperation([randomMatrix(9, 4, seed: 6)]) { $0.variance($1[0]) } plain: { x in
      let mean = x[0].elements.reduce(0, +) / 36
      return Matrix(rows: [[x[0].elements.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 35]])
    }
  }

  @Test func `rows are normalised down to the floor that is asked for`() {
    let x = Tensor(constant: Matrix(rows: [[3e-3, 4e-3], [30, 40]]))
    let y = Tape(isRecording: false).normalizedRows(x, floor: 0.1).matrix
    #expect(abs(y[0, 0] - 0.03) < 1e-7 && abs(y[1, 0] - 0.6) < 1e-6)
  }
}
