import Autodiff
import Datasets
import Foundation
import LinearAlgebra
import Recommenders
import Statistics
import Testing

@Suite("MMGCN")
struct MMGCNTests {
  private static func model(
    _ settings: [String: SettingValue] = [:], projection: ProjectionOptions? = nil,
    on input: ModelInput = TinyWorld.input, isRandom: Bool = true
  ) throws -> any Recommender {
    let own: [String: SettingValue] = [
      "embedding_size": .integer(4), "encoder_width": .integer(5), "reg_weight": .number(0.3),
    ]
    let model = try makeModel(
      "mmgcn", own.merging(settings) { $1 }, projection: projection, on: input)
    if isRandom { model.randomize() }
    try model.beginEpoch(1)
    return model
  }

  private static let trained = ["trains_vectors": SettingValue.flag(true)]

  /// Identities and users' vectors as every model of the same seed draws them.
  private static func frozen(_ settings: [String: SettingValue] = [:]) throws -> [String: Plain] {
    try model(settings.merging(trained) { $1 }, isRandom: false).plainParameters.filter {
      $0.key == "identity" || $0.key.hasSuffix("preference")
    }
  }

  private static func plain(_ penalty: Double = 0.3) -> PlainMMGCN {
    PlainMMGCN(
      features: TinyWorld.features,
      means: plainMeans(
        users: TinyWorld.users, items: TinyWorld.items, TinyWorld.distinctPairs),
      penalty: penalty)
  }

  @Test(arguments: [4, 20])
  func `loss, gradients and scores are those of the definition`(width: Int) throws {
    let settings = ["embedding_size": SettingValue.integer(width)]
    var reference = Self.plain()
    reference.frozen = try Self.frozen(settings)
    #expect(reference.frozen.count == 3)
    checkModel(try Self.model(settings), against: reference)
  }

  @Test func `identities and users' vectors may be trained`() throws {
    checkModel(try Self.model(Self.trained), against: Self.plain())
  }

  @Test func `one modality alone is enough`() throws {
    let input = ModelInput(
      userCount: TinyWorld.users, itemCount: TinyWorld.items,
      trainingUsers: TinyWorld.pairs.map(\.0), trainingItems: TinyWorld.pairs.map(\.1),
      modalities: [TinyWorld.input.modalities[1]])
    var reference = Self.plain()
    reference.names = ["text"]
    checkModel(try Self.model(Self.trained, on: input), against: reference)
  }

  @Test(arguments: ProjectionOptions.Scope.allCases)
  func `the plug-in projects items before rows are normalised`(
    scope: ProjectionOptions.Scope
  ) throws {
    let model = try Self.model(
      projection: ProjectionOptions(rank: 2, strength: 0.9, scope: scope))
    var reference = Self.plain()
    reference.frozen = try Self.frozen()
    reference.projections = try #require(model.projector).plainProjections
    #expect(reference.projections.count == (scope == .both ? 2 : 1))
    checkModel(model, against: reference)
    // Each modality in its own width.
    try checkProjections(
      reference.projections,
      of: reference.encoded(model.plainParameters, "image"), TinyWorld.features["text"]!)
  }

  @Test func `the plug-in at strength 0 is the baseline, bit for bit; at 0.9 it is not`() throws {
    try checkStrengthZeroIsBaseline { try Self.model(projection: $0) }
  }

  // MARK: Self-checks

  @Test func `has the trainable parameters of Baby, all of them with a gradient`() throws {
    let baby = try makeModel("mmgcn", on: BabySizes.narrowInput)
    #expect(baby.parameters.reduce(0) { $0 + $1.tensor.count } == 1_418_240)
    #expect(baby.parameters.count == 32)
    #expect(baby.parameters.filter { $0.name.hasPrefix("image") }.count == 17)

    let gradients = try Self.model().gradients(TinyWorld.triples)
    #expect(gradients.count == 32)
    for (name, gradient) in gradients {
      #expect(gradient.elements.contains { $0 != 0 }, "\(name)")
    }
  }

  @Test func `starts as published`() throws {
    let model = try makeModel("mmgcn", on: BabySizes.narrowInput)
    func expectNormal(_ name: String, variance: Double) throws {
      let values = model.parameter(name).tensor.matrix.elements.map(Double.init)
      #expect(abs(try #require(sampleVariance(values)) / variance - 1) < 5e-2, "\(name)")
      #expect(values.map(abs).max()! > 2.5 * variance.squareRoot())
    }
    func expectUniform(_ name: String, bound: Double) throws {
      let values = model.parameter(name).tensor.matrix.elements.map { abs(Double($0)) }
      #expect(values.max()! <= bound * 1.000_000_1 && values.max()! > 0.9 * bound, "\(name)")
    }
    for (name, inputs) in [("image", 256.0), ("text", 384.0)] {
      for (layer, c) in [(1, inputs), (2, 64.0), (3, 64.0)] {
        let place = "\(name).layer\(layer)"
        try expectNormal("\(place).convolution", variance: 1 / c)
        try expectNormal("\(place).skip.weight", variance: 2 / (c + 64))
        try expectUniform("\(place).skip.bias", bound: 1 / c.squareRoot())
        if layer == 1 {
          try expectNormal("\(place).combination.weight", variance: 2 / (c + 128))
        } else {
          try expectUniform("\(place).combination.weight", bound: 1 / 128.0.squareRoot())
        }
        try expectUniform("\(place).combination.bias", bound: 1 / (c + 64).squareRoot())
      }
    }
    try expectUniform("image.encoder.weight", bound: 1.0 / 64)
    try expectUniform("image.encoder.bias", bound: 1.0 / 64)
  }

  @Test func `identities stay as they were drawn, and the penalty does nothing`() throws {
    let penalized = try Self.model(["reg_weight": .number(0.1)])
    let free = try Self.model(["reg_weight": .number(0)])
    #expect(penalized.gradients(TinyWorld.triples) == free.gradients(TinyWorld.triples))
    let omega = 0.1 * Self.plain().omega(try Self.frozen(), TinyWorld.triples)
    for _ in 0..<2 {
      let (with, without) = (
        penalized.lossTerms(TinyWorld.triples), free.lossTerms(TinyWorld.triples)
      )
      #expect(abs(with["penalty"]! - omega) < 1e-7)
      #expect(abs(with["total"]! - without["total"]! - omega) < 1e-6)
      let parameters = try penalized.train(TinyWorld.triples, steps: 20)
      #expect(try free.train(TinyWorld.triples, steps: 20) == parameters)
    }
  }

  @Test(arguments: [1 as UInt64, 2])
  func `starts at ln 2 on data like Baby's, with the penalty's expected size`(
    seed: UInt64
  ) throws {
    let input = ModelInput(
      BabySizes.randomPairs(seed: seed), users: BabySizes.users, items: BabySizes.items,
      image: randomMatrix(BabySizes.items, 48, seed: seed),
      text: randomMatrix(BabySizes.items, 32, seed: seed + 10))
    let model = try makeModel("mmgcn", ["reg_weight": .number(1)], on: input, seed: seed)
    let terms = model.lossTerms(BabySizes.triples(2048, seed: seed))
    #expect(abs(terms["bpr"]! - log(2)) < 1e-3)
    let expected =
      4 / Double(BabySizes.users + BabySizes.items + 64) + 2 / Double(BabySizes.users + 256)
    #expect(abs(expected - 2.52e-4) < 1e-6)
    #expect(abs(terms["penalty"]! / expected - 1) < 0.03)
  }

  @Test func `the graph's rows sum to one and leave a constant as it is`() {
    let graph = UserItemGraph(TinyWorld.input, degreeOffset: 0)
    let means = Plain(graph.meanAdjacency().matrix.dense)
    for (node, row) in means.rows.enumerated() {
      let isolated = node == 6 || node == TinyWorld.users + 8
      #expect(abs(row.reduce(0, +) - (isolated ? 0 : 1)) < 1e-6)
      #expect(abs(dot(row, row.map { _ in 3.5 }) - (isolated ? 0 : 3.5)) < 1e-5)
    }
  }

  @Test func `scores are those of the last batch, made before its step`() throws {
    let (stale, fresh) = (
      try Self.model(), try Self.model(["stale_scoring": .flag(false)])
    )
    let before = fresh.scores
    try stale.train(TinyWorld.triples, steps: 1)
    try fresh.train(TinyWorld.triples, steps: 1)
    #expect(stale.plainParameters == fresh.plainParameters)
    #expect(stale.scores == before)
    #expect((Plain(fresh.scores) - Plain(before)).maximumMagnitude > 1e-3)
    #expect(stale.buffers.map(\.name) == ["stale.users", "stale.items"] && fresh.buffers.isEmpty)
  }

  @Test func `rows start with length one, so that a feature row's length does not matter`() throws {
    var (text, longer) = (TinyWorld.text, TinyWorld.text)
    for column in 0..<text.columnCount {
      for row in 0..<text.rowCount { longer[row, column] *= Float(row + 1) }
      // An item without any features stays one.
      (text[4, column], longer[4, column]) = (0, 0)
    }
    let scores = try [text, longer].map { text in
      try Self.model(
        on: ModelInput(
          TinyWorld.pairs, users: TinyWorld.users, items: TinyWorld.items, image: TinyWorld.image,
          text: text)
      ).scores
    }
    #expect((Plain(scores[0]) - Plain(scores[1])).maximumMagnitude < 1e-5)
    #expect(scores[0].elements.allSatisfy { $0.isFinite })
  }

  @Test func `says what a data set lacks`() {
    let none = ModelInput(
      userCount: 2, itemCount: 2, trainingUsers: [0], trainingItems: [0], modalities: [])
    #expect(throws: ModelError.needsModalities(model: "MMGCN", count: 1, available: [])) {
      try makeModel("mmgcn", on: none)
    }
    let one = ModelInput(
      userCount: 2, itemCount: 9, trainingUsers: [0], trainingItems: [0],
      modalities: [TinyWorld.input.modalities[0]])
    #expect(throws: ModelError.needsModalities(model: "MMGCN", count: 2, available: ["image"])) {
      try makeModel("mmgcn", projection: ProjectionOptions(), on: one)
    }
    #expect(throws: ModelError.needsFeatures(model: "MMGCN", modality: "text")) {
      try makeModel("mmgcn", on: TinyWorld.listsInput)
    }
    #expect(throws: ModelError.rankOutOfRange(rank: 6, width: 5)) {
      try Self.model(projection: ProjectionOptions(rank: 6))
    }
  }
}
