import Foundation
import LinearAlgebra

/// A dense matrix in double precision, as plain as can be: the references of the models are
/// written with it, and share no code with them.
struct Plain: Equatable {
  var rows: [[Double]]

  init(_ rows: [[Double]]) { self.rows = rows }

  init(_ matrix: Matrix<Double>) {
    rows = (0..<matrix.rowCount).map { Array(matrix.row($0)) }
  }

  init(_ matrix: Matrix<Float>) { self.init(Matrix<Double>(matrix)) }

  static func zeros(_ rowCount: Int, _ columnCount: Int) -> Plain {
    Plain([[Double]](repeating: [Double](repeating: 0, count: columnCount), count: rowCount))
  }

  static func identity(_ order: Int) -> Plain {
    var result = zeros(order, order)
    for i in 0..<order { result.rows[i][i] = 1 }
    return result
  }

  var rowCount: Int { rows.count }
  var columnCount: Int { rows[0].count }

  var matrix: Matrix<Double> { Matrix(rows: rows) }

  var transposed: Plain {
    Plain((0..<columnCount).map { column in rows.map { $0[column] } })
  }

  static func * (a: Plain, b: Plain) -> Plain {
    var result = zeros(a.rowCount, b.columnCount)
    for i in 0..<a.rowCount {
      for (k, x) in a.rows[i].enumerated() where x != 0 {
        for j in 0..<b.columnCount { result.rows[i][j] += x * b.rows[k][j] }
      }
    }
    return result
  }

  static func * (scale: Double, a: Plain) -> Plain { a.mapped { scale * $0 } }

  static func + (a: Plain, b: Plain) -> Plain {
    Plain(zip(a.rows, b.rows).map { zip($0, $1).map(+) })
  }

  static func - (a: Plain, b: Plain) -> Plain { a + -1 * b }

  /// With `row` added to every row.
  func adding(_ row: [Double]) -> Plain { Plain(rows.map { zip($0, row).map(+) }) }

  func mapped(_ function: (Double) -> Double) -> Plain { Plain(rows.map { $0.map(function) }) }

  func gathered(_ indices: [Int32]) -> Plain { Plain(indices.map { rows[Int($0)] }) }

  func above(_ other: Plain) -> Plain { Plain(rows + other.rows) }

  func beside(_ other: Plain) -> Plain { Plain(zip(rows, other.rows).map { $0 + $1 }) }

  func columns(_ range: Range<Int>) -> Plain { Plain(rows.map { Array($0[range]) }) }

  func split(after count: Int) -> (Plain, Plain) {
    (Plain(Array(rows.prefix(count))), Plain(Array(rows.dropFirst(count))))
  }

  /// Every row divided by max(‖row‖, 1e-12).
  var normalizedRows: Plain {
    Plain(
      rows.map { row in
        let norm = max(dot(row, row).squareRoot(), 1e-12)
        return row.map { $0 / norm }
      })
  }

  /// Frobenius norm.
  var norm: Double { rows.reduce(0) { $0 + dot($1, $1) }.squareRoot() }

  var meanSquare: Double { norm * norm / Double(rowCount * columnCount) }

  var columnMeans: [Double] {
    transposed.rows.map { $0.reduce(0, +) / Double(rowCount) }
  }

  /// The rows without their mean.
  var centred: Plain { adding(columnMeans.map { -$0 }) }

  var maximumMagnitude: Double { rows.joined().reduce(0) { max($0, abs($1)) } }
}

func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

func logistic(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
