import Autodiff
import LinearAlgebra
import Testing

@Suite struct SlabsTests {
  @Test(arguments: [(1, 3), (70, 9), (129, 64)])
  func `are transposed one by one, and added where that is asked for`(rows: Int, columns: Int) {
    let x = randomMatrix(2 * rows, columns, seed: 1)
    let expected = [0, rows].flatMap { x.rows($0..<$0 + rows).transposed().elements }
    var y = [Float](repeating: .nan, count: x.elements.count)
    transpose(x.elements, slabs: 2, rows: rows, columns: columns, into: &y)
    #expect(y == expected)
    transpose(x.elements, slabs: 2, rows: rows, columns: columns, into: &y, accumulates: true)
    #expect(y == expected.map { 2 * $0 })
  }

  @Test func `are columns of a matrix, one slab after another`() {
    let x = randomMatrix(300, 12, seed: 2)
    var y = [Float](repeating: 0, count: x.elements.count)
    cutIntoSlabs(x.elements, 300, 12, width: 4, slabRowCount: 300, into: &y)
    #expect(y == [0, 4, 8].flatMap { x.columns($0..<$0 + 4).elements })
  }

  @Test func `take rows to the places that are theirs`() {
    let x = randomMatrix(2, 4, seed: 3)
    var y = [Float](repeating: 0, count: 3 * 4)
    cutIntoSlabs(x.elements, 2, 4, width: 2, rows: [2, 0], slabRowCount: 3, into: &y)
    let rows = [Array(x.row(0)), Array(x.row(1))]
    #expect(y.prefix(2) == rows[1][0..<2] && y[4..<6] == rows[0][0..<2])
    #expect(y[6..<8] == rows[1][2..<4] && y[10..<12] == rows[0][2..<4])
    #expect(y[2] == 0 && y[3] == 0 && y[8] == 0 && y[9] == 0)
  }
}
