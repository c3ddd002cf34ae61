import LinearAlgebra
import Statistics
import Testing

@Suite("QR of blocks of rows")
struct BlockedQRTests {
  @Test func `cuts tall matrices into blocks that are tall themselves`() {
    #expect(BlockedQR.blocks(rows: 4096, columns: 384).blockCount == 2)
    #expect(BlockedQR.blocks(rows: 3071, columns: 384).blockCount == 1)
    #expect(BlockedQR.blocks(rows: 1_000_000, columns: 15).blockCount == 1)
    for columns in [16, 17, 63, 64] {
      for rows in stride(from: columns, to: 80 * columns, by: 7) {
        let grid = BlockedQR.blocks(rows: rows, columns: columns)
        #expect(grid.blockCount <= 16)
        #expect((0..<grid.blockCount).allSatisfy { grid.range($0).count >= columns })
      }
    }
  }

  @Test(arguments: [(400, 20), (130, 16), (40, 40)])
  func `rebuilds the matrix from orthonormal columns and triangles`(rows: Int, columns: Int) {
    var generator = SeededGenerator(seed: UInt64(rows))
    let a = Matrix(
      rowCount: rows, columnCount: columns, elements: generator.normals(rows * columns))
    let factors = BlockedQR(a, withBases: true)
    #expect((factors.multiplied(by: factors.triangles) - a).maximumMagnitude < 1e-12)
    let same = [a, rows > columns ? a.transposed() : a].allSatisfy {
      BlockedQR($0, withBases: false).triangles == factors.triangles
    }
    #expect(same)
    for r in 0..<factors.triangles.rowCount {
      for c in 0..<r % columns { #expect(factors.triangles[r, c] == 0) }
    }
    let q = factors.multiplied(by: .identity(factors.triangles.rowCount))
    let gram = product(q, .transposed, q, .none)
    #expect((gram - .identity(gram.rowCount)).maximumMagnitude < 1e-13)
  }

  @Test func `has the same bits on any number of threads`() {
    var generator = SeededGenerator(seed: 3)
    let a = Matrix(rowCount: 900, columnCount: 24, elements: generator.normals(900 * 24))
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    let results = [1, 2, 5].map { count in
      Parallel.threadCount = count
      let factors = BlockedQR(a, withBases: true)
      return [factors.triangles, factors.multiplied(by: factors.triangles)]
    }
    #expect(results[1] == results[0])
    #expect(results[2] == results[0])
  }
}
