import Autodiff
import LinearAlgebra
import Statistics
import Testing

@Suite struct SparseSelectionTests {
  /// A random graph of n nodes, some without links, and not symmetric.
  private func graph(_ n: Int, links: Int, seed: UInt64) -> SparseOperator {
    var generator = SeededGenerator(seed: seed)
    let ends = (0..<2).map { _ in
      (0..<links).map { _ in Int32.random(in: 0..<Int32(n), using: &generator) }
    }
    return SparseOperator(
      SparseMatrix(
        rowCount: n, columnCount: n, rows: ends[0], columns: ends[1],
        values: generator.normals(links).map(Float.init)))
  }

  private static let worlds: [(nodes: Int, rows: [Int32])] = [
    (5, [3]), (40, [0, 1, 5, 39]), (40, []), (40, Array(0..<40)),
    (3_000, (0..<3_000).filter { $0 % 7 == 2 || $0 > 2_000 }),
  ]

  private func expectRows(
    _ nodes: Int, _ rows: [Int32], width: Int = 70,
    whole: (Tape, SparseOperator, Tensor) -> Tensor,
    selected: (Tape, SparseSelection, Tensor) -> Tensor
  ) {
    let sparse = graph(nodes, links: 6 * nodes, seed: 1)
    let x = Parameter("x", randomMatrix(nodes, width, seed: 2))
    let found = TapeLinearTests.step([x]) { selected($0, $0.selection(rows, of: sparse), $1[0]) }
    let expected = TapeLinearTests.step([x]) {
      $0.gathered(whole($0, sparse, $1[0]), rows: rows[...])
    }
    TapeLinearTests.expectClose(found, expected)
    // Gradients that are there stay.
    let twice = TapeLinearTests.step([x]) { tape, inputs in
      let selection = tape.selection(rows, of: sparse)
      return tape.sum(
        selected(tape, selection, inputs[0]), selected(tape, selection, inputs[0]))
    }
    TapeLinearTests.expectClose(
      twice, found.map { sum in Matrix<Float>(Matrix<Double>(sum) + Matrix<Double>(sum)) })
  }

  @Test(arguments: worlds)
  func `products are those rows of the whole product`(world: (nodes: Int, rows: [Int32])) {
    expectRows(world.nodes, world.rows, whole: { $0.product($1, $2) }) { $0.product($1, $2) }
    expectRows(world.nodes, world.rows, whole: { $0.addingProduct($1, $2) }) {
      $0.addingProduct($1, $2)
    }
  }

  @Test(arguments: worlds, [LayerCombination.sum, .mean])
  func `propagation ends in those rows of the whole one`(
    world: (nodes: Int, rows: [Int32]), combination: LayerCombination
  ) {
    for layers in 0...4 {
      expectRows(
        world.nodes, world.rows, width: 64,
        whole: { $0.propagated($1, $2, layers: layers, combination: combination) },
        selected: { $0.propagated($1, $2, layers: layers, combination: combination) })
    }
  }

  @Test func `of a matrix that is not square gives its rows`() {
    let sparse = SparseOperator(
      SparseMatrix(
        rowCount: 4, columnCount: 2, rows: [0, 1, 1, 3], columns: [1, 0, 1, 0],
        values: [2, 3, 4, 5]))
    let x = Parameter("x", Matrix<Float>(rows: [[1, 10], [2, 20]]))
    let tape = Tape()
    let y = tape.product(tape.selection([1, 2, 3], of: sparse), x.tensor)
    #expect(y.matrix == Matrix(rows: [[11, 110], [0, 0], [5, 50]]))
    tape.backward(from: tape.total(y))
    #expect(x.tensor.gradientMatrix == Matrix(rows: [[8, 8], [4, 4]]))
  }
}
