import Autodiff
import Datasets
import LinearAlgebra
import Recommenders
import Statistics
import Testing

@Suite("MENTOR")
struct MENTORTests {
  static let seed: UInt64 = 1

  static func model(
    _ settings: [String: SettingValue] = [:], width: Int = 4,
    projection: ProjectionOptions? = nil, isRandom: Bool = true,
    on input: ModelInput = TinyWorld.input
  ) throws -> any Recommender {
    let own: [String: SettingValue] = [
      "embedding_size": .integer(width), "encoder_width": .integer(5), "reg_weight": .number(0.3),
      "knn_k": .integer(TinyWorld.neighborCount), "mask_weight_g": .number(0.4),
    ]
    let model = try makeModel(
      "mentor", own.merging(settings) { $1 }, projection: projection, on: input, seed: seed)
    if isRandom { model.randomize() }
    try model.beginEpoch(1)
    return model
  }

  /// Noise of a hop, dropout of a table: what the model draws for the first batch.
  private static func noise(_ branch: String, hop: Int, width: Int, radius: Double) -> Plain {
    let nodes = TinyWorld.users + TinyWorld.items
    // What is added to numbers next to nothing is all there is.
    let x = Tensor(constant: Matrix(rowCount: nodes, columnCount: width, repeating: 1e-30))
    let seed = RandomStreams(seed: seed).seed(
      for: "noise of \(branch), hop \(hop)", TinyWorld.triples.batch)
    return Plain(Tape(isRecording: false).perturbed(x, radius: radius, seed: seed).matrix)
  }

  private static func mask(_ name: String, rows: Int, width: Int, rate: Double) -> Plain {
    let x = Tensor(constant: Matrix(rowCount: rows, columnCount: width, repeating: 1))
    let seed = RandomStreams(seed: seed).seed(for: "mask of \(name)", TinyWorld.triples.batch)
    return Plain(Tape(isRecording: false).dropout(x, rate: rate, seed: seed).matrix)
  }

  /// The definition with the model's draws; MaskF sees its parameters as they are now.
  static func plain(
    _ model: any Recommender, width: Int = 4, radius: Double = 0.1, dropout: Double = 0.5,
    isMaskTrained: Bool = false
  ) throws -> PlainMENTOR {
    let whole = TinyWorld.adjacency(offset: 0)
    var backbone = PlainCLEAR(
      features: TinyWorld.features, training: whole, full: whole, itemGraph: TinyWorld.itemGraph,
      penalty: 0.3)
    backbone.projections = model.projector?.plainProjections ?? [:]
    var plain = PlainMENTOR(backbone: backbone)
    plain.weights = (0.1, 1.5, 0.4)
    for branch in ["image.view1", "image.view2", "text.view1", "text.view2"] {
      plain.noise[branch] = (1...2).map {
        noise(branch, hop: $0, width: width, radius: radius)
      }
    }
    plain.masks = (
      mask("users", rows: TinyWorld.users, width: 2 * width, rate: dropout),
      mask("items", rows: TinyWorld.items, width: 2 * width, rate: dropout)
    )
    // Only where it is trained the map is among the parameters, but it starts alike.
    let twin = try Self.model(["mask_gradient": .flag(true)], width: width, isRandom: false)
      .plainParameters
    plain.predictor = (twin["predictor.weight"]!, twin["predictor.bias"]!.rows[0])
    plain.frozen = isMaskTrained ? nil : model.plainParameters
    return plain
  }

  @Test(arguments: [4, 17])
  func `loss, gradients and scores are those of the definition`(width: Int) throws {
    let model = try Self.model(width: width)
    checkModel(model, against: try Self.plain(model, width: width))
  }

  @Test func `with the plug-in, the main branches' features are projected`() throws {
    let model = try Self.model(projection: ProjectionOptions(rank: 2, strength: 0.9))
    let reference = try Self.plain(model)
    #expect(reference.backbone.projections.count == 2)
    checkModel(model, against: reference)
    #expect(model.modalityEmbeddings().map(\.name) == ["image", "text"])
  }

  @Test func `MaskF trains its map and what it hides where that is asked for`() throws {
    let model = try Self.model(["mask_gradient": .flag(true)])
    #expect(model.parameters.suffix(2).map(\.name) == ["predictor.weight", "predictor.bias"])
    checkModel(model, against: try Self.plain(model, isMaskTrained: true))
  }

  @Test func `settings at their limits are those of the definition`() throws {
    let model = try Self.model([
      "dropout": .number(0), "noise_radius": .number(0), "n_mm_layers": .integer(2),
      "temp": .number(2),
    ])
    var reference = try Self.plain(model, radius: 0, dropout: 0)
    reference.backbone.layers.item = 2
    reference.temperature = 2
    checkModel(model, against: reference)
    for weight in ["align_weight", "mask_weight_f", "mask_weight_g", "reg_weight"] {
      let without = try Self.model([weight: .number(0)], isRandom: false)
      #expect(without.lossTerms(TinyWorld.triples).count == 5)
    }
  }

  @Test func `without its own terms it is CLEAR's backbone, bit for bit`() throws {
    let mentor = try Self.model(
      [
        "align_weight": .number(0), "mask_weight_f": .number(0), "mask_weight_g": .number(0),
      ], isRandom: false)
    let clear = try makeModel(
      "clear",
      [
        "embedding_size": .integer(4), "encoder_width": .integer(5), "reg_weight": .number(0.3),
        "knn_k": .integer(TinyWorld.neighborCount), "mlp_init": .text("torch"),
      ])
    #expect(mentor.parameters.map(\.name) == clear.parameters.map(\.name))
    #expect(
      try mentor.train(TinyWorld.triples, steps: 5) == clear.train(TinyWorld.triples, steps: 5))
    #expect(mentor.scores == clear.scores)
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

  @Test func `rows of the item graph sum to 1, with links of 0.01, 0.09 and 0.1`() throws {
    let modalities: [Modality] = [(7, 1), (5, 2)].map { width, seed in
      .features(
        FeatureMatrix(
          name: "\(seed)", generated: randomMatrix(40, width, seed: UInt64(seed))))
    }
    let graph = Plain(
      try ItemGraph.frozen(modalities, count: 10, firstWeight: 0.1).matrix.dense)
    for (item, row) in graph.rows.enumerated() {
      #expect(abs(row.reduce(0, +) - 1) < 1e-6 && abs(row[item] - 0.1) < 1e-6)
      #expect(
        row.allSatisfy { value in
          [0, 0.01, 0.09, 0.1].contains { abs($0 - value) < 1e-6 }
        })
    }
  }

  @Test func `a user's weights start with sum 1`() throws {
    let weights = try Self.model(isRandom: false).parameter("fusion_weight").tensor.matrix
    for row in Plain(weights).rows { #expect(abs(row[0] + row[1] - 1) < 1e-6) }
  }

  @Test func `equal branches without noise are equal views`() throws {
    let model = try Self.model(["noise_radius": .number(0)])
    for view in ["image.view1", "image.view2", "text.view1", "text.view2"] {
      for parameter in model.parameters where parameter.name.hasPrefix(view) {
        let own = view.prefix { $0 != "." } + parameter.name.dropFirst(view.count)
        parameter.tensor.assign(model.parameter(String(own)).tensor.matrix)
      }
    }
    let (users, items) = (
      Plain(model.representations().users), Plain(model.representations().items)
    )
    let expected =
      plainContrast(users, users, temperature: 0.2) + plainContrast(items, items, temperature: 0.2)
    let found = try #require(model.lossTerms(TinyWorld.triples)["mask_graph"])
    #expect(abs(found - 0.4 * expected) < 1e-5)
    let parameters = model.plainParameters
    let reference = try Self.plain(model, radius: 0)
    for view in 1...2 {
      #expect((reference.view(view, parameters).users - users).maximumMagnitude < 1e-5)
    }
  }

  @Test func `noise is as long as its radius, shorter where a node has nothing`() {
    var x = randomMatrix(6, 9, seed: 3)
    for column in 0..<9 { (x[4, column], x[5, column]) = (0, column < 3 ? 0 : x[5, column]) }
    let y = Tape().perturbed(Tensor(constant: x), radius: 0.1, seed: 8).matrix
    let lengths = (Plain(y) - Plain(x)).rows.map { dot($0, $0).squareRoot() }
    for length in lengths[..<4] { #expect(abs(length - 0.1) < 1e-6) }
    #expect(lengths[4] == 0 && lengths[5] < 0.1 && lengths[5] > 0.01)
  }

  /// What a term moves: gradients with it less those without it, where both have the parameter.
  private func moved(_ term: String) throws -> Set<String> {
    let model = try Self.model()
    let without = try Self.model([term: .number(0)])
    without.assign(model)
    let (all, rest) = (
      model.gradients(TinyWorld.triples), without.gradients(TinyWorld.triples)
    )
    return Set(
      all.filter { name, gradient in
        let other = rest[name] ?? Matrix(
          rowCount: gradient.rowCount, columnCount: gradient.columnCount)
        return (Plain(gradient) - Plain(other)).maximumMagnitude > 1e-6
      }.keys)
  }

  @Test func `each term moves what it should and nothing else`() throws {
    let names = try Self.model().parameters.map(\.name)
    let main = Set(
      names.filter { !$0.contains("view") && !$0.hasPrefix("guide") && $0 != "fusion_weight" })
    let guide = Set(names.filter { $0.hasPrefix("guide") })
    let views = Set(names.filter { $0.contains("view") })
    #expect(main.count == 10 && guide.count == 6 && views.count == 20)
    #expect(
      try moved("reg_weight")
        == ["image.preference", "text.preference", "fusion_weight"])
    #expect(try moved("align_weight") == main.union(guide).union(["fusion_weight"]))
    #expect(try moved("mask_weight_g") == views.union(["fusion_weight"]))
    // A constant: not even the last bit of another gradient changes.
    let (with, without) = (try Self.model(), try Self.model(["mask_weight_f": .number(0)]))
    #expect(with.gradients(TinyWorld.triples) == without.gradients(TinyWorld.triples))
    #expect(with.lossTerms(TinyWorld.triples)["mask_features"]! > 0.5)
    // Ranking alone has the main branches and the weights to move, and moves them all.
    let ranked = try Self.model([
      "reg_weight": .number(0), "mask_weight_f": .number(0), "mask_weight_g": .number(0),
      "align_weight": .number(0),
    ])
    let ofRanking = ranked.gradients(TinyWorld.triples)
    #expect(Set(ofRanking.keys) == main.union(["fusion_weight"]))
    #expect(ofRanking.values.allSatisfy { $0.elements.contains { $0 != 0 } })
  }

  @Test func `Align is 0 where all tables are one`() throws {
    let model = try Self.model()
    // With weights of 0 an encoder gives its last bias.
    for parameter in model.parameters {
      let tensor = parameter.tensor
      if parameter.name.hasSuffix("weight") {
        tensor.assign(
          Matrix(
            rowCount: tensor.rowCount, columnCount: tensor.columnCount,
            repeating: parameter.name == "fusion_weight" ? 1 : 0))
      }
      for (suffix, rows) in [("preference", TinyWorld.users), ("output.bias", 1)]
      where parameter.name.hasSuffix(suffix) {
        tensor.assign(randomMatrix(rows, 4, seed: 17))
      }
    }
    #expect(abs(model.lossTerms(TinyWorld.triples)["align"]!) < 1e-6)
    model.parameter("guide.preference").tensor.assign(randomMatrix(TinyWorld.users, 4, seed: 3))
    #expect(model.lossTerms(TinyWorld.triples)["align"]! > 1e-4)
  }

  @Test func `Align does not depend on the order of users and items`() throws {
    func reversed(_ matrix: Matrix<Float>) -> Matrix<Float> {
      Matrix(rows: (0..<matrix.rowCount).reversed().map { Array(matrix.row($0)) })
    }
    let (users, items) = (Int32(TinyWorld.users), Int32(TinyWorld.items))
    let input = ModelInput(
      TinyWorld.pairs.map { (users - 1 - $0.0, items - 1 - $0.1) }, users: TinyWorld.users,
      items: TinyWorld.items, image: reversed(TinyWorld.image), text: reversed(TinyWorld.text))
    let (model, other) = (try Self.model(), try Self.model(on: input))
    other.assign(model)
    for parameter in other.parameters
    where ["preference", "items", "fusion_weight"].contains(where: parameter.name.hasSuffix) {
      parameter.tensor.assign(reversed(parameter.tensor.matrix))
    }
    let (found, expected) = (
      other.lossTerms(TinyWorld.triples)["align"]!, model.lossTerms(TinyWorld.triples)["align"]!
    )
    #expect(abs(found - expected) < 1e-6 && expected > 1e-3)
  }

  @Test func `has the parameters of Baby`() throws {
    let model = try makeModel("mentor", on: BabySizes.narrowInput)
    #expect(model.parameters.reduce(0) { $0 + $1.tensor.count } == 12_775_402)
    for (name, columns) in [("image", 4096), ("text.view2", 384), ("guide", 64)] {
      let weight = model.parameter("\(name).hidden.weight").tensor.matrix
      #expect(weight.rowCount == 256 && weight.columnCount == columns)
      let bound = 1 / Double(columns).squareRoot()
      let largest = try #require(weight.elements.map { abs(Double($0)) }.max())
      #expect(largest <= bound * 1.000_000_1 && largest > 0.99 * bound)
    }
    let items = model.parameter("guide.items").tensor.matrix.elements.map(Double.init)
    let variance = 2 / Double(BabySizes.items + 64)
    #expect(abs(try #require(sampleVariance(items)) / variance - 1) < 1e-2)
  }

  // MARK: Data and scoring

  @Test func `scores may be those of the last batch's tensors`() throws {
    let stale = try Self.model(["stale_scoring": .flag(true)])
    let expected = try Self.plain(stale).representations(stale.plainParameters)
    try stale.train(TinyWorld.triples, steps: 1)
    #expect((Plain(stale.representations().users) - expected.users).maximumMagnitude < 1e-5)
    #expect((Plain(stale.representations().items) - expected.items).maximumMagnitude < 1e-5)
    #expect(stale.buffers.count == 2)
  }

  @Test func `takes any two modalities, or three, and no fewer`() throws {
    func input(_ names: [String]) -> ModelInput {
      ModelInput(
        userCount: TinyWorld.users, itemCount: TinyWorld.items,
        trainingUsers: TinyWorld.pairs.map(\.0), trainingItems: TinyWorld.pairs.map(\.1),
        modalities: names.enumerated().map { place, name in
          .features(
            FeatureMatrix(
              name: name,
              generated: randomMatrix(TinyWorld.items, 4 + place, seed: UInt64(place))))
        })
    }
    for names in [["image", "audio"], ["image", "audio", "text"]] {
      let model = try Self.model(on: input(names))
      let parameters = try model.train(TinyWorld.triples, steps: 2)
      #expect(parameters.allSatisfy { $0.elements.allSatisfy(\.isFinite) })
      #expect(model.representations().users.columnCount == 4 * names.count)
    }
    #expect(throws: ModelError.needsModalities(model: "MENTOR", count: 2, available: ["audio"])) {
      try Self.model(on: input(["audio"]))
    }
  }
}
