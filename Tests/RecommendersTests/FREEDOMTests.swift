import Autodiff
import Foundation
import LinearAlgebra
import Recommenders
import Statistics
import Testing

@Suite("FREEDOM")
struct FREEDOMTests {
  static let seed: UInt64 = 1

  static func model(
    weight: Double, dropout: Double = 0, width: Int = 4, projection: ProjectionOptions? = nil,
    epoch: Int = 1
  ) throws -> any Recommender {
    let model = try makeModel(
      "freedom",
      [
        "embedding_size": .integer(width), "reg_weight": .number(weight),
        "dropout": .number(dropout), "knn_k": .integer(TinyWorld.neighborCount),
      ], projection: projection, seed: seed)
    model.randomize()
    try model.beginEpoch(epoch)
    return model
  }

  /// The edges that the epoch keeps, from the generator that the model draws with.
  static func keptEdges(_ dropout: Double, epoch: Int) -> [(Int32, Int32)] {
    let graph = UserItemGraph(TinyWorld.input, degreeOffset: 1e-7)
    var generator = RandomStreams(seed: seed).generator(for: "edges", item: epoch)
    let count = Int(Double(graph.users.count) * (1 - dropout))
    return UserItemGraph.draw(count, weights: graph.pruningWeights(), using: &generator)
      .map { (graph.users[$0], graph.items[$0]) }
  }

  static func plain(
    weight: Double, dropout: Double = 0, epoch: Int = 1, projections: [String: Plain]? = nil
  ) -> PlainFREEDOM {
    PlainFREEDOM(
      training: TinyWorld.adjacency(
        dropout > 0 ? keptEdges(dropout, epoch: epoch) : TinyWorld.distinctPairs, offset: 1e-7),
      full: TinyWorld.adjacency(offset: 1e-7), itemGraph: TinyWorld.itemGraph,
      projections: projections, modalityWeight: weight)
  }

  @Test(arguments: [4, 20], [0.0, 0.6])
  func `loss, gradients and scores are those of the definition`(
    width: Int, dropout: Double
  ) throws {
    for epoch in 1...2 {
      checkModel(
        try Self.model(weight: 0.2, dropout: dropout, width: width, epoch: epoch),
        against: Self.plain(weight: 0.2, dropout: dropout, epoch: epoch))
    }
  }

  @Test(arguments: [4, 20], ProjectionOptions.Scope.allCases)
  func `with the plug-in, the modalities' losses are of projected features`(
    width: Int, scope: ProjectionOptions.Scope
  ) throws {
    let model = try Self.model(
      weight: 0.2, width: width,
      projection: ProjectionOptions(rank: 2, strength: 0.9, scope: scope))
    let q = try #require(model.projector).plainProjections
    let reference = Self.plain(weight: 0.2, projections: q)
    checkModel(model, against: reference)

    let parameters = model.plainParameters
    try checkProjections(
      q, of: reference.encoded(parameters, "image"), reference.encoded(parameters, "text"))
  }

  @Test func `more hops are those of the definition`() throws {
    let model = try makeModel(
      "freedom",
      [
        "embedding_size": .integer(4), "reg_weight": .number(0.2), "dropout": .number(0),
        "knn_k": .integer(3), "n_ui_layers": .integer(3), "n_mm_layers": .integer(2),
      ])
    model.randomize()
    var reference = Self.plain(weight: 0.2)
    reference.layers = (3, 2)
    checkModel(model, against: reference)
  }

  @Test func `has the parameters of Baby`() throws {
    let input = ModelInput(
      [(0, 0)], users: BabySizes.users, items: BabySizes.items,
      image: Matrix(rowCount: BabySizes.items, columnCount: 4096),
      text: Matrix(rowCount: BabySizes.items, columnCount: 384))
    // With one neighbour, the item itself, no cosine is computed.
    let model = try makeModel("freedom", ["knn_k": .integer(1)], on: input)
    #expect(model.parameters.reduce(0) { $0 + $1.tensor.count } == 33_566_528)
  }

  @Test func `starts as published: the tables uniform, the maps as PyTorch starts them`() throws {
    let model = try makeModel(
      "freedom", ["knn_k": .integer(1)], on: BabySizes.narrowInput)
    let bounds = [
      "user_embedding": 0.01754, "item_embedding": 0.02904, "image.weight": 1.0 / 64,
      "text.weight": 1 / 384.squareRoot(),
    ]
    for (name, bound) in bounds {
      let elements = model.parameter(name).tensor.matrix.elements.map(Double.init)
      #expect(abs(try #require(elements.max()) / bound - 1) < 1e-3)
      #expect(abs(try #require(sampleVariance(elements)) * 3 / (bound * bound) - 1) < 2e-2)
    }
    for (name, bound) in [("image.bias", 1.0 / 64), ("text.bias", 1 / 384.squareRoot())] {
      let elements = model.parameter(name).tensor.matrix.elements
      #expect(elements.allSatisfy { abs(Double($0)) <= bound } && Set(elements).count > 32)
    }
    #expect(model.parameter("image.features").tensor.matrix == randomMatrix(2, 4096, seed: 1))
  }

  @Test func `a user without an edge is a third of the own embedding`() throws {
    // User 6 has no edge at all; in training, others lose theirs.
    let model = try Self.model(weight: 0.2)
    let own = Plain(model.parameter("user_embedding").tensor.matrix)
    let users = Plain(model.representations().users)
    #expect(zip(users.rows[6], own.rows[6]).allSatisfy { abs($0 - $1 / 3) < 1e-6 })
    #expect(zip(users.rows[0], own.rows[0]).contains { abs($0 - $1 / 3) > 1e-3 })

    let kept = Self.keptEdges(0.8, epoch: 1)
    let lost = try #require((0..<6).first { user in !kept.contains { $0.0 == Int32(user) } })
    let pruned = try Self.model(weight: 0, dropout: 0.8)
    let items = Self.plain(weight: 0, dropout: 0.8)
      .trainingRepresentations(pruned.plainParameters).items
    let margin = (dot(own.rows[lost], items.rows[0]) - dot(own.rows[lost], items.rows[8])) / 3
    let loss = pruned.lossTerms(
      Triples(users: [Int32(lost)], positives: [0], negatives: [8]))["total"]
    #expect(abs(try #require(loss) + log(logistic(margin))) < 1e-6)
  }

  @Test func `without their loss the features and maps never move, nor does the plug-in act`()
    throws
  {
    let settings: [String: SettingValue] = [
      "embedding_size": .integer(4), "reg_weight": .number(0), "dropout": .number(0.6),
      "knn_k": .integer(3),
    ]
    let plugged = try makeModel(
      "freedom", settings, projection: ProjectionOptions(rank: 2, strength: 0.9))
    let start = plugged.plainParameters
    try plugged.train(TinyWorld.triples, steps: 6)
    for parameter in plugged.parameters {
      let isFrozen = !parameter.name.hasSuffix("embedding")
      #expect((Plain(parameter.tensor.matrix) == start[parameter.name]) == isFrozen)
    }
    let baseline = try makeModel("freedom", settings)
    try baseline.train(TinyWorld.triples, steps: 6)
    #expect(plugged.scores == baseline.scores)
    #expect(plugged.plainParameters == baseline.plainParameters)
  }

  @Test func `the plug-in at strength 0 is the baseline, bit for bit; at 0.9 it is not`() throws {
    try checkStrengthZeroIsBaseline {
      try Self.model(weight: 0.2, dropout: 0.6, projection: $0)
    }
  }

  @Test func `features do not score once the item graph is there`() throws {
    let model = try Self.model(weight: 0.2)
    let before = model.scores
    for name in ["image.features", "text.features"] {
      let tensor = model.parameter(name).tensor
      tensor.assign(randomMatrix(tensor.rowCount, tensor.columnCount, seed: 77))
    }
    #expect(model.scores == before)
  }

  @Test func `the maps' biases cancel`() throws {
    let gradients = try Self.model(weight: 0.2).gradients(TinyWorld.triples)
    for name in ["image", "text"] {
      #expect(gradients["\(name).bias"]!.elements.allSatisfy { abs($0) < 1e-6 })
      #expect(gradients["\(name).weight"]!.elements.contains { abs($0) > 1e-3 })
      #expect(gradients["\(name).features"]!.elements.contains { abs($0) > 1e-3 })
    }
  }
}
