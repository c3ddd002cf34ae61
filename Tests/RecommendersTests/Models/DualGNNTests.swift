import Autodiff
import Datasets
import Foundation
import LinearAlgebra
import Recommenders
import Statistics
import Testing

@Suite("DualGNN")
struct DualGNNTests {
  private static let neighbors = 4

  private static func model(
    _ settings: [String: SettingValue] = [:], projection: ProjectionOptions? = nil,
    on input: ModelInput = TinyWorld.input, isRandom: Bool = true
  ) throws -> any Recommender {
    let own: [String: SettingValue] = [
      "embedding_size": .integer(4), "encoder_width": .integer(5), "reg_weight": .number(0.3),
      "user_neighbors": .integer(neighbors),
    ]
    let model = try makeModel(
      "dualgnn", own.merging(settings) { $1 }, projection: projection, on: input)
    if isRandom { model.randomize() }
    try model.beginEpoch(1)
    return model
  }

  /// S of an epoch.
  private static func userLinks(_ count: Int = neighbors, epoch: Int = 1) -> Plain {
    var generator = RandomStreams(seed: 1).generator(for: "user links", item: epoch)
    let links = plainUserLinks(users: TinyWorld.users, TinyWorld.distinctPairs, limit: 200)
    return plainUserWeights(links, fanOut: count, using: &generator)
  }

  private static func plain(_ userLinks: Plain = userLinks()) -> PlainDualGNN {
    PlainDualGNN(
      features: TinyWorld.features, adjacency: TinyWorld.adjacency(offset: 0),
      userLinks: userLinks, penalty: 0.3)
  }

  @Test(arguments: [4, 20])
  func `loss, gradients and scores are those of the definition`(width: Int) throws {
    checkModel(
      try Self.model(["embedding_size": .integer(width)]), against: Self.plain())
  }

  @Test(arguments: [1, 2, 40])
  func `a user has so many neighbours, drawn anew for every epoch`(count: Int) throws {
    let model = try Self.model(["user_neighbors": .integer(count)])
    for epoch in 1...2 {
      try model.beginEpoch(epoch)
      checkModel(model, against: Self.plain(Self.userLinks(count, epoch: epoch)))
    }
  }

  @Test func `the first weight may act on the first modality alone`() throws {
    var reference = Self.plain()
    reference.weighsOwn = true
    checkModel(try Self.model(["user_fusion": .text("own")]), against: reference)
  }

  @Test func `a single modality has no weights`() throws {
    let input = ModelInput(
      userCount: TinyWorld.users, itemCount: TinyWorld.items,
      trainingUsers: TinyWorld.pairs.map(\.0), trainingItems: TinyWorld.pairs.map(\.1),
      modalities: [TinyWorld.input.modalities[1]])
    var reference = Self.plain()
    reference.names = ["text"]
    checkModel(try Self.model(on: input), against: reference)
  }

  @Test(arguments: ProjectionOptions.Scope.allCases)
  func `the plug-in projects items before rows are normalised`(
    scope: ProjectionOptions.Scope
  ) throws {
    let model = try Self.model(
      projection: ProjectionOptions(rank: 2, strength: 0.9, scope: scope))
    var reference = Self.plain()
    reference.projections = try #require(model.projector).plainProjections
    #expect(reference.projections.count == (scope == .both ? 2 : 1))
    checkModel(model, against: reference)
    let parameters = model.plainParameters
    try checkProjections(
      reference.projections,
      of: reference.encoded(parameters, "image"), reference.encoded(parameters, "text"))
  }

  @Test func `the plug-in at strength 0 is the baseline, bit for bit; at 0.9 it is not`() throws {
    try checkStrengthZeroIsBaseline { try Self.model(projection: $0) }
  }

  // MARK: Self-checks

  @Test func `has the parameters of Baby, started as published`() throws {
    let model = try makeModel("dualgnn", on: BabySizes.narrowInput)
    #expect(model.parameters.reduce(0) { $0 + $1.tensor.count } == 3_722_238)
    for (name, rows) in [("user_weight", BabySizes.users), ("item_weight", BabySizes.items)] {
      let weights = Plain(model.parameter(name).tensor.matrix)
      #expect(weights.rowCount == rows && weights.columnCount == 2)
      for row in weights.rows { #expect(abs(row[0] + row[1] - 1) < 1e-6) }
      // A softmax of two numbers of variance 2/(n + 2) is ½ ± a quarter of their difference.
      let deviation = (0.25 * 4 / Double(rows + 2)).squareRoot() / 2
      let found = plainMean(weights.rows.map { ($0[0] - 0.5) * ($0[0] - 0.5) }).squareRoot()
      #expect(abs(found / deviation - 1) < 0.03)
    }
    for (name, inputs) in [("image.hidden", 4096), ("text.hidden", 384), ("text.output", 256)] {
      let bound = 1 / Double(inputs).squareRoot()
      for part in ["weight", "bias"] {
        let values = model.parameter("\(name).\(part)").tensor.matrix.elements.map(Double.init)
        let largest = try #require(values.map(abs).max())
        #expect(largest <= bound * 1.000_000_1 && largest > 0.9 * bound, "\(name).\(part)")
      }
    }
    let preferences = model.parameter("image.preference").tensor.matrix.elements.map(Double.init)
    #expect(
      abs(try #require(sampleVariance(preferences)) * Double(BabySizes.users + 64) / 2 - 1) < 1e-2)
  }

  @Test func `equal scores cost exactly 1, for the logarithm is binary`() throws {
    let model = try Self.model()
    for parameter in model.parameters
    where parameter.name.contains("output") || parameter.name.contains("preference") {
      let tensor = parameter.tensor
      tensor.assign(Matrix(rowCount: tensor.rowCount, columnCount: tensor.columnCount))
    }
    #expect(model.lossTerms(TinyWorld.triples)["bpr"] == 1)
  }

  @Test(arguments: [1 as UInt64, 2])
  func `the penalty starts at half its weight, and linked pairs score above others`(
    seed: UInt64
  ) throws {
    let pairs = BabySizes.randomPairs(seed: seed)
    let input = ModelInput(
      pairs, users: BabySizes.users, items: BabySizes.items,
      image: randomMatrix(BabySizes.items, 48, seed: seed),
      text: randomMatrix(BabySizes.items, 32, seed: seed + 10))
    let model = try makeModel("dualgnn", ["reg_weight": .number(1)], on: input, seed: seed)
    try model.beginEpoch(1)
    let batch = pairs.prefix(2048)
    let terms = model.lossTerms(
      Triples(
        users: batch.map(\.0), positives: batch.map(\.1),
        negatives: BabySizes.triples(2048, seed: seed).negatives))
    #expect(abs(terms["penalty"]! - 0.5 - 4 / Double(BabySizes.users + 64)) < 5e-4)
    #expect(terms["bpr"]! < 0.9)
  }

  @Test func `the items' weights only decay, and users outside the batch learn too`() throws {
    let model = try Self.model()
    let gradients = model.gradients(TinyWorld.triples)
    let weights = Plain(model.parameter("item_weight").tensor.matrix)
    let expected = 0.3 / Double(TinyWorld.items) * weights
    #expect((Plain(gradients["item_weight"]!) - expected).maximumMagnitude < 1e-7)
    let one = Triples(users: [0], positives: [0], negatives: [8])
    for name in ["image.preference", "text.preference"] {
      let rows = Plain(model.gradients(one)[name]!).rows
      // User 1 shares item 1 with user 0; user 6 has no item.
      #expect(rows[1].contains { $0 != 0 } && rows[6].allSatisfy { $0 == 0 })
    }
  }

  @Test(arguments: ["sum", "own"])
  func `with constant weights and one modality silent, both weights act on the other`(
    fusion: String
  ) throws {
    let model = try Self.model(["user_fusion": .text(fusion)])
    func set(_ name: String, _ value: (Int) -> Float) {
      let tensor = model.parameter(name).tensor
      var matrix = tensor.matrix
      for place in matrix.elements.indices {
        matrix.elements[place] = value(place % matrix.columnCount)
      }
      tensor.assign(matrix)
    }
    for name in ["image.preference", "image.output.weight", "image.output.bias"] {
      set(name) { _ in 0 }
    }
    func users(_ first: Float, _ second: Float) -> Plain {
      set("user_weight") { $0 == 0 ? first : second }
      _ = model.loss(of: TinyWorld.triples.batch, on: Tape())
      return Plain(model.representations().users)
    }
    let text = users(0, 1)
    let expected = fusion == "sum" ? 0.7 + 0.2 : 0.2
    #expect((users(0.7, 0.2) - expected * text).maximumMagnitude < 1e-6)
  }

  @Test func `a user without neighbours is left alone`() throws {
    let model = try Self.model()
    var reference = Self.plain()
    let parameters = model.plainParameters
    _ = model.loss(of: TinyWorld.triples.batch, on: Tape())
    reference = Self.plain(Plain.zeros(TinyWorld.users, TinyWorld.users))
    let (found, alone) = (
      Plain(model.representations().users), reference.representations(parameters).users
    )
    #expect(zip(found.rows[6], alone.rows[6]).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(zip(found.rows[0], alone.rows[0]).contains { abs($0 - $1) > 1e-3 })
  }

  @Test func `scores are those of the last batch, made before its step`() throws {
    let model = try Self.model()
    let before = Self.plain().representations(model.plainParameters)
    try model.train(TinyWorld.triples, steps: 1)
    let found = model.representations()
    #expect((Plain(found.users) - before.users).maximumMagnitude < 1e-5)
    #expect((Plain(found.items) - before.items).maximumMagnitude < 1e-5)
    let after = Self.plain().representations(model.plainParameters)
    #expect((Plain(found.users) - after.users).maximumMagnitude > 1e-3)
    #expect(model.buffers.map(\.name) == ["stale.users", "stale.items"])
  }

  @Test func `says what a data set lacks`() {
    let none = ModelInput(
      userCount: 2, itemCount: 2, trainingUsers: [0], trainingItems: [0], modalities: [])
    #expect(throws: ModelError.needsModalities(model: "DualGNN", count: 1, available: [])) {
      try makeModel("dualgnn", on: none)
    }
    #expect(throws: ModelError.needsFeatures(model: "DualGNN", modality: "text")) {
      try makeModel("dualgnn", on: TinyWorld.listsInput)
    }
    #expect(throws: ModelError.rankOutOfRange(rank: 5, width: 4)) {
      try Self.model(projection: ProjectionOptions(rank: 5))
    }
  }
}
