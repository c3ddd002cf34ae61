import Autodiff
import LinearAlgebra
import Recommenders
import Testing

@Suite("Learned affinity graph")
struct LearnedAffinityGraphTests {
  private static let training = OneSidedGraph(
    userCount: 4, itemCount: 6, users: [0, 1, 2, 3], items: [0, 1, 2, 3])

  private static func graph(
    _ rule: LearnedAffinityGraph.Rule, topCount: Int = 2, period: Int = 1, stepCount: Int = 9
  ) -> LearnedAffinityGraph {
    LearnedAffinityGraph(
      "image", training: training, counts: (4, 6), rule: rule, topCount: topCount, period: period,
      batchSize: 3, stepCount: stepCount)
  }

  /// Places of the entries.
  private static func edges(_ graph: LearnedAffinityGraph) -> [[Int32]] {
    let matrix = graph.graph.toUsers.matrix
    return zip(matrix.entryRows, matrix.columns).map { [$0, $1] }
  }

  private static let users: ArraySlice<Int32> = [3, 0, 2]
  private static let items: [Int32] = [1, 2, 3, 4, 5, 0]

  @Test func `as released, items come to the users in turn and the graph is soon empty`() {
    let graph = Self.graph(.released)
    #expect(graph.edgeCount == nil && graph.graph.toUsers.matrix == Self.training.toUsers.matrix)
    graph.advance(0, users: Self.users) { _ in Self.items }
    #expect(graph.edgeCount == nil)
    graph.advance(1, users: Self.users) { _ in Self.items }
    // Items 1, 2 are the nearest of user 3, but it has 1 and 4.
    #expect(Self.edges(graph) == [[0, 2], [0, 5], [2, 0], [2, 3], [3, 1], [3, 4]])
    #expect(graph.edgeCount == 6)
    graph.advance(2, users: Self.users) { _ in Self.items }
    #expect(graph.edgeCount == 0 && Self.edges(graph).isEmpty)
  }

  @Test func `repaired, items come to their users and the graph stays`() {
    let graph = Self.graph(.repaired)
    for step in 0..<4 { graph.advance(step, users: Self.users) { _ in Self.items } }
    #expect(Self.edges(graph) == [[0, 3], [0, 4], [2, 0], [2, 5], [3, 1], [3, 2]])
  }

  @Test func `with one item each both pair alike`() {
    let graphs = LearnedAffinityGraph.Rule.allCases.map { rule in
      let graph = Self.graph(rule, topCount: 1)
      for step in 0..<2 { graph.advance(step, users: Self.users) { _ in [4, 5, 0] } }
      return Self.edges(graph)
    }
    #expect(graphs[0] == [[0, 5], [2, 0], [3, 4]] && graphs[0] == graphs[1])
  }

  @Test func `without items to record the graph is empty from the second step on`() {
    let graph = Self.graph(.released, topCount: 0)
    graph.advance(0, users: Self.users) { _ in Self.items }
    #expect(graph.edgeCount == nil)
    graph.advance(1, users: Self.users) { _ in Self.items }
    #expect(graph.edgeCount == 0)
  }

  @Test func `records outlive the epoch and add up`() {
    let graph = Self.graph(.released, topCount: 1, period: 2, stepCount: 4)
    // Steps 0 and 1 are recorded, 2 makes a graph, 3 is recorded and stays for the next epoch.
    for step in 0..<4 { graph.advance(step, users: [1]) { _ in [Int32(step)] } }
    #expect(Self.edges(graph) == [[1, 0], [1, 1]])
    graph.advance(0, users: [1]) { _ in [3] }
    graph.advance(1, users: [1]) { _ in [5] }
    graph.advance(2, users: [1]) { _ in [4] }
    #expect(Self.edges(graph) == [[1, 3], [1, 5]] && graph.edgeCount == 3)
    // Item 3 twice, item 5 once.
    let values = graph.graph.toUsers.matrix.values
    #expect(abs(values[0] / values[1] - 2) < 1e-6)
  }

  @Test func `an epoch that is too short for a graph records nothing`() {
    let graph = Self.graph(.released, period: 4, stepCount: 4)
    for _ in 0..<50 {
      for step in 0..<4 {
        graph.advance(step, users: Self.users) { _ in
          Issue.record("asked for the nearest")
          return []
        }
      }
    }
    #expect(graph.edgeCount == nil)
    #expect(graph.buffers.allSatisfy { $0.tensor.count == 2 })
  }

  @Test func `goes on from its tables`() {
    let graph = Self.graph(.released, topCount: 2, period: 2, stepCount: 8)
    for step in 0..<4 { graph.advance(step, users: Self.users) { _ in Self.items } }
    let other = Self.graph(.released, topCount: 2, period: 2, stepCount: 8)
    #expect(graph.buffers.map(\.name) == ["image.graph", "image.records"])
    for (to, from) in zip(other.buffers, graph.buffers) { to.tensor.assign(from.tensor) }
    other.synchronize()
    #expect(other.graph.toItems.matrix == graph.graph.toItems.matrix)
    for copy in [graph, other] { copy.advance(4, users: Self.users) { _ in Self.items } }
    #expect(Self.edges(other) == Self.edges(graph) && other.edgeCount == graph.edgeCount)
    // Back to where it started.
    for (to, from) in zip(other.buffers, Self.graph(.released, period: 2).buffers) {
      to.tensor.assign(from.tensor)
    }
    other.synchronize()
    #expect(other.edgeCount == nil)
    #expect(other.graph.toUsers.matrix == Self.training.toUsers.matrix)
  }
}
