import Autodiff
import Datasets
import Foundation
import LinearAlgebra
import Recommenders
import Statistics
import Testing

@Suite("MMSSL")
struct MMSSLTests {
  private static let triples = TinyWorld.triples
  private static let batchSize = triples.count

  private static func model(
    _ settings: [String: SettingValue] = [:], projection: ProjectionOptions? = nil,
    on input: ModelInput = TinyWorld.input, isRandom: Bool = true
  ) throws -> any Recommender {
    let own: [String: SettingValue] = [
      "embedding_size": .integer(4), "reg_weight": .number(0.1),
      "feat_reg_decay": .number(0.05), "cl_rate": .number(0.3), "G_rate": .number(0.01),
      "train_batch_size": .integer(batchSize),
    ]
    let model = try makeModel(
      "mmssl", own.merging(settings) { $1 }, projection: projection, on: input)
    if isRandom { model.randomize() }
    try model.beginEpoch(1)
    return model
  }

  private static let undropped: [String: SettingValue] = [
    "drop_rate": .number(0), "G_drop1": .number(0), "G_drop2": .number(0),
  ]

  private static func seed(_ purpose: String) -> UInt64 {
    RandomStreams(seed: 1).seed(for: purpose, triples.batch)
  }

  private static let graph = plainOneSidedGraph(
    users: TinyWorld.users, items: TinyWorld.items, TinyWorld.distinctPairs)

  private static func plain(
    _ model: any Recommender, drop: (features: Double, first: Double, second: Double) = (0, 0, 0),
    width: Int = 4
  ) -> PlainMMSSL {
    let own = (0..<TinyWorld.users).map { user in
      TinyWorld.distinctPairs.filter { $0.0 == Int32(user) }.map(\.1)
    }
    let critic = PlainCritic(
      tables: Dictionary(
        uniqueKeysWithValues: model.auxiliaries[0].parameters.map {
          ($0.name, Plain($0.tensor.matrix))
        }))
    var reference = PlainMMSSL(
      features: TinyWorld.features, own: own, graph: graph, modalityGraphs: [graph, graph],
      critic: critic,
      criticMasks: (
        plainMask(2 * batchSize, 2, rate: drop.first, seed: seed("critic, generator 1")),
        plainMask(2 * batchSize, 1, rate: drop.second, seed: seed("critic, generator 2"))
      ))
    for name in ["image", "text"] {
      reference.masks[name] = plainMask(
        TinyWorld.items, width, rate: drop.features, seed: seed("model features, \(name)"))
    }
    reference.projections = model.projector?.plainProjections ?? [:]
    return reference
  }

  private static func batch(step: Int) -> Batch {
    Batch(
      users: triples.users[...], positives: triples.positives[...],
      negatives: triples.negatives[...], step: step)
  }

  @Test(arguments: [4, 20])
  func `loss, gradients and scores are those of the definition`(width: Int) throws {
    let settings = Self.undropped.merging(["embedding_size": .integer(width)]) { $1 }
    let model = try Self.model(settings)
    checkModel(model, against: Self.plain(model, width: width))
  }

  @Test func `dropout is on in training and off in scoring`() throws {
    let model = try Self.model()
    checkModel(model, against: Self.plain(model, drop: (0.2, 0.31, 0.5)))
  }

  @Test(arguments: [1, 3])
  func `may have another number of layers and heads`(layers: Int) throws {
    let settings = Self.undropped.merging([
      "n_ui_layers": .integer(layers), "head_num": .integer(layers),
    ]) { $1 }
    let model = try Self.model(settings)
    var reference = Self.plain(model)
    reference.layers = layers
    checkModel(model, against: reference)
  }

  @Test(arguments: ProjectionOptions.Scope.allCases)
  func `the plug-in projects the dropped features`(scope: ProjectionOptions.Scope) throws {
    let model = try Self.model(
      projection: ProjectionOptions(rank: 2, strength: 0.9, scope: scope))
    let reference = Self.plain(model, drop: (0.2, 0.31, 0.5))
    #expect(reference.projections.count == (scope == .both ? 2 : 1))
    checkModel(model, against: reference)
    let parameters = model.plainParameters
    try checkProjections(
      reference.projections,
      of: reference.encoded(parameters, "image"), reference.encoded(parameters, "text"))
  }

  @Test func `the plug-in at strength 0 is the baseline, bit for bit; at 0.9 it is not`() throws {
    try checkStrengthZeroIsBaseline(Self.triples) { try Self.model(projection: $0) }
  }

  @Test(arguments: ["released", "repaired"])
  func `graphs of the nearest items take the place of the training graph`(rule: String) throws {
    let settings = Self.undropped.merging([
      "graphs": .text(rule), "m_topk_rate": .number(0.23),
    ]) { $1 }
    let model = try Self.model(settings)
    var reference = Self.plain(model)
    let state = reference.state(model.plainParameters, inTraining: true)
    reference.modalityGraphs = state.modalities.map { modality in
      let rows = reference.affinities(modality.users, modality.items, Self.triples).rows
      let nearest = rows.flatMap { row in
        row.indices.sorted { (-row[$0], $0) < (-row[$1], $1) }.prefix(2)
      }
      let edges = nearest.enumerated().map { entry, item in
        let place = rule == "released" ? entry % Self.batchSize : entry / 2
        return (Self.triples.users[place], Int32(item))
      }
      return plainOneSidedGraph(users: TinyWorld.users, items: TinyWorld.items, edges)
    }
    for step in 1...2 { _ = model.loss(of: Self.batch(step: step), on: Tape()) }
    checkModel(model, against: reference)
  }

  // MARK: The critic

  @Test(arguments: [0.0, 0.3])
  func `the critic is trained on affinities and softened training rows`(noise: Double) throws {
    let rates = (features: 0.2, first: 0.31, second: 0.5)
    let model = try Self.model([
      "log_log_scale": .number(noise), "real_data_tau": .number(0.04),
      "ui_pre_scale": .number(2), "gp_rate": .number(0.5),
    ])
    var reference = Self.plain(model)
    for name in ["image", "text"] {
      reference.masks[name] = plainMask(
        TinyWorld.items, 4, rate: rates.features, seed: Self.seed("critic features, \(name)"))
    }
    let state = reference.state(model.plainParameters, inTraining: true)
    let fake = state.modalities.map {
      reference.affinities($0.users, $0.items, Self.triples)
    }
    // The whole softmax, over all items; the noise lies in the order of the entries.
    let entries = Self.triples.users.flatMap { reference.own[Int($0)] }
    let gumbel = Tape(isRecording: false).gumbelNoise(
      entries.count, 1, guard: 1e-8, seed: Self.seed("noise")
    ).matrix.elements
    var place = 0
    let softened = Plain(
      Self.triples.users.map { user -> [Double] in
        var row = [Double](repeating: 0, count: TinyWorld.items)
        for item in reference.own[Int(user)] {
          row[Int(item)] = (1 + noise * Double(gumbel[place])) / 0.04
          place += 1
        }
        let peak = row.max()!
        let sum = row.reduce(0) { $0 + exp($1 - peak) }
        return row.map { exp($0 - peak) / sum }
      })
    let real = (softened
      + 2 * reference.affinities(state.users, state.items, Self.triples)).normalizedRows
    for row in real.rows { #expect(abs(dot(row, row) - 1) < 1e-12) }

    let count = 2 * Self.batchSize
    let shares = Tape(isRecording: false).uniform(count, 1, seed: Self.seed("critic, shares"))
    let masks = Dictionary(
      uniqueKeysWithValues: ["fake", "real", "mixed"].map { name in
        (
          name,
          (
            plainMask(count, 2, rate: rates.first, seed: Self.seed("critic, \(name) 1")),
            plainMask(count, 1, rate: rates.second, seed: Self.seed("critic, \(name) 2"))
          )
        )
      })
    let expected = reference.critic.loss(
      real: real.above(real), fake: fake[0].above(fake[1]),
      shares: shares.matrix.elements.map(Double.init), weight: 0.15, masks: masks)
    let objective = try #require(model.auxiliaries.first)
    let tape = Tape()
    let loss = objective.loss(Self.triples.batch, 0, tape)
    #expect(abs(Double(loss.scalar) - expected) < 1e-4 * max(1, abs(expected)))

    // The model is not trained by it.
    tape.backward(from: loss)
    #expect(model.parameters.allSatisfy { $0.tensor.gradient == nil })
    #expect(objective.parameters.allSatisfy { $0.tensor.gradient != nil })
  }

  @Test func `the main loss does not train the critic`() throws {
    let model = try Self.model()
    _ = model.gradients(Self.triples)
    for parameter in model.auxiliaries[0].parameters { #expect(parameter.tensor.gradient == nil) }
    #expect(model.allParameters.count == 7 + 8)
  }

  @Test func `has the published optimizers`() throws {
    let descriptor = try #require(ModelCatalog.all.first { $0.name == "mmssl" })
    #expect(descriptor.optimizer == Adam.Options(decay: .decoupled))
    #expect(descriptor.sampling == .distinctUsers)
    let defaults = Dictionary(
      uniqueKeysWithValues: descriptor.hyperParameters.map { ($0.name, $0.defaultValue) })
    #expect(defaults["weight_decay"] == .number(0.01))
    #expect(defaults["learning_rate"] == .number(5.5e-4))
    #expect(defaults["train_batch_size"] == .integer(1024))
    let critic = try #require(try Self.model().auxiliaries.first)
    #expect(critic.options == Adam.Options(firstDecay: 0.5, secondDecay: 0.9))
    #expect(critic.learningRate == 3e-4 && critic.weightDecay == 0 && critic.moment == .before)
  }

  // MARK: Self-checks

  @Test func `the last layer's rows are softmaxes`() throws {
    let model = try Self.model([
      "n_ui_layers": .integer(1), "model_cat_rate": .number(0), "id_cat_rate": .number(0),
    ])
    let representations = model.representations()
    for (found, own) in [
      (representations.users, "user_embedding"), (representations.items, "item_embedding"),
    ] {
      let rows = 2 * Plain(found) - Plain(model.parameter(own).tensor.matrix)
      for row in rows.rows {
        #expect(abs(row.reduce(0, +) - 1) < 1e-5 && row.allSatisfy { $0 > 0 })
      }
    }
  }

  @Test func `as released, modality graphs are empty from the third step on`() throws {
    let model = try Self.model()
    let silent = try Self.model(["cl_rate": .number(0)])
    for step in 1...2 {
      let terms = model.loss(of: Self.batch(step: step), on: Tape()).terms
      let contrast = try #require(terms.first { $0.name == "contrast" }).value.scalar
      #expect(abs(Double(contrast) / 0.3 - 2 * log(19)) > 1e-2)
      _ = silent.loss(of: Self.batch(step: step), on: Tape())
    }
    for name in ["image", "text"] {
      let table = try #require(model.buffers.first { $0.name == "\(name).graph" }).tensor
      #expect(table.matrix.elements == [0, 0])
    }
    func gradients(_ model: any Recommender) throws -> [Matrix<Float>] {
      let tape = Tape()
      let loss = model.loss(of: Self.batch(step: 3), on: tape)
      if let contrast = loss.terms.first(where: { $0.name == "contrast" })?.value.scalar {
        #expect(abs(Double(contrast) / 0.3 - 2 * log(19)) < 1e-4)
      }
      tape.backward(from: loss.total)
      return model.parameters.map(\.tensor.gradientMatrix)
    }
    let found = try gradients(model)
    #expect(try gradients(silent) == found)
    #expect(found.allSatisfy { $0.elements.allSatisfy { $0.isFinite } })
    // Nothing is left to mix.
    #expect(model.parameters.last!.name == "mixing")
    #expect(found.last!.elements.allSatisfy { $0 == 0 })
  }

  @Test func `without modality graphs a user's identity reaches the own embedding alone`() throws {
    let model = try Self.model(["id_cat_rate": .number(0)])
    let (before, table) = (model.representations(), model.parameter("user_embedding").tensor)
    let change = randomMatrix(TinyWorld.users, 4, seed: 77)
    var moved = table.matrix
    for place in moved.elements.indices { moved.elements[place] += change.elements[place] }
    table.assign(moved)
    let after = model.representations()
    #expect(after.items == before.items)
    let difference = Plain(after.users) - Plain(before.users)
    #expect((difference - 1.0 / 3 * Plain(change)).maximumMagnitude < 1e-5)
  }

  @Test func `weights of zero leave their terms out`() throws {
    let names = ["reg_weight", "feat_reg_decay", "cl_rate", "G_rate"]
    let model = try Self.model(Dictionary(uniqueKeysWithValues: names.map { ($0, .number(0)) }))
    #expect(model.loss(of: Self.triples.batch, on: Tape()).terms.map(\.name) == ["bpr"])
  }

  @Test func `says what a data set lacks`() {
    let one = ModelInput(
      userCount: 2, itemCount: 9, trainingUsers: [0], trainingItems: [0],
      modalities: [TinyWorld.input.modalities[0]])
    #expect(throws: ModelError.needsModalities(model: "MMSSL", count: 2, available: ["image"])) {
      try makeModel("mmssl", on: one)
    }
    #expect(throws: ModelError.needsFeatures(model: "MMSSL", modality: "text")) {
      try makeModel("mmssl", on: TinyWorld.listsInput)
    }
    #expect(throws: ModelError.rankOutOfRange(rank: 5, width: 4)) {
      try Self.model(projection: ProjectionOptions(rank: 5))
    }
  }
}
