import Autodiff
import Foundation
import LinearAlgebra
import Recommenders
import Statistics
import Testing

@Suite("LayerGCN")
struct LayerGCNTests {
  static let seed: UInt64 = 1

  static func model(
    layers: Int = 3, penalty: Double = 0, dropout: Double = 0, width: Int = 4, epoch: Int = 1
  ) throws -> any Recommender {
    let model = try makeModel(
      "layergcn",
      [
        "embedding_size": .integer(width), "n_layers": .integer(layers),
        "reg_weight": .number(penalty), "dropout": .number(dropout),
      ], seed: seed)
    model.randomize()
    try model.beginEpoch(epoch)
    return model
  }

  /// The edges that the epoch keeps, from the generator that the model draws with.
  static func keptEdges(_ dropout: Double, epoch: Int) -> [(Int32, Int32)] {
    let graph = UserItemGraph(TinyWorld.input, degreeOffset: 1e-7)
    var generator = RandomStreams(seed: seed).generator(for: "edges", item: epoch)
    let weights = epoch % 2 == 1 ? graph.pruningWeights() : graph.users.map { _ in 1 }
    let count = Int(Double(graph.users.count) * (1 - dropout))
    return UserItemGraph.draw(count, weights: weights, using: &generator)
      .map { (graph.users[$0], graph.items[$0]) }
  }

  @Test(arguments: [4, 20], [1, 2, 4])
  func `loss, gradients and scores are those of the definition`(width: Int, layers: Int) throws {
    for (dropout, epoch) in [(0.0, 1), (0.4, 1), (0.4, 2)] {
      let full = TinyWorld.adjacency(offset: 1e-7)
      let training =
        dropout > 0
        ? TinyWorld.adjacency(Self.keptEdges(dropout, epoch: epoch), offset: 1e-7) : full
      checkModel(
        try Self.model(
          layers: layers, penalty: 0.3, dropout: dropout, width: width, epoch: epoch),
        against: PlainLayerGCN(training: training, full: full, layers: layers, penalty: 0.3))
    }
  }

  @Test func `a gradient that took the weights as constants would be another`() throws {
    let model = try Self.model(layers: 2)
    let found = Plain(try #require(model.gradients(TinyWorld.triples)["user_embedding"]))
    let tape = Tape()
    let (all, parameters) = Parameter.stacked(
      model.parameters.map { ($0.name, $0.tensor.matrix) })
    let adjacency = UserItemGraph(TinyWorld.input, degreeOffset: 1e-7).normalizedAdjacency()
    func gradient(isConstant: Bool) -> Plain {
      tape.begin()
      func layer(_ x: Tensor) -> Tensor {
        let h = tape.product(adjacency, x)
        let w = tape.rowDots(tape.normalizedRows(h), tape.normalizedRows(all))
        return tape.scaledRows(h, by: isConstant ? tape.detached(w) : w)
      }
      let first = layer(all)
      let sum = tape.sum(first, layer(first))
      let (users, items) = (tape.rows(0..<7, of: sum), tape.rows(7..<16, of: sum))
      let triples = TinyWorld.triples
      let loss = tape.rankingLoss(
        users: users, items: items, user: triples.users[...], positive: triples.positives[...],
        negative: triples.negatives[...], form: .natural)
      tape.backward(from: tape.scaled(loss, by: Double(triples.count)))
      defer { for parameter in parameters { parameter.tensor.clearGradient() } }
      return Plain(parameters[0].tensor.gradientMatrix)
    }
    #expect((gradient(isConstant: false) - found).maximumMagnitude < 1e-4)
    #expect((gradient(isConstant: true) - found).maximumMagnitude > 1e-2)
  }

  @Test(arguments: [1.0, -1.0])
  func `rows along their own embedding stay, against it they turn round`(sign: Double) throws {
    // Tables proportional to the roots of degrees are a fixed point of the graph; with one sign
    // for users and the other for items every row comes back turned round.
    let model = try Self.model(layers: 1)
    let direction = [0.3, -1, 2, 0.7]
    var degrees = [Double](repeating: 0, count: 16)
    for (user, item) in TinyWorld.distinctPairs {
      degrees[Int(user)] += 1
      degrees[7 + Int(item)] += 1
    }
    let rows = degrees.enumerated().map { node, degree in
      direction.map { Float((node < 7 ? 1 : sign) * degree.squareRoot() * $0) }
    }
    let (users, items) = (Matrix(rows: Array(rows[..<7])), Matrix(rows: Array(rows[7...])))
    model.parameter("user_embedding").tensor.assign(users)
    model.parameter("item_embedding").tensor.assign(items)
    // w·H is H for H = X⁽⁰⁾ and −H for H = −X⁽⁰⁾: X⁽⁰⁾ either way.
    let found = model.representations()
    #expect((Plain(found.users) - Plain(users)).maximumMagnitude < 1e-5)
    #expect((Plain(found.items) - Plain(items)).maximumMagnitude < 1e-5)
  }

  @Test func `a node without edges scores nothing, and costs ln 2 and no ranking gradient`() throws {
    let model = try Self.model()
    #expect(model.representations().users.row(6).allSatisfy { $0 == 0 })
    #expect(model.representations().items.row(8).allSatisfy { $0 == 0 })
    let triples = Triples(users: [6, 6], positives: [0, 2], negatives: [8, 3])
    #expect(abs(model.lossTerms(triples)["total"]! - 2 * log(2)) < 1e-6)
    for gradient in model.gradients(triples).values {
      #expect(gradient.elements.allSatisfy { $0 == 0 })
    }
    let penalized = try Self.model(penalty: 0.1).gradients(triples)
    #expect(penalized["user_embedding"]!.row(6).allSatisfy { $0 != 0 })
  }

  @Test func `without pruning every epoch trains on the graph that scores`() throws {
    let model = try Self.model()
    let (loss, scores) = (model.lossTerms(TinyWorld.triples), Plain(model.scores))
    let expected = (0..<TinyWorld.triples.count).reduce(0.0) { sum, b in
      let row = scores.rows[Int(TinyWorld.triples.users[b])]
      return sum
        - log(
          logistic(
            row[Int(TinyWorld.triples.positives[b])] - row[Int(TinyWorld.triples.negatives[b])]))
    }
    #expect(abs(loss["total"]! - expected) < 1e-4)
    for epoch in 2...3 {
      try model.beginEpoch(epoch)
      #expect(model.lossTerms(TinyWorld.triples) == loss && Plain(model.scores) == scores)
    }
  }

  @Test func `epochs draw by turns: odd ones keep edges between hubs less often`() throws {
    // User 0 and item 0 have ten edges each and one in common.
    let pairs: [(Int32, Int32)] = (0..<10).map { (0, $0) } + (1..<10).map { ($0, 0) }
    let input = ModelInput(
      userCount: 10, itemCount: 10, trainingUsers: pairs.map(\.0),
      trainingItems: pairs.map(\.1), modalities: [])
    let graph = PrunedGraph(
      UserItemGraph(input, degreeOffset: 1e-7), ratio: 0.5, alternates: true,
      RandomStreams(seed: 8))
    var kept = [0, 0]
    for epoch in 1...400 {
      graph.beginEpoch(epoch)
      let matrix = graph.training.matrix
      #expect(matrix == matrix.transposed() && matrix.entryCount == 2 * 9)
      let dense = Plain(matrix.dense)
      let edges = pairs.filter { dense.rows[Int($0.0)][10 + Int($0.1)] > 0 }
      #expect(edges.count == 9)
      let expected = plainAdjacency(users: 10, items: 10, edges, offset: 1e-7)
      #expect((dense - expected).maximumMagnitude < 1e-6)
      if dense.rows[0][10] > 0 { kept[epoch % 2] += 1 }
    }
    // 9 of 19 edges if all are alike: 95 of 200.
    #expect((70...120).contains(kept[0]) && kept[1] < kept[0] - 30, "\(kept)")
  }

  @Test(arguments: [1 as UInt64, 2])
  func `starts at 2048 ln 2 and at the penalty that the tables' spread implies`(
    seed: UInt64
  ) throws {
    let pairs = BabySizes.randomPairs(seed: seed)
    let input = ModelInput(
      userCount: BabySizes.users, itemCount: BabySizes.items, trainingUsers: pairs.map(\.0),
      trainingItems: pairs.map(\.1), modalities: [])
    let model = try makeModel("layergcn", ["reg_weight": .number(1)], on: input, seed: seed)
    try model.beginEpoch(1)
    let terms = model.lossTerms(BabySizes.triples(2048, seed: seed))
    #expect(abs(try #require(terms["bpr"]) - 2048 * log(2)) < 0.05)
    #expect(abs(try #require(terms["penalty"]) - 43.57) < 0.5)
    #expect(model.parameters.reduce(0) { $0 + $1.tensor.count } == 1_695_680)
  }

  @Test func `learns a small world by heart, the same way twice`() throws {
    func trained() throws -> (any Recommender, [Matrix<Float>]) {
      let model = try makeModel(
        "layergcn", OverfitTests.small.merging(["n_layers": .integer(2)]) { $1 },
        on: OverfitTests.input, seed: 3)
      return (model, try model.train(OverfitTests.triples, steps: 300, learningRate: 0.02))
    }
    let (model, parameters) = try trained()
    #expect(OverfitTests.accuracy(model) > 0.995)
    let loss = model.lossTerms(OverfitTests.triples)["bpr"]!
    #expect(loss < 0.2 * Double(OverfitTests.triples.count))
    #expect(try trained().1 == parameters)
  }

  @Test func `goes to the limits of its settings`() throws {
    // All edges dropped: every term is ln 2.
    let pruned = try Self.model(layers: 1, dropout: 0.999_999, width: 1)
    let loss = pruned.lossTerms(TinyWorld.triples)["total"]!
    #expect(abs(loss - Double(TinyWorld.triples.count) * log(2)) < 1e-5)
    #expect(pruned.scores.elements.contains { $0 != 0 })
    let deep = try Self.model(layers: 64, penalty: 1e30, width: 1)
    #expect(deep.lossTerms(TinyWorld.triples)["total"]!.isFinite)
  }
}
