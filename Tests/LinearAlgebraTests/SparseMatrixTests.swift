import LinearAlgebra
import Statistics
import Testing

@Suite struct SparseMatrixTests {
  private func random(
    rows: Int, columns: Int, entries: Int, seed: UInt64
  ) -> (sparse: SparseMatrix, dense: Matrix<Double>) {
    var generator = SeededGenerator(seed: seed)
    let places = (0..<entries).map { _ in
      (Int32(generator.index(below: rows)), Int32(generator.index(below: columns)))
    }
    let values = generator.normals(entries).map(Float.init)
    var dense = Matrix<Double>(rowCount: rows, columnCount: columns)
    for (place, value) in zip(places, values) {
      dense[Int(place.0), Int(place.1)] += Double(value)
    }
    let sparse = SparseMatrix(
      rowCount: rows, columnCount: columns, rows: places.map(\.0), columns: places.map(\.1),
      values: values)
    return (sparse, dense)
  }

  @Test func `entries at the same place add up and columns ascend`() {
    let matrix = SparseMatrix(
      rowCount: 2, columnCount: 3, rows: [1, 0, 1, 1], columns: [2, 1, 0, 2],
      values: [1, 2, 3, 4])
    #expect(matrix.rowStarts == [0, 1, 3])
    #expect(matrix.columns == [1, 0, 2])
    #expect(matrix.values == [2, 3, 5])
  }

  @Test func `the transpose of the transpose is the matrix`() {
    let (sparse, _) = random(rows: 40, columns: 30, entries: 300, seed: 1)
    #expect(sparse.transposed().transposed() == sparse)
    #expect(sparse.transposed().dense == sparse.dense.transposed())
  }

  @Test(arguments: [1, 7, 16, 64, 65, 128, 200])
  func `a product equals the dense one in double precision`(width: Int) {
    let (sparse, dense) = random(rows: 700, columns: 90, entries: 4_000, seed: 2)
    var generator = SeededGenerator(seed: 3)
    let x = Matrix(
      rowCount: 90, columnCount: width, elements: generator.normals(90 * width).map(Float.init))
    let exact = product(dense, Matrix<Double>(x))
    let difference = Matrix<Double>(product(sparse, x)) - exact
    #expect(difference.maximumMagnitude < 1e-5)
  }

  @Test func `the total is the scaled sum of addend and product`() {
    let (sparse, dense) = random(rows: 50, columns: 50, entries: 500, seed: 4)
    var generator = SeededGenerator(seed: 5)
    let x = Matrix(
      rowCount: 50, columnCount: 70, elements: generator.normals(3_500).map(Float.init))
    var total = Matrix(
      rowCount: 50, columnCount: 70, elements: generator.normals(3_500).map(Float.init))
    let sum = product(dense, Matrix<Double>(x)) + Matrix<Double>(total)
    x.elements.withUnsafeBufferPointer { x in
      total.elements.withUnsafeMutableBufferPointer { total in
        SparseKernels.multiply(
          sparse, x.baseAddress!, width: 70, total: total.baseAddress, addend: total.baseAddress,
          scale: 0.5)
      }
    }
    let expected = Matrix(
      rowCount: 50, columnCount: 70, elements: sum.elements.map { $0 / 2 })
    #expect((Matrix<Double>(total) - expected).maximumMagnitude < 1e-5)
  }
}
