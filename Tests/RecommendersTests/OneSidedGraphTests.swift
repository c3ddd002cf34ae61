import Autodiff
import LinearAlgebra
import Recommenders
import Testing

@Suite("One-sided graph")
struct OneSidedGraphTests {
  @Test func `each direction is divided by the root of its own degrees`() {
    let graph = OneSidedGraph(
      userCount: TinyWorld.users, itemCount: TinyWorld.items,
      users: TinyWorld.distinctPairs.map(\.0), items: TinyWorld.distinctPairs.map(\.1))
    for (direction, rows) in [
      (graph.toUsers, TinyWorld.users), (graph.toItems, TinyWorld.items),
    ] {
      let dense = Plain(direction.matrix.dense)
      #expect(dense.rowCount == rows)
      for row in dense.rows {
        let degree = Double(row.filter { $0 != 0 }.count)
        guard degree > 0 else { continue }
        #expect(abs(dot(row, row) - 1) < 1e-6)
        #expect(abs(row.reduce(0, +) - degree.squareRoot()) < 1e-6)
      }
    }
    // User 6 and item 8 have no edge.
    #expect(Plain(graph.toUsers.matrix.dense).rows[6].allSatisfy { $0 == 0 })
    #expect(Plain(graph.toItems.matrix.dense).rows[8].allSatisfy { $0 == 0 })
    #expect(graph.toItems.matrix.dense != graph.toUsers.matrix.dense.transposed())
  }

  @Test func `an edge named twice counts twice`() {
    let graph = OneSidedGraph(userCount: 1, itemCount: 2, users: [0, 0, 0], items: [1, 0, 1])
    let root = Float(3).squareRoot()
    #expect(abs(graph.toUsers.matrix.dense[0, 0] - 1 / root) < 1e-6)
    #expect(abs(graph.toUsers.matrix.dense[0, 1] - 2 / root) < 1e-6)
    #expect(abs(graph.toItems.matrix.dense[1, 0] - Float(2).squareRoot()) < 1e-6)
  }

  @Test func `without edges everything is zero`() {
    let graph = OneSidedGraph(userCount: 2, itemCount: 3, users: [], items: [])
    let tape = Tape()
    let x = Parameter("x", randomMatrix(3, 4, seed: 1))
    let y = tape.product(graph.toUsers, x.tensor)
    #expect(y.matrix == Matrix(rowCount: 2, columnCount: 4))
    tape.backward(from: tape.total(tape.normalizedRows(y)))
    #expect(x.tensor.gradientMatrix.elements.allSatisfy { $0 == 0 })
  }
}
