import Autodiff
import LinearAlgebra
import Recommenders
import Statistics
import Testing

@Suite("User–item graph")
struct UserItemGraphTests {
  private let tiny = UserItemGraph(TinyWorld.input, degreeOffset: 1e-7)

  private func edges(_ matrix: SparseMatrix, users: Int) -> Set<[Int]> {
    Set(
      zip(matrix.entryRows, matrix.columns).filter { Int($0.0) < users }
        .map { [Int($0.0), Int($0.1) - users] })
  }

  @Test(arguments: [0, 1e-7])
  func `is symmetric, bipartite and normalised by degrees`(offset: Double) {
    let graph = UserItemGraph(TinyWorld.input, degreeOffset: offset)
    let found = graph.normalizedAdjacency().matrix
    #expect(found == found.transposed())
    // The pair that is there twice counts once.
    #expect(found.entryCount == 2 * TinyWorld.distinctPairs.count)
    #expect(found.values.allSatisfy { $0 > 0 && $0 <= 1 })
    let expected = TinyWorld.adjacency(offset: offset)
    #expect((Plain(found.dense) - expected).maximumMagnitude < 1e-7)
    for row in [6, TinyWorld.users + 8] {
      #expect(found.rowStarts[row] == found.rowStarts[row + 1])
    }
  }

  @Test func `the roots of degrees are a fixed point`() {
    let dense = Plain(tiny.normalizedAdjacency().matrix.dense)
    var degrees = [Double](repeating: 0, count: 16)
    for (user, item) in TinyWorld.distinctPairs {
      degrees[Int(user)] += 1
      degrees[7 + Int(item)] += 1
    }
    let roots = degrees.map { $0.squareRoot() }
    for (found, root) in zip(dense.rows.map { dot($0, roots) }, roots) {
      #expect(abs(found - root) <= 1e-4 * root)
    }
  }

  @Test func `thinning may take every other epoch's edges all alike`() {
    // Item 0 has all users, the others one each: hub 0 loses its edges unless all are alike.
    let pairs = (0..<Int32(200)).flatMap { [($0, Int32(0)), ($0, $0 + 1)] }
    let input = ModelInput(
      userCount: 200, itemCount: 201, trainingUsers: pairs.map(\.0),
      trainingItems: pairs.map(\.1), modalities: [])
    let graph = PrunedGraph(
      UserItemGraph(input, degreeOffset: 1e-7), ratio: 0.5, alternates: true,
      RandomStreams(seed: 4))
    func hubEdges(_ epoch: Int) -> Int {
      graph.beginEpoch(epoch)
      #expect(graph.training.matrix.entryCount == 400)
      return graph.training.matrix.rowStarts[201] - graph.training.matrix.rowStarts[200]
    }
    for epoch in [1, 3, 5] { #expect(hubEdges(epoch) < 40) }
    for epoch in [2, 4, 6] { #expect((70...130).contains(hubEdges(epoch))) }
  }

  @Test func `the mean of neighbours has rows that sum to one, with or without self loops`() {
    let edges = TinyWorld.distinctPairs
    let bare = tiny.meanAdjacency().matrix.dense
    let looped = tiny.meanAdjacency(selfLoops: true).matrix.dense
    for node in 0..<16 {
      let degree = edges.count { Int($0.0) == node || 7 + Int($0.1) == node }
      #expect(abs(looped.row(node).reduce(0, +) - 1) < 1e-6)
      #expect(abs(looped[node, node] - 1 / Float(degree + 1)) < 1e-7)
      #expect(abs(bare.row(node).reduce(0, +) - (degree > 0 ? 1 : 0)) < 1e-6)
      #expect(bare[node, node] == 0)
    }
    #expect(bare[0, 7] == 1 / 3 && bare[7, 0] == 1 / 2 && looped[0, 7] == 1 / 4)
  }

  @Test func `the interactions' matrix has any value of the degrees, and a transpose`() {
    let binary = tiny.interactionMatrix { _, _ in 1 }
    #expect(binary.matrix.rowCount == 7 && binary.matrix.columnCount == 9)
    #expect(binary.matrix.entryCount == TinyWorld.distinctPairs.count)
    #expect(binary.matrix.values.allSatisfy { $0 == 1 })
    let oneSided = tiny.interactionMatrix { user, item in user + 100 * item }
    // User 0 has three items, item 0 two users.
    #expect(oneSided.matrix.dense[0, 0] == 203)
    #expect(oneSided.transposed.matrix.dense[0, 0] == 203)
    #expect(oneSided.transposed.matrix == oneSided.matrix.transposed())
    #expect(oneSided.transposed.transpose == oneSided.matrix)
    let symmetric = tiny.interactionMatrix { 1 / ($0 * $1).squareRoot() }.matrix.dense
    let whole = TinyWorld.adjacency(offset: 0)
    for user in 0..<7 {
      for item in 0..<9 {
        #expect(abs(Double(symmetric[user, item]) - whole.rows[user][7 + item]) < 1e-7)
      }
    }
  }

  @Test func `keeps as many edges as the published runs`() {
    for (edges, ratio, kept) in [
      (118_551, 0.8, 23_710), (118_551, 0.9, 11_855), (118_550, 0.8, 23_709),
      (218_409, 0.8, 43_681), (218_409, 0.9, 21_840), (197_338, 0.8, 39_467),
      (197_338, 0.9, 19_733),
    ] {
      // A complete graph's first edges.
      let items = Int32(500)
      let input = ModelInput(
        userCount: 500, itemCount: 500, trainingUsers: (0..<Int32(edges)).map { $0 / items },
        trainingItems: (0..<Int32(edges)).map { $0 % items }, modalities: [])
      let graph = UserItemGraph(input, degreeOffset: 1e-7)
      var generator = SeededGenerator(seed: 1)
      let pruned = graph.pruned(ratio, weights: graph.pruningWeights(), using: &generator)
      #expect(pruned.matrix.entryCount == 2 * kept, "\(edges) edges, \(ratio)")
    }
  }

  @Test func `what is kept are edges, normalised among themselves, anew in every epoch`() {
    let graph = PrunedGraph(tiny, ratio: 0.5, RandomStreams(seed: 3))
    let all = edges(graph.full.matrix, users: 7)
    #expect(graph.training.matrix == graph.full.matrix)
    var drawn: [Set<[Int]>] = []
    for epoch in [1, 2, 3, 1] {
      graph.beginEpoch(epoch)
      let matrix = graph.training.matrix
      let kept = edges(matrix, users: 7)
      #expect(kept.count == 7 && kept.isSubset(of: all))
      #expect(matrix == matrix.transposed())
      let expected = TinyWorld.adjacency(
        kept.map { (Int32($0[0]), Int32($0[1])) }, offset: 1e-7)
      #expect((Plain(matrix.dense) - expected).maximumMagnitude < 1e-7)
      drawn.append(kept)
    }
    #expect(drawn[0] != drawn[1] && drawn[1] != drawn[2])
    #expect(drawn[0] == drawn[3])
    #expect(graph.full.matrix == tiny.normalizedAdjacency().matrix)
  }

  @Test func `without a ratio every epoch has the whole graph`() {
    let graph = PrunedGraph(tiny, ratio: 0, RandomStreams(seed: 3))
    graph.beginEpoch(4)
    #expect(graph.training.matrix == graph.full.matrix)
  }

  @Test func `draws have the frequencies of successive sampling`() {
    let weights = [0.9, 0.5, 0.3, 0.1, 0.7]
    // P(i among two) = wᵢ/W + Σ_{j ≠ i} wⱼ/W · wᵢ/(W − wⱼ).
    let total = weights.reduce(0, +)
    let expected = weights.indices.map { i in
      weights.indices.filter { $0 != i }.reduce(weights[i] / total) {
        $0 + weights[$1] / total * weights[i] / (total - weights[$1])
      }
    }
    for (found, published) in zip(expected, [0.65, 0.43, 0.27, 0.10, 0.56]) {
      #expect(abs(found - published) < 1e-2)
    }
    var generator = SeededGenerator(seed: 4)
    var counts = [Double](repeating: 0, count: 5)
    let draws = 40_000
    for _ in 0..<draws {
      let places = UserItemGraph.draw(2, weights: weights, using: &generator)
      #expect(places.count == 2 && places[0] != places[1])
      for place in places { counts[place] += 1 }
    }
    for (count, expected) in zip(counts, expected) {
      // Four standard deviations.
      let deviation = (expected * (1 - expected) / Double(draws)).squareRoot()
      #expect(abs(count / Double(draws) - expected) < 4 * deviation)
    }
  }

  @Test func `edges between nodes of many edges are kept less often`() {
    // User 0 and item 0 have ten edges each; edges 10 and 11 join nodes of one edge each.
    var pairs: [(Int32, Int32)] = (0..<10).map { (0, $0) } + (1..<10).map { ($0, 0) }
    pairs += [(10, 10), (11, 11)]
    let graph = UserItemGraph(
      ModelInput(
        userCount: 12, itemCount: 12, trainingUsers: pairs.map(\.0),
        trainingItems: pairs.map(\.1), modalities: []), degreeOffset: 1e-7)
    let weights = graph.pruningWeights()
    #expect(abs(weights[0] - 0.1) < 1e-6 && abs(weights[19] - 1) < 1e-6)
    var generator = SeededGenerator(seed: 5)
    var counts = [Int](repeating: 0, count: pairs.count)
    for _ in 0..<4000 {
      for place in UserItemGraph.draw(5, weights: weights, using: &generator) {
        counts[place] += 1
      }
    }
    let others = counts[1..<19]
    #expect(counts[0] < others.min()! && others.max()! < min(counts[19], counts[20]))
  }

  @Test(.enabled(if: BabySizes.areThere, "needs the Baby data set"))
  func `Baby keeps 23,710 of its 118,551 edges`() throws {
    let pairs = try BabySizes.trainingPairs()
    let graph = UserItemGraph(
      ModelInput(
        userCount: BabySizes.users, itemCount: BabySizes.items, trainingUsers: pairs.map(\.0),
        trainingItems: pairs.map(\.1), modalities: []), degreeOffset: 1e-7)
    let full = graph.normalizedAdjacency().matrix
    #expect(full.entryCount == 2 * 118_551)
    let roots = Matrix(
      rowCount: graph.nodeCount, columnCount: 1,
      elements: (0..<graph.nodeCount).map {
        Float(full.rowStarts[$0 + 1] - full.rowStarts[$0]).squareRoot()
      })
    for (found, root) in zip(product(full, roots).elements, roots.elements) {
      #expect(abs(found - root) <= 1e-4 * root)
    }
    let pruned = PrunedGraph(graph, ratio: 0.8, RandomStreams(seed: 999))
    let all = edges(full, users: BabySizes.users)
    var last: Set<[Int]> = []
    for epoch in 1...2 {
      pruned.beginEpoch(epoch)
      let matrix = pruned.training.matrix
      #expect(matrix.entryCount == 47_420 && matrix == matrix.transposed())
      let kept = edges(matrix, users: BabySizes.users)
      #expect(kept.count == 23_710 && kept.isSubset(of: all) && kept != last)
      last = kept
    }
  }
}
