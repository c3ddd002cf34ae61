import Autodiff
import Datasets
import Foundation
import LinearAlgebra
import Recommenders
import Statistics
import Testing

@Suite("LGMRec")
struct LGMRecTests {
  static let hyperedges = 3
  static let streams = RandomStreams(seed: 1)

  static func model(
    _ settings: [String: SettingValue] = [:], width: Int = 4,
    projection: ProjectionOptions? = nil, scale: Double = 0.3
  ) throws -> any Recommender {
    let own: [String: SettingValue] = [
      "embedding_size": .integer(width), "hyper_num": .integer(hyperedges),
      "keep_rate": .number(0.6), "cl_weight": .number(0.05), "reg_weight": .number(0.2),
    ]
    let model = try makeModel("lgmrec", own.merging(settings) { $1 }, projection: projection)
    model.randomize(scale: scale)
    try model.beginEpoch(1)
    return model
  }

  static func plain(
    hyperedges: Int = hyperedges, dropout: Double = 0.4, isScoringNoisy: Bool = true
  ) -> PlainLGMRec {
    let adjacency = TinyWorld.adjacency(offset: 1e-7)
    let links = adjacency.rows.prefix(TinyWorld.users).map { Array($0[TinyWorld.users...]) }
    var plain = PlainLGMRec(
      features: TinyWorld.features, interactions: Plain(links).mapped { $0 > 0 ? 1 : 0 },
      adjacency: adjacency)
    plain.training = .init(hyperedges: hyperedges, dropout: dropout) {
      streams.seed(for: $0, TinyWorld.triples.batch)
    }
    if isScoringNoisy {
      plain.scoring = .init(hyperedges: hyperedges, dropout: 0) {
        var generator = streams.generator(for: "\($0), scoring", item: 1)
        return generator.next()
      }
    }
    return plain
  }

  @Test(arguments: [4, 20])
  func `loss, gradients and scores are those of the definition`(width: Int) throws {
    checkModel(try Self.model(width: width), against: Self.plain())
  }

  @Test(arguments: [(0, 0, 1), (1, 1, 3), (3, 0, 2)])
  func `other numbers of hops are those of the definition`(
    identity: Int, content: Int, hyper: Int
  ) throws {
    let model = try Self.model([
      "n_ui_layers": .integer(identity), "n_mm_layers": .integer(content),
      "n_hyper_layer": .integer(hyper),
    ])
    var reference = Self.plain()
    reference.layers = (identity, content, hyper)
    checkModel(model, against: reference)
  }

  @Test func `identity may be plain factorisation`() throws {
    let model = try Self.model(["cf_model": .text("mf")])
    var reference = Self.plain()
    reference.layers.identity = 0
    checkModel(model, against: reference)
  }

  @Test(arguments: [1, 2, 7], [0.2, 1])
  func `any number of hyperedges and any dropout are those of the definition`(
    hyperedges: Int, keepRate: Double
  ) throws {
    checkModel(
      try Self.model(["hyper_num": .integer(hyperedges), "keep_rate": .number(keepRate)]),
      against: Self.plain(hyperedges: hyperedges, dropout: 1 - keepRate))
  }

  @Test(arguments: [4, 20], ProjectionOptions.Scope.allCases)
  func `with the plug-in, content is projected and hyperedges are not`(
    width: Int, scope: ProjectionOptions.Scope
  ) throws {
    let model = try Self.model(
      width: width, projection: ProjectionOptions(rank: 2, strength: 0.9, scope: scope))
    let q = try #require(model.projector).plainProjections
    var reference = Self.plain()
    reference.projections = q
    checkModel(model, against: reference)

    let parameters = model.plainParameters
    try checkProjections(
      q, of: reference.encoded(parameters, "image"), reference.encoded(parameters, "text"))
  }

  @Test func `the plug-in at strength 0 is the baseline, bit for bit; at 0.9 it is not`() throws {
    try checkStrengthZeroIsBaseline { try Self.model(projection: $0) }
  }

  // MARK: Noise

  @Test func `every batch and every epoch's scores have noise of their own`() throws {
    let model = try Self.model()
    func loss(_ epoch: Int, _ step: Int) -> Float {
      model.loss(of: TinyWorld.triples.batch(epoch: epoch, step: step), on: Tape()).total.scalar
    }
    #expect(loss(1, 1) == loss(1, 1))
    #expect(Set([loss(1, 1), loss(1, 2), loss(2, 1), loss(2, 2)]).count == 4)
    let first = model.scores
    #expect(model.scores == first)
    try model.beginEpoch(2)
    #expect(model.scores != first)
    // A checkpoint holds the epoch, and with it the noise.
    let other = try Self.model()
    for (from, to) in zip(model.buffers, other.buffers) { to.tensor.assign(from.tensor.matrix) }
    #expect(other.scores == model.scores)
  }

  @Test func `scores may go without noise`() throws {
    let model = try Self.model(["noise_free_scoring": .flag(true)])
    checkModel(model, against: Self.plain(isScoringNoisy: false))
    let scores = model.scores
    try model.beginEpoch(2)
    #expect(model.scores == scores)
  }

  // MARK: Self-checks

  @Test func `self-check 1: shares have sum 1, and are all alike for logits that are`() throws {
    let tape = Tape()
    let logits = tape.addingGumbelNoise(
      to: Tensor(constant: randomMatrix(50, 4, seed: 1)), seed: 3)
    let shares = Plain(tape.softmax(tape.scaled(logits, by: 5)).matrix)
    #expect(shares.rows.allSatisfy { abs($0.reduce(0, +) - 1) < 1e-6 })

    let model = try Self.model(["noise_free_scoring": .flag(true), "alpha": .number(0.7)])
    for name in ["image", "text"] {
      let tensor = model.parameter("\(name).hyperedges.weight").tensor
      tensor.assign(Matrix(rowCount: tensor.rowCount, columnCount: tensor.columnCount))
    }
    // Every node belongs to every hyperedge as to any other, and gets the sum of all items.
    let items = try Self.identity(of: model).1
    let sum = items.columnMeans
    for row in try Self.global(of: model).rows {
      let expected = sum.map { 0.7 * $0 / dot(sum, sum).squareRoot() }
      #expect(zip(row, expected).allSatisfy { abs($0 - $1) < 2e-6 })
    }
  }

  @Test func `self-check 2: one hyperedge is the same for all`() throws {
    let model = try Self.model([
      "hyper_num": .integer(1), "keep_rate": .number(1), "alpha": .number(0.7),
    ])
    let global = try Self.global(of: model)
    let sum = try Self.identity(of: model).1.columnMeans
    let expected = sum.map { 0.7 * $0 / dot(sum, sum).squareRoot() }
    for row in global.rows {
      #expect(zip(row, expected).allSatisfy { abs($0 - $1) < 2e-6 })
    }
  }

  @Test func `self-check 3: without their weights the hyperedges have no part`() throws {
    let model = try Self.model(["alpha": .number(0), "cl_weight": .number(0)])
    let scores = model.scores
    let gradients = model.gradients(TinyWorld.triples)
    for name in ["image.hyperedges.weight", "text.hyperedges.weight"] {
      #expect(gradients[name]!.elements.allSatisfy { $0 == 0 })
      let tensor = model.parameter(name).tensor
      tensor.assign(randomMatrix(tensor.rowCount, tensor.columnCount, seed: 77))
    }
    #expect(model.scores == scores)
  }

  @Test func `self-check 4: has the parameters of Baby, whose features are not trained`() throws {
    let model = try makeModel("lgmrec", on: BabySizes.narrowInput)
    let features = BabySizes.items * (4096 + 384)
    #expect(model.parameters.reduce(0) { $0 + $1.tensor.count } + features == 33_584_320)
    let bounds = [
      "user_embedding": (6 / Double(64 + BabySizes.users)).squareRoot(),
      "item_embedding": (6 / Double(64 + BabySizes.items)).squareRoot(),
      "image.weight": (6.0 / 4160).squareRoot(), "text.weight": (6.0 / 448).squareRoot(),
      "image.hyperedges.weight": (6.0 / 4100).squareRoot(),
      "text.hyperedges.weight": (6.0 / 388).squareRoot(),
    ]
    #expect(bounds.count == model.parameters.count)
    for (name, bound) in bounds {
      let elements = model.parameter(name).tensor.matrix.elements.map(Double.init)
      #expect(abs(try #require(elements.max()) / bound - 1) < 2e-3)
      #expect(abs(try #require(sampleVariance(elements)) * 3 / (bound * bound) - 1) < 6e-2)
    }
  }

  @Test(.enabled(if: BabySizes.areThere))
  func `self-check 5: the first loss on Baby lies between 4.3 and 4.7`() throws {
    let input = ModelInput(
      try BabySizes.trainingPairs(), users: BabySizes.users, items: BabySizes.items,
      image: randomMatrix(BabySizes.items, 96, seed: 1),
      text: randomMatrix(BabySizes.items, 32, seed: 2))
    let model = try makeModel("lgmrec", on: input)
    let terms = model.lossTerms(BabySizes.triples(2048, seed: 3))
    #expect((4.3...4.7).contains(try #require(terms["total"])))
    // ln of all users and of all items, for every triple, about.
    let sum = 1e-4 * 2048 * (log(Double(BabySizes.users)) + log(Double(BabySizes.items)))
    #expect(abs(try #require(terms["contrastive"]) - sum) < 0.2)
  }

  @Test func `self-check 6: the gradient flows through the noisy shares`() throws {
    // That it is the right one the definition has told.
    let gradients = try Self.model().gradients(TinyWorld.triples)
    for name in ["image.hyperedges.weight", "text.hyperedges.weight", "item_embedding"] {
      #expect(gradients[name]!.elements.contains { abs($0) > 1e-4 })
    }
  }

  // MARK: Limits

  @Test func `the contrastive loss is a sum over the batch`() throws {
    func contrast(_ triples: Triples) throws -> Double {
      try #require(try Self.model().lossTerms(triples)["contrastive"])
    }
    let triples = TinyWorld.triples
    let twice = Triples(
      users: triples.users + triples.users, positives: triples.positives + triples.positives,
      negatives: triples.negatives + triples.negatives)
    #expect(try abs(contrast(twice) / contrast(triples) - 2) < 1e-5)
  }

  @Test func `a node whose every share is dropped gets nothing from the hypergraph`() throws {
    // At this rate nearly all of them are.
    let model = try Self.model(["keep_rate": .number(1e-6)])
    let terms = model.lossTerms(TinyWorld.triples)
    #expect(terms.values.allSatisfy { $0.isFinite })
    let contrast = 0.05 * Double(TinyWorld.triples.count) * (log(7.0) + log(9.0))
    #expect(abs(try #require(terms["contrastive"]) - contrast) < 1e-4)
    let gradients = model.gradients(TinyWorld.triples)
    #expect(gradients.values.allSatisfy { $0.elements.allSatisfy { $0.isFinite } })
  }

  @Test func `says what a data set lacks`() {
    checkRefusals(of: "lgmrec", title: "LGMRec")
  }

  /// C, users and items.
  private static func identity(of model: any Recommender) throws -> (Plain, Plain) {
    let p = model.plainParameters
    let all = p["user_embedding"]!.above(p["item_embedding"]!)
    return (1.0 / 3 * plainLayers(TinyWorld.adjacency(offset: 1e-7), all, 2))
      .split(after: TinyWorld.users)
  }

  /// What the hypergraphs add to users and items in scoring.
  private static func global(of model: any Recommender) throws -> Plain {
    let hyperedges = model.parameter("image.hyperedges.weight").tensor.rowCount
    let local = try Self.model(["alpha": .number(0), "hyper_num": .integer(hyperedges)])
    local.assign(model)
    let (found, without) = (model.representations(), local.representations())
    return Plain(found.users).above(Plain(found.items))
      - Plain(without.users).above(Plain(without.items))
  }
}
