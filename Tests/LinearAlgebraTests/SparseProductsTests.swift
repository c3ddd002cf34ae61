import LinearAlgebra
import Statistics
import Testing

@Suite struct SparseProductsTests {
  @Test(arguments: [(1, 1, 1), (64, 256, 64), (63, 255, 65), (64, 80, 70), (5, 3, 200)])
  func `a tile adds up the products of its blocks`(rows: Int, columns: Int, width: Int) {
    var generator = SeededGenerator(seed: UInt64(rows + width))
    func random(_ columns: Int, _ sparsity: Int) -> Matrix<Float> {
      Matrix(
        rowCount: 2 * rows, columnCount: columns,
        elements: generator.normals(2 * rows * columns).map {
          generator.index(below: sparsity) == 0 ? Float($0) : 0
        })
    }
    let (x, y) = (random(columns + 2, 4), random(width + 3, 1))
    let shift = generator.normals(width + 3)
    var tile = SparseProducts(columns: width)
    for block in [0..<rows, rows..<2 * rows] {
      tile.add(x, rows: block, columns: 1..<columns + 1, y, 2..<width + 2, shift: shift)
    }
    var found = Matrix<Double>(rowCount: columns, columnCount: width + 1)
    for row in 0..<columns { found[row, width] = 7 }
    tile.addSums(to: &found.elements, stride: width + 1, rows: columns)
    for i in 0..<columns {
      #expect(found[i, width] == 7)
      for j in 0..<width {
        let exact = (0..<2 * rows).reduce(0.0) {
          $0 + Double(x[$1, i + 1]) * (Double(y[$1, j + 2]) - shift[j + 2])
        }
        #expect(abs(found[i, j] - exact) < 1e-12)
      }
    }
  }
}
