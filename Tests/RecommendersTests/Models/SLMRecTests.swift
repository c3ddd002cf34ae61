import Autodiff
import Datasets
import Foundation
import LinearAlgebra
import Recommenders
import Statistics
import Testing

@Suite("SLMRec")
struct SLMRecTests {
  static func model(
    _ settings: [String: SettingValue] = [:], width: Int = 4,
    projection: ProjectionOptions? = nil, on input: ModelInput = TinyWorld.input
  ) throws -> any Recommender {
    let own: [String: SettingValue] = [
      "embedding_size": .integer(width), "temp": .number(0.5), "ssl_temp": .number(0.7),
      "ssl_alpha": .number(0.6),
    ]
    let model = try makeModel(
      "slmrec", own.merging(settings) { $1 }, projection: projection, on: input)
    model.randomize(scale: 0.3)
    try model.beginEpoch(1)
    return model
  }

  private static func plain(_ model: any Recommender) -> PlainSLMRec {
    var plain = PlainSLMRec(
      features: [("image", Plain(TinyWorld.image)), ("text", Plain(TinyWorld.text))],
      adjacency: TinyWorld.adjacency(offset: 1e-8))
    plain.projections = model.projector?.plainProjections ?? [:]
    return plain
  }

  private static let sound = randomMatrix(TinyWorld.items, 3, seed: 73)
  private static let threeModalities = ModelInput(
    userCount: TinyWorld.users, itemCount: TinyWorld.items,
    trainingUsers: TinyWorld.pairs.map(\.0), trainingItems: TinyWorld.pairs.map(\.1),
    modalities: [
      TinyWorld.input.modalities[0],
      .features(FeatureMatrix(name: "audio", generated: sound)),
      TinyWorld.input.modalities[1],
    ])

  @Test(arguments: zip([4, 4, 4, 20], [0, 1, 3, 3]))
  func `loss, gradients and scores are those of the definition`(width: Int, layers: Int) throws {
    let model = try Self.model(["n_layers": .integer(layers)], width: width)
    var reference = Self.plain(model)
    reference.layers = layers
    checkModel(model, against: reference)
  }

  @Test func `sound between image and text has its own alignment`() throws {
    let model = try Self.model(on: Self.threeModalities)
    checkModel(
      model,
      against: PlainSLMRec(
        features: [
          ("image", Plain(TinyWorld.image)), ("audio", Plain(Self.sound)),
          ("text", Plain(TinyWorld.text)),
        ], adjacency: TinyWorld.adjacency(offset: 1e-8)))
    #expect(model.parameter("fusion.users.weight").tensor.columnCount == 16)
  }

  @Test(arguments: ProjectionOptions.Scope.allCases)
  func `with the plug-in, the modalities' channels start from projected features`(
    scope: ProjectionOptions.Scope
  ) throws {
    let model = try Self.model(
      projection: ProjectionOptions(rank: 2, strength: 0.9, scope: scope))
    let reference = Self.plain(model)
    checkModel(model, against: reference)
    let parameters = model.plainParameters
    try checkProjections(
      reference.projections,
      of: reference.encoded(parameters, "image"), reference.encoded(parameters, "text"))
  }

  @Test(arguments: AdjacencyNormalization.allCases)
  func `the graph may be normalised in other ways`(normalization: AdjacencyNormalization) throws {
    let model = try Self.model(["adj_type": .text(normalization.rawValue)])
    let count = TinyWorld.users + TinyWorld.items
    let links = TinyWorld.adjacency(offset: 0).mapped { $0 > 0 ? 1 : 0 }
    func averaged(_ matrix: Plain) -> Plain {
      Plain(
        matrix.rows.map { row in
          let sum = row.reduce(0, +)
          return row.map { sum > 0 ? $0 / sum : 0 }
        })
    }
    let adjacency =
      switch normalization {
      case .pre: TinyWorld.adjacency(offset: 1e-8)
      case .plain: links
      case .norm: averaged(links + .identity(count))
      case .gcmc: averaged(links)
      case .mean: averaged(links) + .identity(count)
      }
    checkModel(
      model, against: PlainSLMRec(features: Self.plain(model).features, adjacency: adjacency))
  }

  @Test func `features have rows of norm 1, which training leaves as they are`() throws {
    // A text as wide as the image, and encoders that copy.
    let input = ModelInput(
      TinyWorld.pairs, users: TinyWorld.users, items: TinyWorld.items, image: TinyWorld.image,
      text: randomMatrix(TinyWorld.items, 6, seed: 74, scale: 30))
    let model = try Self.model(width: 6, on: input)
    try model.train(TinyWorld.triples, steps: 3)
    for name in ["image", "text"] {
      model.parameter("\(name).weight").tensor.assign(
        Matrix<Float>(Plain.identity(6).matrix))
      model.parameter("\(name).bias").tensor.assign(Matrix(rowCount: 1, columnCount: 6))
    }
    let found = model.modalityEmbeddings().map { Plain($0.before) }
    #expect((found[0] - Plain(TinyWorld.image).normalizedRows).maximumMagnitude < 1e-6)
    for row in found.flatMap(\.rows) { #expect(abs(dot(row, row) - 1) < 1e-5) }
  }

  @Test func `what no loss reads never moves, not even by weight decay`() throws {
    let unread = ["alignment.middle.target.weight", "alignment.middle.target.bias"]
    for (input, isRead) in [(TinyWorld.input, false), (Self.threeModalities, true)] {
      let model = try Self.model(on: input)
      let before = model.plainParameters
      Self.step(model)
      for parameter in model.parameters {
        let moves = isRead || !unread.contains(parameter.name)
        #expect((Plain(parameter.tensor.matrix) != before[parameter.name]) == moves)
      }
    }
  }

  @Test func `without its weight the alignment's maps get weight decay alone`() throws {
    let model = try Self.model(["ssl_alpha": .number(0)])
    let gradients = model.gradients(TinyWorld.triples)
    let before = model.plainParameters
    Self.step(model)
    for parameter in model.parameters where parameter.name.hasPrefix("alignment") {
      #expect(gradients[parameter.name]!.elements.allSatisfy { $0 == 0 })
      guard !parameter.name.hasPrefix("alignment.middle.target") else { continue }
      // Adam's first step goes by the rate against the gradient's sign, here the value's own.
      let (from, to) = (before[parameter.name]!, Plain(parameter.tensor.matrix))
      for (x, y) in zip(from.rows.joined(), to.rows.joined()) where abs(x) > 1e-2 {
        #expect(abs(x - y - (x > 0 ? 0.01 : -0.01)) < 1e-4)
      }
    }
    #expect(model.lossTerms(TinyWorld.triples)["alignment"] == 0)
  }

  @Test func `a batch of equal pairs costs the logarithm of its size for every term`() throws {
    let model = try Self.model(["ssl_alpha": .number(1)])
    let triples = Triples(
      users: Array(repeating: 2, count: 6), positives: Array(repeating: 3, count: 6),
      negatives: Array(repeating: 0, count: 6))
    let terms = model.lossTerms(triples)
    #expect(abs(terms["main"]! - log(6)) < 1e-5)
    #expect(abs(terms["alignment"]! - 2 * log(6)) < 1e-5)
  }

  @Test func `the order of the pairs and the negatives do not matter`() throws {
    let model = try Self.model()
    let triples = TinyWorld.triples
    let reversed = Triples(
      users: triples.users.reversed(), positives: triples.positives.reversed(),
      negatives: triples.positives)
    let (found, expected) = (model.lossTerms(reversed), model.lossTerms(triples))
    for (name, value) in expected { #expect(abs(found[name]! - value) < 1e-5) }
  }

  @Test func `ten times the items' fusion is another score but the same main loss`() throws {
    let model = try Self.model()
    let (loss, scores) = (model.lossTerms(TinyWorld.triples), Plain(model.scores))
    for part in ["weight", "bias"] {
      let tensor = model.parameter("fusion.items.\(part)").tensor
      tensor.assign(Matrix<Float>((10 * Plain(tensor.matrix)).matrix))
    }
    let after = model.lossTerms(TinyWorld.triples)
    #expect(abs(after["main"]! - loss["main"]!) < 1e-5)
    #expect((Plain(model.scores) - 10 * scores).maximumMagnitude < 1e-3)
  }

  @Test func `nodes without edges are a quarter of their start in every channel`() throws {
    let model = try Self.model()
    let p = model.plainParameters
    let reference = Self.plain(model)
    func fused(_ parts: [[Double]], _ name: String) -> [Double] {
      let joined = Plain([parts.flatMap { $0.map { $0 / 4 } }])
      return (joined * p["fusion.\(name).weight"]!.transposed)
        .adding(p["fusion.\(name).bias"]!.rows[0]).rows[0]
    }
    let ofUser = [[Double]](repeating: p["user_embedding"]!.rows[6], count: 3)
    let ofItem =
      [p["item_embedding"]!.rows[8]]
      + ["image", "text"].map { reference.encoded(p, $0).rows[8] }
    let found = model.representations()
    for (row, expected) in [
      (found.users.row(6), fused(ofUser, "users")), (found.items.row(8), fused(ofItem, "items")),
    ] {
      #expect(zip(row, expected).allSatisfy { abs(Double($0) - $1) < 1e-5 })
    }
  }

  @Test func `the plug-in at strength 0 is the baseline, bit for bit; at 0.9 it is not`() throws {
    try checkStrengthZeroIsBaseline { try Self.model(projection: $0) }
  }

  @Test func `scores may be those of the last batch's tensors`() throws {
    let (fresh, stale) = (
      try Self.model(), try Self.model(["stale_scoring": .flag(true)])
    )
    let before = fresh.scores
    for model in [fresh, stale] { try model.train(TinyWorld.triples, steps: 1) }
    #expect(stale.plainParameters == fresh.plainParameters)
    #expect(stale.scores == before)
    #expect((Plain(fresh.scores) - Plain(before)).maximumMagnitude > 1e-3)
    #expect(stale.buffers.count == 2 && fresh.buffers.isEmpty)
  }

  @Test func `has the parameters of Baby, started as published`() throws {
    let model = try makeModel("slmrec", on: BabySizes.narrowInput)
    #expect(model.parameters.reduce(0) { $0 + $1.tensor.count } == 2_028_032)
    let fans = [
      "user_embedding": BabySizes.users + 64, "item_embedding": BabySizes.items + 64,
      "image.weight": 4160, "text.weight": 448, "fusion.users.weight": 256,
      "fusion.items.weight": 256, "alignment.first.anchor.weight": 128,
      "alignment.middle.target.weight": 128, "alignment.last.target.weight": 96,
    ]
    for (name, fans) in fans {
      let bound = (6 / Double(fans)).squareRoot()
      let elements = model.parameter(name).tensor.matrix.elements.map(Double.init)
      #expect(abs(try #require(elements.max()) / bound - 1) < 1e-2, "\(name)")
      #expect(abs(try #require(sampleVariance(elements)) * 3 / (bound * bound) - 1) < 6e-2)
    }
    for (name, inputs) in [("image", 4096), ("fusion.users", 192), ("alignment.last.anchor", 64)] {
      let elements = model.parameter("\(name).bias").tensor.matrix.elements
      let bound = 1 / Double(inputs).squareRoot()
      #expect(elements.allSatisfy { abs(Double($0)) <= bound } && Set(elements).count > 16)
    }
  }

  @Test(arguments: [nil, ProjectionOptions(rank: 2)])
  func `learns a small world by heart, the same way twice`(projection: ProjectionOptions?) throws {
    func make() throws -> any Recommender {
      try makeModel(
        "slmrec", OverfitTests.small, projection: projection, on: OverfitTests.input, seed: 3)
    }
    /// Every pair once.
    let pairs = Triples(
      users: OverfitTests.pairs.map(\.0), positives: OverfitTests.pairs.map(\.1),
      negatives: OverfitTests.pairs.map(\.1))
    func trained() throws -> (any Recommender, [Matrix<Float>]) {
      let model = try make()
      return (model, try model.train(pairs, steps: 300, learningRate: 0.02))
    }
    let (model, parameters) = try trained()
    #expect(OverfitTests.accuracy(model) > 0.995)
    let untrained = try make()
    #expect(OverfitTests.accuracy(untrained) < 0.95)
    // The 20 pairs of a user's block cannot be told apart; the 40 others can.
    let loss = model.lossTerms(pairs)["main"]!
    #expect(loss < log(20) + 0.1 && loss < untrained.lossTerms(pairs)["main"]! - 0.5)
    #expect(try trained().1 == parameters)
  }

  @Test func `goes to the limits of its settings`() throws {
    for settings: [String: SettingValue] in [
      ["temp": .number(1e-6), "ssl_temp": .number(1e-6)],
      ["temp": .number(1e30), "ssl_temp": .number(1e30), "n_layers": .integer(0)],
    ] {
      let model = try Self.model(settings, width: 1)
      #expect(model.lossTerms(TinyWorld.triples)["total"]!.isFinite)
      for gradient in model.gradients(TinyWorld.triples).values {
        #expect(gradient.elements.allSatisfy { $0.isFinite })
      }
    }
    let single = Triples(users: [1], positives: [2], negatives: [0])
    #expect(abs(try Self.model().lossTerms(single)["total"]!) < 1e-6)
  }

  @Test func `says what a data set lacks`() {
    func input(_ modalities: [Modality]) -> ModelInput {
      ModelInput(
        userCount: 2, itemCount: 9, trainingUsers: [0], trainingItems: [0],
        modalities: modalities)
    }
    let image = TinyWorld.input.modalities[0]
    #expect(throws: ModelError.needsModalities(model: "SLMRec", count: 2, available: ["image"])) {
      try makeModel("slmrec", on: input([image]))
    }
    let lists = PrecomputedNeighbors(
      modality: "text", items: 9, width: 1, indices: (0..<9).map { Int32($0) },
      cosines: [Float](repeating: 1, count: 9), path: "text_knn.npy")
    #expect(throws: ModelError.needsFeatures(model: "SLMRec", modality: "text")) {
      try makeModel("slmrec", on: input([image, .neighbors(lists)]))
    }
    #expect(throws: ModelError.rankOutOfRange(rank: 5, width: 4)) {
      try Self.model(projection: ProjectionOptions(rank: 5))
    }
  }

  /// One step of Adam with the published weight decay.
  private static func step(_ model: any Recommender) {
    let optimizer = Adam(model.parameters, learningRate: 0.01, weightDecay: 1e-4)
    let tape = Tape()
    tape.backward(from: model.loss(of: TinyWorld.triples.batch, on: tape).total)
    optimizer.step()
  }
}
