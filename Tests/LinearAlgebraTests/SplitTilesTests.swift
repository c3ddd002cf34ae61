import LinearAlgebra
import Statistics
import Testing

@Suite(
  "Split tiles",
  .enabled(if: SplitTiles.areAvailable, "this processor has no tiles of 16-bit floats"))
struct SplitTilesTests {
  private func normals(_ seed: UInt64, _ rows: Int, _ columns: Int) -> Matrix<Float> {
    var generator = SeededGenerator(seed: seed)
    return Matrix(
      rowCount: rows, columnCount: columns,
      elements: generator.normals(rows * columns).map { Float($0) })
  }

  /// The product of one block of rows with another, tile × tile.
  private func block(_ left: SplitTiles, _ row: Int, _ right: SplitTiles.Block) -> Matrix<Float> {
    let strip = SplitTiles.stripWidth
    var products = [Float](repeating: .nan, count: left.tile * left.tile)
    left.multiply(row, right, into: &products)
    var result = Matrix<Float>(rowCount: left.tile, columnCount: left.tile)
    for r in 0..<left.tile {
      for c in 0..<left.tile {
        result[r, c] = products[c / strip * strip * left.tile + r * strip + c % strip]
      }
    }
    return result
  }

  @Test(arguments: [(1, 1), (5, 7), (64, 32), (130, 33), (200, 256), (257, 300), (64, 1100)])
  func `products of blocks lose no more than is said`(rows: Int, width: Int) {
    let tile = 128
    let (a, b) = (normals(UInt64(rows), rows, width), normals(UInt64(width), rows, width))
    let tiles = SplitTiles(a, rows: 0..<rows, tile: tile)
    let blocks = BlockGrid(count: rows, size: tile)
    for row in 0..<blocks.blockCount {
      for column in 0..<blocks.blockCount {
        let found = block(tiles, row, SplitTiles.right(b, rows: blocks.range(column), tile: tile))
        for r in 0..<tile {
          for c in 0..<tile {
            let (i, j) = (row * tile + r, column * tile + c)
            guard i < rows, j < rows else {
              #expect(found[r, c] == 0)
              continue
            }
            let terms = zip(a.row(i), b.row(j)).map { Double($0) * Double($1) }
            let scale = terms.reduce(0) { $0 + abs($1) }
            let roundings = 0x1p-24 * Double(3 * width).squareRoot() * 4
            let error = Double(found[r, c]) - terms.reduce(0, +)
            #expect(abs(error) <= (SplitTiles.relativeError + roundings) * scale)
          }
        }
      }
    }
  }

  @Test func `numbers of sixteen bits are multiplied exactly`() {
    var generator = SeededGenerator(seed: 5)
    let x = Matrix<Float>(
      rowCount: 64, columnCount: 70,
      elements: (0..<64 * 70).map { _ in Float(generator.index(below: 255)) - 127 })
    let found = block(
      SplitTiles(x, rows: 0..<64, tile: 64), 0, SplitTiles.right(x, rows: 0..<64, tile: 64))
    #expect(found == product(x, .none, x, .transposed))
  }

  @Test func `the elements that lose most lose no more than is said`() {
    // Just above halfway between two numbers of eight bits, with a rest that is halfway, too.
    let worst: [Float] = [1 + 0x1p-8, 1 + 0x1p-8 + 0x1p-17, 1 + 0x1p-8 - 0x1p-17, 1 - 0x1p-17]
    var greatest = 0.0
    for a in worst {
      for b in worst {
        let (x, y) = (Matrix<Float>(rows: [[a]]), Matrix<Float>(rows: [[b]]))
        let found = block(
          SplitTiles(x, rows: 0..<1, tile: 64), 0, SplitTiles.right(y, rows: 0..<1, tile: 64))
        let exact = Double(a) * Double(b)
        greatest = max(greatest, abs(Double(found[0, 0]) / exact - 1))
      }
    }
    #expect(greatest <= SplitTiles.relativeError + 0x1p-24)
    #expect(greatest > SplitTiles.relativeError / 2)
  }

  @Test func `rows from the middle of a matrix are those`() {
    let x = normals(6, 300, 40)
    let middle = SplitTiles(x, rows: 100..<230, tile: 64)
    let alone = SplitTiles(x.rows(Array(100..<230)), rows: 0..<130, tile: 64)
    let right = SplitTiles.right(x, rows: 7..<50, tile: 64)
    for row in 0..<3 { #expect(block(middle, row, right) == block(alone, row, right)) }
  }

  @Test func `the smallest elements that are promised keep their products`() {
    let least = SplitTiles.leastElement
    let x = Matrix<Float>(rows: [[least, 0], [least, 1]])
    let found = block(
      SplitTiles(x, rows: 0..<2, tile: 64), 0, SplitTiles.right(x, rows: 0..<2, tile: 64))
    #expect(found[0, 0] > 0)
    #expect(abs(found[0, 0] / (least * least) - 1) < 2e-5)
  }
}
