import Autodiff
import Datasets
import Foundation
import LinearAlgebra
import Recommenders
import Statistics
import Testing

@Suite("SAND")
struct SANDTests {
  static let seed: UInt64 = 1

  static func model(
    _ settings: [String: SettingValue] = [:], width: Int = 4,
    projection: ProjectionOptions? = nil, isRandom: Bool = true,
    on input: ModelInput = TinyWorld.input
  ) throws -> any Recommender {
    let own: [String: SettingValue] = [
      "embedding_size": .integer(width), "encoder_width": .integer(5),
      "knn_k": .integer(TinyWorld.neighborCount), "alpha_contrast": .number(0.4),
      "ureg": .number(0.3), "hidden_dim": .integer(6), "out_dim": .integer(4),
    ]
    let model = try makeModel(
      "sand", own.merging(settings) { $1 }, projection: projection, on: input, seed: seed)
    if isRandom {
      model.randomize()
      for (place, parameter) in model.bound.enumerated() {
        parameter.tensor.assign(
          randomMatrix(
            parameter.tensor.rowCount, parameter.tensor.columnCount, seed: 700 + UInt64(place)))
      }
    }
    try model.beginEpoch(1)
    return model
  }

  static func plain(_ model: any Recommender) -> PlainSAND {
    let whole = TinyWorld.adjacency(offset: 0)
    var backbone = PlainCLEAR(
      features: TinyWorld.features, training: whole, full: whole, itemGraph: TinyWorld.itemGraph,
      penalty: 0)
    backbone.projections = model.projector?.plainProjections ?? [:]
    var plain = PlainSAND(backbone: backbone)
    plain.weights = (0.4, 0.3)
    let ofBound = model.bound.map {
      (String($0.name.dropFirst("club.".count)), Plain($0.tensor.matrix))
    }
    plain.bound = ofBound.isEmpty
      ? nil : PlainBound(parameters: Dictionary(uniqueKeysWithValues: ofBound))
    for name in ["image", "text"] {
      var generator = SeededGenerator(
        seed: RandomStreams(seed: seed).seed(for: "order of \(name)", TinyWorld.triples.batch))
      plain.orders[name] = generator.permutation(TinyWorld.items).map { Int32($0) }
    }
    return plain
  }

  @Test(arguments: [4, 17])
  func `loss, gradients and scores are those of the definition`(width: Int) throws {
    let model = try Self.model(width: width)
    let reference = Self.plain(model)
    checkModel(model, against: reference)
    // A bound that is cut off at 0 would prove little.
    #expect(reference.distance(model.plainParameters) > 0.1)
  }

  @Test func `the halves' squared distance may stand in for the bound`() throws {
    let model = try Self.model(["distancing": .text("negative_l2")])
    #expect(model.auxiliaries.isEmpty)
    checkModel(model, against: Self.plain(model))
    // Rows of length 1 are 4/width apart at most.
    let distance = try #require(model.lossTerms(TinyWorld.triples)["distance"])
    #expect(distance < 0 && distance >= -0.3 * 4 / 4)
  }

  @Test func `with the plug-in, the branches' features are projected`() throws {
    let model = try Self.model(projection: ProjectionOptions(rank: 2, strength: 0.9))
    let reference = Self.plain(model)
    #expect(reference.backbone.projections.count == 2)
    checkModel(model, against: reference)
    #expect(model.modalityEmbeddings().map(\.before.columnCount) == [4, 4])
  }

  @Test func `settings at their limits are those of the definition`() throws {
    let model = try Self.model([
      "n_mm_layers": .integer(0), "temp": .number(1.5), "hidden_dim": .integer(1),
      "out_dim": .integer(1),
    ])
    var reference = Self.plain(model)
    var backbone = reference.backbone
    backbone.layers.item = 0
    reference = PlainSAND(
      backbone: backbone, weights: reference.weights, temperature: 1.5, bound: reference.bound,
      orders: reference.orders)
    checkModel(model, against: reference)
    let bare = try Self.model(["alpha_contrast": .number(0), "ureg": .number(0)])
    #expect(bare.auxiliaries.isEmpty)
    #expect(Set(bare.lossTerms(TinyWorld.triples).keys) == ["bpr", "total"])
  }

  @Test func `strength 0 is no plug-in, bit for bit; strength 0.9 is another model`() throws {
    func trained(_ projection: ProjectionOptions?) throws -> [Matrix<Float>] {
      try Self.model(projection: projection, isRandom: false)
        .train(TinyWorld.triples, steps: 5)
    }
    let baseline = try trained(nil)
    #expect(try trained(ProjectionOptions(rank: 2, strength: 0)) == baseline)
    #expect(try trained(ProjectionOptions(rank: 2, strength: 0.9)) != baseline)
  }

  // MARK: Self-checks

  @Test func `has the parameters of Baby, and a bound of 1104`() throws {
    let model = try makeModel("sand", on: BabySizes.narrowInput)
    #expect(model.parameters.reduce(0) { $0 + $1.tensor.count } == 20_937_258)
    #expect(model.bound.reduce(0) { $0 + $1.tensor.count } == 1104)
    for (name, columns) in [("image.separation", 4096), ("text.generic", 192)] {
      let bound = 1 / Double(columns).squareRoot()
      for part in ["weight", "bias"] {
        let values = model.parameter("\(name).\(part)").tensor.matrix.elements
        let largest = try #require(values.map { abs(Double($0)) }.max())
        #expect(largest <= bound * 1.000_000_1 && largest > 0.9 * bound)
      }
    }
  }

  @Test func `Solo starts near the logarithm of the number of items`() throws {
    let (users, items) = (50, 400)
    let pairs = (0..<Int32(items)).map { ($0 % Int32(users), $0) }
    let input = ModelInput(
      pairs, users: users, items: items, image: randomMatrix(items, 24, seed: 1),
      text: randomMatrix(items, 16, seed: 2))
    let model = try makeModel("sand", ["alpha_contrast": .number(1)], on: input)
    let triples = Triples(users: [0, 1], positives: [0, 1], negatives: [3, 4])
    let solo = try #require(model.lossTerms(triples)["contrast"])
    #expect(solo > log(Double(items)) - 0.5 && solo < log(Double(items)) + 2)
  }

  @Test func `what Solo compares has rows of length 1`() {
    var generator = SeededGenerator(seed: 2)
    let map = LinearLayer(
      "map", inputs: 12, outputs: 12, initialization: .torch, using: &generator)
    let head = ProjectionHead("head", inputs: 6, hiddenWidth: 8, width: 5, using: &generator)
    let x = Tensor(constant: randomMatrix(30, 12, seed: 3))
    let z = Plain(head(x, through: map, outputs: 0..<6, on: Tape()).matrix)
    #expect(z.rowCount == 30 && z.columnCount == 5)
    for row in z.rows { #expect(abs(dot(row, row) - 1) < 1e-5) }
  }

  @Test func `without its terms and with identities in front it is MENTOR's main branch`() throws {
    func set(_ names: [String]) -> [String: SettingValue] {
      Dictionary(uniqueKeysWithValues: names.map { ($0, .number(0)) })
    }
    let sand = try Self.model(set(["alpha_contrast", "ureg"]), isRandom: false)
    let mentor = try MENTORTests.model(
      set(["align_weight", "mask_weight_f", "mask_weight_g", "reg_weight"]), isRandom: false)
    for parameter in mentor.parameters {
      #expect(parameter.tensor.matrix == sand.parameter(parameter.name).tensor.matrix)
    }
    for name in ["image", "text"] {
      let (weight, bias) = (
        sand.parameter("\(name).separation.weight").tensor,
        sand.parameter("\(name).separation.bias").tensor
      )
      weight.assign(Matrix<Float>(Plain.identity(weight.rowCount).matrix))
      bias.assign(Matrix(rowCount: 1, columnCount: bias.columnCount))
    }
    #expect((Plain(sand.scores) - Plain(mentor.scores)).maximumMagnitude < 1e-6)
    let (found, expected) = (
      sand.gradients(TinyWorld.triples), mentor.gradients(TinyWorld.triples)
    )
    for (name, gradient) in expected {
      #expect((Plain(found[name]!) - Plain(gradient)).maximumMagnitude < 1e-6)
    }
  }

  @Test func `the main loss leaves the bound's network alone, which leaves the model alone`()
    throws
  {
    let model = try Self.model()
    let tape = Tape()
    tape.backward(from: model.loss(of: TinyWorld.triples.batch, on: tape).total)
    #expect(model.bound.allSatisfy { $0.tensor.gradient == nil })
    for parameter in model.parameters { parameter.tensor.clearGradient() }

    let objective = try #require(model.auxiliaries.first)
    #expect(objective.name == "club" && objective.moment == .after && objective.stepCount == 50)
    let own = Tape()
    own.backward(from: objective.loss(TinyWorld.triples.batch, 0, own))
    #expect(model.parameters.allSatisfy { $0.tensor.gradient == nil })
    for parameter in model.bound {
      #expect(parameter.tensor.gradientMatrix.elements.contains { $0 != 0 })
      parameter.tensor.clearGradient()
    }
  }

  @Test(arguments: [true, false])
  func `the bound is fitted to the pairs of the release, or to its own`(isReleased: Bool) throws {
    let model = try Self.model(["club_pairs": .text(isReleased ? "released" : "corrected")])
    let reference = Self.plain(model)
    let parameters = model.plainParameters
    let tape = Tape()
    _ = model.loss(of: TinyWorld.triples.batch, on: tape)
    let found = model.auxiliaries[0].loss(TinyWorld.triples.batch, 0, Tape()).scalar
    let (image, text) = (
      reference.halves(parameters, "image"), reference.halves(parameters, "text")
    )
    let pairs =
      isReleased
      ? [(text.generic, image.generic), (text.unique, image.unique)]
      : [(image.generic, image.unique), (text.generic, text.unique)]
    let network = try #require(reference.bound)
    let expected = plainMean(pairs.map { network.fittingLoss($0.0, $0.1) })
    #expect(abs(Double(found) - expected) < 1e-5 * abs(expected))
  }

  @Test func `Solo is another one with the modalities exchanged`() throws {
    let exchanged = ModelInput(
      userCount: TinyWorld.users, itemCount: TinyWorld.items,
      trainingUsers: TinyWorld.pairs.map(\.0), trainingItems: TinyWorld.pairs.map(\.1),
      modalities: TinyWorld.input.modalities.reversed())
    let (model, other) = (try Self.model(), try Self.model(on: exchanged))
    for parameter in model.parameters where parameter.name.contains(".head.")
      || parameter.name.contains(".separation.")
    {
      other.parameter(parameter.name).tensor.assign(parameter.tensor.matrix)
    }
    let (first, second) = (
      model.lossTerms(TinyWorld.triples)["contrast"]!,
      other.lossTerms(TinyWorld.triples)["contrast"]!
    )
    #expect(abs(first - second) > 1e-3)
  }

  // MARK: Data and scoring

  @Test func `scores may be those of the last batch's tensors`() throws {
    let stale = try Self.model(["stale_scoring": .flag(true)])
    let expected = Self.plain(stale).representations(stale.plainParameters)
    try stale.train(TinyWorld.triples, steps: 1)
    #expect((Plain(stale.representations().users) - expected.users).maximumMagnitude < 1e-5)
    #expect((Plain(stale.representations().items) - expected.items).maximumMagnitude < 1e-5)
    #expect(stale.buffers.count == 2)
  }

  @Test func `takes any two modalities, or three, and no fewer, nor what cannot be cut`() throws {
    func input(_ names: [(String, Int)]) -> ModelInput {
      ModelInput(
        userCount: TinyWorld.users, itemCount: TinyWorld.items,
        trainingUsers: TinyWorld.pairs.map(\.0), trainingItems: TinyWorld.pairs.map(\.1),
        modalities: names.enumerated().map { place, part in
          .features(
            FeatureMatrix(
              name: part.0,
              generated: randomMatrix(TinyWorld.items, part.1, seed: UInt64(place))))
        })
    }
    for names in [[("image", 2), ("audio", 7)], [("image", 3), ("audio", 4), ("text", 6)]] {
      for pairs in ["released", "corrected"] {
        let model = try Self.model(["club_pairs": .text(pairs)], on: input(names))
        let parameters = try model.train(TinyWorld.triples, steps: 2)
        #expect(parameters.allSatisfy { $0.elements.allSatisfy(\.isFinite) })
        let tape = Tape()
        _ = model.loss(of: TinyWorld.triples.batch, on: tape)
        #expect(model.auxiliaries[0].loss(TinyWorld.triples.batch, 0, Tape()).scalar.isFinite)
      }
    }
    #expect(throws: ModelError.needsModalities(model: "SAND", count: 2, available: ["audio"])) {
      try Self.model(on: input([("audio", 4)]))
    }
    let narrow = ModelError.featuresTooNarrow(
      model: "SAND", modality: "audio", width: 1, needed: 2)
    #expect(throws: narrow) { try Self.model(on: input([("image", 4), ("audio", 1)])) }
    #expect(
      narrow.description
        == "SAND needs features of 2 columns or more, those of modality audio have 1")
  }
}

extension Recommender {
  /// The parameters of what is trained beside the model.
  fileprivate var bound: [Parameter] { auxiliaries.flatMap(\.parameters) }
}
