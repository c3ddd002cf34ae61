import Autodiff
import Datasets
import Foundation
import LinearAlgebra
import Recommenders
import Statistics
import Testing

@Suite("BM3")
struct BM3Tests {
  static let seed: UInt64 = 1

  static func model(
    _ settings: [String: SettingValue] = [:], width: Int = 4,
    projection: ProjectionOptions? = nil, on input: ModelInput = TinyWorld.input
  ) throws -> any Recommender {
    let own: [String: SettingValue] = [
      "embedding_size": .integer(width), "reg_weight": .number(0.3), "cl_weight": .number(0.7),
    ]
    let model = try makeModel(
      "bm3", own.merging(settings) { $1 }, projection: projection, on: input, seed: seed)
    model.randomize()
    try model.beginEpoch(1)
    return model
  }

  /// The definition with the masks that the model draws for the first batch.
  private static func plain(
    _ model: any Recommender, dropout: Double = 0.5, names: [String] = ["image", "text"]
  ) -> PlainBM3 {
    let width = model.parameter("user_embedding").tensor.columnCount
    var masks: [String: Plain] = [:]
    for table in ["users", "items"] + names {
      let count = table == "users" ? TinyWorld.users : TinyWorld.items
      let ones = Matrix<Float>(rowCount: count, columnCount: width, repeating: 1)
      masks[table] = Plain(
        Tape(isRecording: false).dropout(
          Tensor(constant: ones), rate: dropout,
          seed: RandomStreams(seed: seed).seed(
            for: "dropout of \(table)", TinyWorld.triples.batch)
        ).matrix)
    }
    var plain = PlainBM3(
      names: names, adjacency: TinyWorld.adjacency(offset: 1e-7),
      fixed: model.plainParameters, masks: masks)
    plain.projections = model.projector?.plainProjections ?? [:]
    return plain
  }

  @Test(arguments: [4, 20], [0.0, 0.5])
  func `loss, gradients and scores are those of the definition`(
    width: Int, dropout: Double
  ) throws {
    let model = try Self.model(["dropout": .number(dropout)], width: width)
    checkModel(model, against: Self.plain(model, dropout: dropout))
  }

  @Test(arguments: [0, 2, 3])
  func `other numbers of hops are those of the definition`(layers: Int) throws {
    let model = try Self.model(["n_layers": .integer(layers)])
    var reference = Self.plain(model)
    reference.layers = layers
    checkModel(model, against: reference)
  }

  @Test(arguments: [4, 20], ProjectionOptions.Scope.allCases)
  func `with the plug-in, the modalities' views are of projected features`(
    width: Int, scope: ProjectionOptions.Scope
  ) throws {
    let model = try Self.model(
      width: width, projection: ProjectionOptions(rank: 2, strength: 0.9, scope: scope))
    let reference = Self.plain(model)
    checkModel(model, against: reference)
    let parameters = model.plainParameters
    try checkProjections(
      reference.projections,
      of: reference.encoded(parameters, "image"), reference.encoded(parameters, "text"))
  }

  @Test func `a missing modality contributes nothing`() throws {
    let input = ModelInput(
      userCount: TinyWorld.users, itemCount: TinyWorld.items,
      trainingUsers: TinyWorld.pairs.map(\.0), trainingItems: TinyWorld.pairs.map(\.1),
      modalities: [TinyWorld.input.modalities[1]])
    let model = try Self.model(on: input)
    checkModel(model, against: Self.plain(model, names: ["text"]))
  }

  @Test func `the modalities' losses have no gradient to users and items`() throws {
    let model = try Self.model()
    let tape = Tape()
    let loss = model.loss(of: TinyWorld.triples.batch, on: tape)
    let terms = Dictionary(uniqueKeysWithValues: loss.terms.map { ($0.name, $0.value) })
    tape.backward(from: tape.sum(terms["alignment"]!, terms["masking"]!))
    for parameter in model.parameters {
      let isReached = !parameter.name.hasSuffix("embedding")
      let gradient = parameter.tensor.gradientMatrix
      #expect(gradient.elements.contains { $0 != 0 } == isReached, "\(parameter.name)")
    }
    for parameter in model.parameters { parameter.tensor.clearGradient() }
  }

  @Test func `without dropout and with an empty predictor nothing is masked`() throws {
    let model = try Self.model(["dropout": .number(0)])
    Self.clearPredictor(of: model)
    let tape = Tape()
    let loss = model.loss(of: TinyWorld.triples.batch, on: tape)
    let masking = try #require(loss.terms.first { $0.name == "masking" }).value
    #expect(abs(masking.scalar) < 1e-6)
    tape.backward(from: masking)
    for parameter in model.parameters {
      #expect(parameter.tensor.gradientMatrix.elements.allSatisfy { abs($0) < 1e-6 })
    }
    #expect(try Self.model().lossTerms(TinyWorld.triples)["masking"]! > 0.1)
  }

  @Test func `features do not score`() throws {
    let model = try Self.model()
    let before = model.scores
    for parameter in model.parameters
    where ["image", "text"].contains(parameter.name.split(separator: ".")[0]) {
      parameter.tensor.assign(
        randomMatrix(parameter.tensor.rowCount, parameter.tensor.columnCount, seed: 77))
    }
    #expect(model.scores == before)
  }

  @Test func `with one hop an item is one and a half of itself and half its neighbours`() throws {
    let model = try Self.model()
    Self.clearPredictor(of: model)
    let (users, items) = (
      Plain(model.parameter("user_embedding").tensor.matrix),
      Plain(model.parameter("item_embedding").tensor.matrix)
    )
    let neighbors = TinyWorld.adjacency(offset: 1e-7) * users.above(items)
    let expected = 1.5 * items + 0.5 * neighbors.split(after: TinyWorld.users).1
    #expect((Plain(model.representations().items) - expected).maximumMagnitude < 1e-6)
  }

  @Test func `the penalty is on norms of whole tables, for each item`() throws {
    let input = ModelInput(
      [(0, 0)], users: 2, items: 3, image: randomMatrix(3, 4, seed: 1),
      text: randomMatrix(3, 5, seed: 2))
    let model = try makeModel(
      "bm3", ["n_layers": .integer(0), "reg_weight": .number(1)], on: input)
    for (name, value) in [("user_embedding", Float(1)), ("item_embedding", 0.5)] {
      let tensor = model.parameter(name).tensor
      tensor.assign(
        Matrix(rowCount: tensor.rowCount, columnCount: tensor.columnCount, repeating: value))
    }
    let triples = Triples(users: [0], positives: [0], negatives: [1])
    #expect(abs(model.lossTerms(triples)["penalty"]! - 8.390) < 1e-3)
  }

  @Test func `the order of a batch and its negatives do not matter`() throws {
    let model = try Self.model()
    let triples = TinyWorld.triples
    let reversed = Triples(
      users: triples.users.reversed(), positives: triples.positives.reversed(),
      negatives: triples.positives)
    let (found, expected) = (model.lossTerms(reversed), model.lossTerms(triples))
    for (name, value) in expected { #expect(abs(found[name]! - value) < 1e-6) }
  }

  @Test func `dropout is drawn anew for every batch`() throws {
    let model = try Self.model()
    let triples = TinyWorld.triples
    func loss(epoch: Int, step: Int) -> Float {
      model.loss(
        of: Batch(
          users: triples.users[...], positives: triples.positives[...],
          negatives: triples.negatives[...], epoch: epoch, step: step), on: Tape()
      ).total.scalar
    }
    let losses = [(1, 1), (1, 2), (2, 1)].map { loss(epoch: $0, step: $1) }
    #expect(Set(losses).count == 3)
    #expect(loss(epoch: 2, step: 1) == loss(epoch: 2, step: 1))
  }

  @Test func `the plug-in at strength 0 is the baseline, bit for bit; at 0.9 it is not`() throws {
    try checkStrengthZeroIsBaseline { try Self.model(projection: $0) }
  }

  @Test func `the plug-in reaches scores through the predictor alone`() throws {
    let gradients = try [nil, ProjectionOptions(rank: 2, strength: 0.9)].map {
      try Self.model(projection: $0).gradients(TinyWorld.triples)
    }
    for name in ["user_embedding", "item_embedding"] {
      #expect(gradients[0][name] == gradients[1][name])
    }
    #expect(gradients[0]["predictor.weight"] != gradients[1]["predictor.weight"])
  }

  @Test func `has the parameters of Baby, started as published`() throws {
    let input = ModelInput(
      [(0, 0)], users: BabySizes.users, items: BabySizes.items,
      image: Matrix(rowCount: BabySizes.items, columnCount: 4096),
      text: Matrix(rowCount: BabySizes.items, columnCount: 384))
    let model = try makeModel("bm3", on: input)
    #expect(model.parameters.reduce(0) { $0 + $1.tensor.count } == 33_570_688)
    let deviations = [
      "predictor.weight": 0.125, "image.weight": (2 / 4160.0).squareRoot(),
      "text.weight": (2 / 448.0).squareRoot(),
      "user_embedding": (2 / Double(BabySizes.users + 64)).squareRoot(),
    ]
    for (name, deviation) in deviations {
      let elements = model.parameter(name).tensor.matrix.elements.map(Double.init)
      let found = try #require(sampleVariance(elements)).squareRoot()
      #expect(abs(found / deviation - 1) < 3e-2, "\(name)")
    }
    for (name, bound) in [("predictor", 1.0 / 8), ("image", 1.0 / 64)] {
      let elements = model.parameter("\(name).bias").tensor.matrix.elements
      #expect(elements.allSatisfy { abs(Double($0)) <= bound } && Set(elements).count > 32)
    }
  }

  @Test(arguments: [nil, ProjectionOptions(rank: 2)])
  func `learns a small world by heart, the same way twice`(projection: ProjectionOptions?) throws {
    func make() throws -> any Recommender {
      try makeModel(
        "bm3", OverfitTests.small, projection: projection, on: OverfitTests.input, seed: 3)
    }
    func trained() throws -> (any Recommender, [Matrix<Float>]) {
      let model = try make()
      return (model, try model.train(OverfitTests.triples, steps: 300, learningRate: 0.02))
    }
    let (model, parameters) = try trained()
    #expect(OverfitTests.accuracy(model) > 0.995)
    let untrained = try make()
    #expect(OverfitTests.accuracy(untrained) < 0.95)
    let (before, after) = (
      untrained.lossTerms(OverfitTests.triples), model.lossTerms(OverfitTests.triples)
    )
    #expect(after["reconstruction"]! < 0.5 * before["reconstruction"]!)
    #expect(try trained().1 == parameters)
  }

  @Test func `goes to the limits of its settings`() throws {
    let sparse = try Self.model(["dropout": .number(0.999_999)], width: 1)
    #expect(sparse.lossTerms(TinyWorld.triples)["total"]!.isFinite)
    let without = try Self.model(["cl_weight": .number(0), "reg_weight": .number(0)])
    let terms = without.lossTerms(TinyWorld.triples)
    #expect(terms["total"] == terms["reconstruction"])
    #expect(without.gradients(TinyWorld.triples)["image.weight"]!.elements.allSatisfy { $0 == 0 })
  }

  @Test func `says what a data set lacks`() {
    func input(_ modalities: [Modality]) -> ModelInput {
      ModelInput(
        userCount: 2, itemCount: 9, trainingUsers: [0], trainingItems: [0],
        modalities: modalities)
    }
    #expect(throws: ModelError.needsModalities(model: "BM3", count: 1, available: [])) {
      try makeModel("bm3", on: input([]))
    }
    #expect(throws: ModelError.needsModalities(model: "BM3", count: 2, available: ["image"])) {
      try makeModel(
        "bm3", projection: ProjectionOptions(), on: input([TinyWorld.input.modalities[0]]))
    }
    let lists = PrecomputedNeighbors(
      modality: "image", items: 9, width: 1, indices: (0..<9).map { Int32($0) },
      cosines: [Float](repeating: 1, count: 9), path: "image_knn.npy")
    #expect(throws: ModelError.needsFeatures(model: "BM3", modality: "image")) {
      try makeModel("bm3", on: input([.neighbors(lists)]))
    }
  }

  /// Makes the predictor the identity.
  private static func clearPredictor(of model: any Recommender) {
    let weight = model.parameter("predictor.weight").tensor
    weight.assign(Matrix<Float>(Plain.identity(weight.rowCount).matrix))
    let bias = model.parameter("predictor.bias").tensor
    bias.assign(Matrix(rowCount: 1, columnCount: bias.columnCount))
  }
}
