import LinearAlgebra
import Statistics
import Testing

import Autodiff

@Suite struct TapeSparseValuesTests {
  private let pattern: SparsePattern
  private let rows: [Int]
  private let columns: [Int]

  init() {
    var generator = SeededGenerator(seed: 4)
    let places = (0..<40).map { _ in
      (Int32(generator.index(below: 12)), Int32(generator.index(below: 9)))
    }
    pattern = SparsePattern(
      rowCount: 12, columnCount: 9, rows: places.map(\.0), columns: places.map(\.1))
    rows = pattern.entryRows.map(Int.init)
    columns = pattern.columns.map(Int.init)
  }

  private func column(_ values: [Double]) -> Matrix<Double> {
    Matrix(rowCount: values.count, columnCount: 1, elements: values)
  }

  private func dense(_ values: Matrix<Double>) -> Matrix<Double> {
    var result = Matrix<Double>(rowCount: 12, columnCount: 9)
    for entry in rows.indices { result[rows[entry], columns[entry]] = values.elements[entry] }
    return result
  }

  @Test func `a pattern has every place once, by rows and by columns`() {
    #expect(pattern.entryCount < 40)
    #expect(Set(zip(rows, columns).map { $0 * 100 + $1 }).count == pattern.entryCount)
    #expect(rows == rows.sorted())
  }

  @Test(arguments: [1, 6, 64])
  func `inner products at the entries have gradients for both sides`(width: Int) {
    let inputs = [randomMatrix(12, width, seed: 1), randomMatrix(9, width, seed: 2)]
    checkOperation(inputs, tolerance: 5e-5) { $0.rowDots($1[0], $1[1], at: pattern) } plain: { x in
      column(
        rows.indices.map { entry in
          zip(x[0].row(rows[entry]), x[1].row(columns[entry])).reduce(0) { $0 + $1.0 * $1.1 }
        })
    }
  }

  @Test(arguments: [1, 6, 64])
  func `a sparse product has gradients for its values and for what it multiplies`(width: Int) {
    let inputs = [randomMatrix(pattern.entryCount, 1, seed: 3), randomMatrix(9, width, seed: 4)]
    checkOperation(inputs, tolerance: 5e-5) { tape, x in
      // The product is used twice, so that the pullbacks also have to add.
      tape.sum(
        tape.product(pattern, values: x[0], x[1]), tape.product(pattern, values: x[0], x[1]))
    } plain: { x in
      let once = product(dense(x[0]), x[1])
      return once + once
    }
  }

  @Test func `row sums of the entries spread their gradients`() {
    checkOperation([randomMatrix(pattern.entryCount, 1, seed: 5)]) {
      $0.rowSums($1[0], of: pattern)
    } plain: { x in
      let matrix = dense(x[0])
      return column((0..<12).map { matrix.row($0).reduce(0, +) })
    }
  }

  @Test func `entries scaled by row and column have gradients for all three`() {
    let inputs = [
      randomMatrix(pattern.entryCount, 1, seed: 6), randomMatrix(12, 1, seed: 7),
      randomMatrix(9, 1, seed: 8),
    ]
    checkOperation(inputs) {
      $0.scaled($1[0], byRows: $1[1], columns: $1[2], at: pattern)
    } plain: { x in
      column(
        rows.indices.map {
          x[0].elements[$0] * x[1].elements[rows[$0]] * x[2].elements[columns[$0]]
        })
    }
  }

  @Test func `a learned graph, normalised by its own degrees, has a gradient through all of it`() {
    let n = 8
    var generator = SeededGenerator(seed: 9)
    let others = (0..<24).map { _ in Int32(generator.index(below: n)) }
    let own = (0..<n).map { Int32($0) }
    let graph = SparsePattern(
      rowCount: n, columnCount: n, rows: own + others.indices.map { Int32($0 % n) },
      columns: own + others)
    // All features positive, so that no degree vanishes.
    let start = randomMatrix(n, 5, seed: 10)
    let features = Matrix<Float>(
      rowCount: n, columnCount: 5, elements: start.elements.map { abs($0) + 0.2 })
    checkOperation([features, randomMatrix(n, 4, seed: 11)], tolerance: 5e-5) { tape, x in
      let unit = tape.normalizedRows(x[0])
      let cosines = tape.rowDots(unit, unit, at: graph)
      let roots = tape.inverseSquareRoot(tape.rowSums(cosines, of: graph))
      let values = tape.scaled(cosines, byRows: roots, columns: roots, at: graph)
      return tape.product(graph, values: values, x[1])
    } plain: { x in
      var matrix = Matrix<Double>(rowCount: n, columnCount: n)
      for (row, column) in zip(graph.entryRows, graph.columns) {
        let (a, b) = (x[0].row(Int(row)), x[0].row(Int(column)))
        let along = zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
        let norms = [a, b].map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
        matrix[Int(row), Int(column)] = along / norms[0] / norms[1]
      }
      let degrees = (0..<n).map { matrix.row($0).reduce(0, +) }
      for row in 0..<n {
        for column in 0..<n {
          matrix[row, column] /= (degrees[row] * degrees[column]).squareRoot()
        }
      }
      return product(matrix, x[1])
    }
  }
}
