import LinearAlgebra
import Statistics
import Testing

@Suite struct SparseTilesTests {
  /// Rows of which about one entry in `sparsity` is not zero.
  private func random(_ seed: UInt64, _ rows: Int, _ columns: Int, sparsity: Int) -> Matrix<Float> {
    var generator = SeededGenerator(seed: seed)
    return Matrix(
      rowCount: rows, columnCount: columns,
      elements: generator.normals(rows * columns).map {
        generator.index(below: sparsity) == 0 ? Float($0) : 0
      })
  }

  /// All strips of the product of two blocks, tile × tile.
  private func block(
    _ a: SparseTiles, _ row: Int, _ b: SparseTiles, _ column: Int
  ) -> Matrix<Float> {
    let strip = SparseTiles.stripWidth
    var result = Matrix<Float>(rowCount: a.tile, columnCount: a.tile)
    for first in stride(from: 0, to: a.tile, by: strip) {
      var products = [Float](repeating: .nan, count: a.tile * strip)
      a.multiply(row, b, column, from: first, into: &products)
      for r in 0..<a.tile {
        for c in 0..<strip { result[r, first + c] = products[r * strip + c] }
      }
    }
    return result
  }

  @Test(arguments: [(1, 40), (5, 7), (64, 128), (130, 129), (200, 300), (257, 511)])
  func `products of blocks equal the dense ones in double precision`(rows: Int, width: Int) {
    let matrix = random(UInt64(rows), rows, width, sparsity: 5)
    let tile = 128
    let tiles = SparseTiles(matrix, tile: tile)
    let exact = product(Matrix<Double>(matrix), .none, Matrix<Double>(matrix), .transposed)
    let blocks = (rows + tile - 1) / tile
    for row in 0..<blocks {
      for column in 0..<blocks {
        let found = block(tiles, row, tiles, column)
        for r in 0..<tile {
          for c in 0..<tile {
            let (i, j) = (row * tile + r, column * tile + c)
            let expected = i < rows && j < rows ? exact[i, j] : 0
            #expect(abs(Double(found[r, c]) - expected) <= 1e-4)
          }
        }
      }
    }
  }

  @Test func `a product has the same bits from either side`() {
    let a = SparseTiles(random(1, 64, 700, sparsity: 3), tile: 64)
    let b = SparseTiles(random(2, 64, 700, sparsity: 9), tile: 64)
    #expect(block(a, 0, b, 0) == block(b, 0, a, 0).transposed())
  }

  @Test func `they are worthwhile where most elements are zero`() {
    #expect(SparseTiles.isWorthwhile(for: random(3, 100, 50, sparsity: 3), tile: 128))
    #expect(!SparseTiles.isWorthwhile(for: random(4, 100, 50, sparsity: 2), tile: 128))
    #expect(!SparseTiles.isWorthwhile(for: random(5, 100, 50, sparsity: 1), tile: 128))
  }
}
