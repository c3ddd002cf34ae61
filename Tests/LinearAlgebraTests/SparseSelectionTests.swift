import LinearAlgebra
import Statistics
import Testing

@Suite("Selections of sparse matrices")
struct SparseSelectionTests {
  private let matrix: SparseMatrix

  init() {
    var generator = SeededGenerator(seed: 1)
    let (rows, columns) = (2_500, 700)
    matrix = SparseMatrix(
      rowCount: rows, columnCount: columns,
      rows: (0..<9_000).map { _ in Int32.random(in: 0..<Int32(rows), using: &generator) },
      columns: (0..<9_000).map { _ in Int32.random(in: 0..<Int32(columns), using: &generator) },
      values: generator.normals(9_000).map(Float.init))
  }

  /// The selection that `body` makes, dense: its product with the identity.
  private func dense(
    rowCount: Int, columnCount: Int, _ body: (SparseEntries) -> SparseKernels.Rows
  ) -> Matrix<Float> {
    var starts = [Int](repeating: -1, count: rowCount + 1)
    var columns = [Int32](repeating: -1, count: matrix.entryCount)
    var values = [Float](repeating: .nan, count: matrix.entryCount)
    var result = Matrix<Float>(rowCount: rowCount, columnCount: columnCount)
    starts.withUnsafeMutableBufferPointer { starts in
      columns.withUnsafeMutableBufferPointer { columns in
        values.withUnsafeMutableBufferPointer { values in
          let selected = body(
            SparseEntries(
              starts: starts.baseAddress!, columns: columns.baseAddress!,
              values: values.baseAddress!))
          #expect(selected.rowCount == rowCount)
          result.elements.withUnsafeMutableBufferPointer { target in
            SparseKernels.multiply(
              selected, Matrix<Float>.identity(columnCount).elements, width: columnCount,
              product: target.baseAddress!)
          }
        }
      }
    }
    return result
  }

  @Test func `have the listed rows`() {
    let rows = (0..<Int32(matrix.rowCount)).filter { $0 % 3 == 1 }
    let found = dense(rowCount: rows.count, columnCount: matrix.columnCount) {
      SparseKernels.select(rows: rows, of: matrix, into: $0)
    }
    #expect(found == matrix.dense.rows(rows.map(Int.init)))
  }

  @Test(arguments: [1, 5, 1_000])
  func `have the columns that have a place, there`(step: Int) {
    let kept = stride(from: 0, to: matrix.columnCount, by: step)
    var places = [Int32](repeating: -1, count: matrix.columnCount)
    for (place, column) in kept.enumerated() { places[column] = Int32(place) }
    let count = Array(kept).count
    let found = dense(rowCount: matrix.rowCount, columnCount: count) {
      SparseKernels.select(columnsWithPlaces: places, of: matrix, into: $0)
    }
    let whole = matrix.dense
    for row in 0..<matrix.rowCount {
      #expect(found.row(row).elementsEqual(kept.map { whole[row, $0] }))
    }
  }
}
