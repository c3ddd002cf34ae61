import LinearAlgebra
import Statistics
import Testing

@Suite("Matrix")
struct MatrixTests {
  let a = Matrix<Double>(rows: [[1, 2, 3], [4, 5, 6]])

  @Test func `stores rows one after another`() {
    #expect(a.elements == [1, 2, 3, 4, 5, 6])
    #expect(a.rowCount == 2)
    #expect(a.columnCount == 3)
    #expect(a[1, 0] == 4)
    #expect(Array(a.row(1)) == [4, 5, 6])
    #expect(a.column(2) == [3, 6])
    var b = a
    b[0, 1] = -2
    #expect(b.elements == [1, -2, 3, 4, 5, 6])
    #expect(a[0, 1] == 2)
  }

  @Test func `of no rows has no columns, of empty rows no elements`() {
    #expect(Matrix<Float>(rows: []).columnCount == 0)
    #expect(Matrix<Float>(rows: [[], []]).rowCount == 2)
    #expect(Matrix<Double>(rowCount: 0, columnCount: 3).transposed().rowCount == 3)
    #expect(Matrix<Double>(rowCount: 0, columnCount: 3).maximumMagnitude == 0)
  }

  @Test(arguments: [(1, 1), (5, 3), (32, 32), (33, 65), (100, 7)])
  func `transposes element by element and back`(rows: Int, columns: Int) {
    var generator = SeededGenerator(seed: 1)
    let x = Matrix(
      rowCount: rows, columnCount: columns, elements: generator.normals(rows * columns))
    let turned = x.transposed()
    for r in 0..<rows {
      for c in 0..<columns { #expect(turned[c, r] == x[r, c]) }
    }
    #expect(turned.transposed() == x)
  }

  @Test func `cuts columns and rows and stacks`() {
    #expect(a.leadingColumns(2).elements == [1, 2, 4, 5])
    #expect(a.columns(1..<3).elements == [2, 3, 5, 6])
    #expect(a.columns(1..<1).rowCount == 2)
    #expect(a.rows([1, 0, 1]).elements == [4, 5, 6, 1, 2, 3, 4, 5, 6])
    #expect(a.rows([Int]()).columnCount == 3)
    #expect(a.stacked(above: a.rows([1])).elements == [1, 2, 3, 4, 5, 6, 4, 5, 6])
  }

  @Test func `adds, subtracts and measures`() {
    #expect((a + a).elements == [2, 4, 6, 8, 10, 12])
    #expect((a - a).maximumMagnitude == 0)
    #expect((Matrix(rows: [[0.5, -7]]) as Matrix<Double>).maximumMagnitude == 7)
    #expect(a.squaredFrobeniusNorm == 91)
    #expect(Matrix<Double>.identity(3).elements == [1, 0, 0, 0, 1, 0, 0, 0, 1])
  }

  @Test func `multiplies all elements or each column by its factor`() {
    #expect(a.scaled(by: -2).elements == [-2, -4, -6, -8, -10, -12])
    #expect(a.scalingColumns(by: [1, 0, -1]).elements == [1, 0, -3, 4, 0, -6])
    #expect(Matrix<Double>(rowCount: 2, columnCount: 0).scalingColumns(by: []).elements.isEmpty)
  }

  @Test func `keeps its values between precisions, rounded where they do not fit`() {
    let narrow = Matrix<Float>(Matrix<Double>(rows: [[0.1, 2]]))
    #expect(narrow.elements == [0.1, 2])
    #expect(Matrix<Double>(narrow).elements == [Double(Float(0.1)), 2])
  }

  @Test func `stops on a place outside`() async {
    await #expect(processExitsWith: .failure) {
      _ = Matrix<Double>(rowCount: 2, columnCount: 2)[0, 2]
    }
  }
}
