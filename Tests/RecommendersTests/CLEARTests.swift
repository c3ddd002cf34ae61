import Autodiff
import Foundation
import LinearAlgebra
import Recommenders
import Statistics
import Testing

@Suite("CLEAR")
struct CLEARTests {
  static let full = ProjectionOptions(rank: 2, strength: 0.9)

  static func model(
    _ settings: [String: SettingValue] = [:], width: Int = 4,
    projection: ProjectionOptions? = full, seed: UInt64 = 1, isRandom: Bool = true
  ) throws -> any Recommender {
    let own: [String: SettingValue] = [
      "embedding_size": .integer(width), "encoder_width": .integer(5), "reg_weight": .number(0.3),
      "knn_k": .integer(TinyWorld.neighborCount),
    ]
    let model = try makeModel(
      "clear", own.merging(settings) { $1 }, projection: projection, seed: seed)
    if isRandom { model.randomize() }
    try model.beginEpoch(1)
    return model
  }

  static func plain(_ model: any Recommender, dropout: Double = 0) -> PlainCLEAR {
    let whole = TinyWorld.adjacency(offset: 0)
    var plain = PlainCLEAR(
      features: TinyWorld.features,
      training: dropout > 0
        ? TinyWorld.adjacency(FREEDOMTests.keptEdges(dropout, epoch: 1), offset: 1e-7) : whole,
      full: whole, itemGraph: TinyWorld.itemGraph, penalty: 0.3)
    plain.projections = model.projector?.plainProjections ?? [:]
    return plain
  }

  @Test(arguments: [4, 20])
  func `loss, gradients and scores are those of the definition`(width: Int) throws {
    let model = try Self.model(width: width)
    let reference = Self.plain(model)
    #expect(reference.projections.count == 2)
    checkModel(model, against: reference)

    // The directions are those of the encoders' outputs.
    let parameters = model.plainParameters
    try checkProjections(
      reference.projections,
      of: reference.encoded(parameters, "image"), reference.encoded(parameters, "text"))
  }

  @Test func `without null space nothing is projected`() throws {
    let model = try Self.model(projection: nil)
    checkModel(model, against: Self.plain(model))
  }

  @Test func `modalities may meet by adding`() throws {
    let model = try Self.model(["fuse": .text("sum")])
    var reference = Self.plain(model)
    reference.fusesBySum = true
    checkModel(model, against: reference)
  }

  @Test func `the penalty may be on propagated rows`() throws {
    let model = try Self.model(["reg_target": .text("propagated")])
    var reference = Self.plain(model)
    reference.penalizesPropagated = true
    checkModel(model, against: reference)
  }

  @Test func `means may be removed before projecting, and stay those of the refresh`() throws {
    let model = try Self.model(["project_centred": .flag(true)])
    var reference = Self.plain(model)
    let parameters = model.plainParameters
    for name in ["image", "text"] {
      reference.means[name] = reference.encoded(parameters, name).columnMeans
    }
    checkModel(model, against: reference)
    // Until the next refresh, means are constants as Q is.
    model.randomize(seed: 50)
    checkModel(model, against: reference)
  }

  @Test func `dropped edges are missed in training only`() throws {
    let model = try Self.model(["dropout": .number(0.5)])
    checkModel(model, against: Self.plain(model, dropout: 0.5))
  }

  @Test func `all switches go together`() throws {
    let model = try Self.model([
      "dropout": .number(0.3), "fuse": .text("sum"), "reg_target": .text("propagated"),
      "project_centred": .flag(true), "mlp_init": .text("torch"), "n_layers": .integer(3),
      "n_mm_layers": .integer(2),
    ])
    var reference = Self.plain(model, dropout: 0.3)
    reference.fusesBySum = true
    reference.penalizesPropagated = true
    reference.layers = (3, 2)
    let parameters = model.plainParameters
    for name in ["image", "text"] {
      reference.means[name] = reference.encoded(parameters, name).columnMeans
    }
    checkModel(model, against: reference)
  }

  @Test(arguments: ["join", "sum"], ["preferences", "propagated"])
  func `the rows of a batch have the loss and the gradients of all rows`(
    fusion: String, target: String
  ) throws {
    for hops in [(0, 0), (1, 1), (2, 2), (3, 1)] {
      let settings: [String: SettingValue] = [
        "fuse": .text(fusion), "reg_target": .text(target), "n_layers": .integer(hops.0),
        "n_mm_layers": .integer(hops.1),
      ]
      // Where the last batch's tensors score, they are of all users and items.
      let whole = settings.merging(["stale_scoring": .flag(true)]) { $1 }
      let found = try [settings, whole].map { settings in
        try Self.model(settings).train(TinyWorld.triples, steps: 3)
      }
      for (a, b) in zip(found[0], found[1]) {
        #expect((Matrix<Double>(a) - Matrix<Double>(b)).maximumMagnitude < 1e-5)
      }
    }
  }

  @Test(arguments: [ProjectionOptions.Scope.first, .second])
  func `one modality alone may be projected`(scope: ProjectionOptions.Scope) throws {
    let model = try Self.model(
      projection: ProjectionOptions(rank: 2, strength: 0.9, scope: scope))
    let reference = Self.plain(model)
    #expect(Array(reference.projections.keys) == [scope == .first ? "image" : "text"])
    checkModel(model, against: reference)
    for (place, embedding) in model.modalityEmbeddings().enumerated() {
      #expect((embedding.before == embedding.after) == (place == (scope == .first ? 1 : 0)))
    }
  }

  @Test func `has the parameters of Baby, started as published`() throws {
    let model = try makeModel("clear", on: BabySizes.narrowInput)
    #expect(model.parameters.reduce(0) { $0 + $1.tensor.count } == 3_708_138)
    for (name, columns) in [("image", 4096), ("text", 384)] {
      let preferences = model.parameter("\(name).preference").tensor.matrix.elements
        .map(Double.init)
      let variance = 2 / Double(BabySizes.users + 64)
      #expect(abs(try #require(sampleVariance(preferences)) / variance - 1) < 1e-2)
      for (layer, fans) in [("hidden", 256 + columns), ("output", 320)] {
        let bound = (6 / Double(fans)).squareRoot()
        let weight = model.parameter("\(name).\(layer).weight").tensor.matrix.elements
          .map(Double.init)
        #expect(abs(try #require(weight.max()) / bound - 1) < 1e-3)
        #expect(abs(try #require(sampleVariance(weight)) * 3 / (bound * bound) - 1) < 2e-2)
        let bias = model.parameter("\(name).\(layer).bias").tensor.matrix.elements
        #expect(bias.allSatisfy { $0 == 0 })
      }
    }
  }

  @Test func `encoders may start as PyTorch starts them`() throws {
    let model = try makeModel("clear", ["mlp_init": .text("torch")], on: BabySizes.narrowInput)
    for (name, inputs) in [("image.hidden", 4096), ("text.hidden", 384), ("text.output", 256)] {
      let bound = 1 / Double(inputs).squareRoot()
      for part in ["weight", "bias"] {
        let values = model.parameter("\(name).\(part)").tensor.matrix.elements.map(Double.init)
        let largest = try #require(values.map(abs).max())
        #expect(largest <= bound * 1.0000001 && largest > 0.9 * bound, "\(name).\(part)")
      }
    }
  }

  @Test func `a user's fusion weights start with sum 1`() throws {
    let weights = try Self.model(isRandom: false).parameter("fusion_weight").tensor.matrix
    #expect(weights.rowCount == TinyWorld.users && weights.columnCount == 2)
    for row in Plain(weights).rows {
      #expect(abs(row[0] + row[1] - 1) < 1e-6 && row.allSatisfy { $0 > 0 && $0 < 1 })
    }
  }

  @Test func `strength 0 is the backbone, bit for bit; strength 0.9 is not`() throws {
    func trained(_ projection: ProjectionOptions?) throws -> [Matrix<Float>] {
      try Self.model(["dropout": .number(0.3)], projection: projection, isRandom: false)
        .train(TinyWorld.triples, steps: 6)
    }
    let backbone = try trained(nil)
    #expect(try trained(ProjectionOptions(rank: 2, strength: 0)) == backbone)
    #expect(try trained(Self.full) != backbone)
  }

  @Test func `a rotation of the first encoder's outputs goes through the whole model`() throws {
    let model = try Self.model()
    let (scores, before) = (model.scores, model.modalityEmbeddings()[0])
    let loss = model.lossTerms(TinyWorld.triples)["total"]!
    let q = model.projector!.plainProjections["image"]!
    let rotation = Plain(
      orthonormalBasis(Matrix<Double>(randomMatrix(4, 4, seed: 8))))
    func rotate(_ name: String, _ change: (Plain) -> Plain) {
      let tensor = model.parameter(name).tensor
      tensor.assign(Matrix<Float>(change(Plain(tensor.matrix)).matrix))
    }
    rotate("image.output.weight") { rotation.transposed * $0 }
    rotate("image.output.bias") { $0 * rotation }
    rotate("image.preference") { $0 * rotation }
    try model.beginEpoch(2)
    let after = model.modalityEmbeddings()[0]
    func expectEqual(_ a: Plain, _ b: Plain) {
      #expect((a - b).maximumMagnitude < 2e-5 * max(1, b.maximumMagnitude))
    }
    expectEqual(Plain(after.before), Plain(before.before) * rotation)
    expectEqual(Plain(after.after), Plain(before.after) * rotation)
    expectEqual(
      model.projector!.plainProjections["image"]!, rotation.transposed * q * rotation)
    expectEqual(Plain(model.scores), Plain(scores))
    #expect(abs(model.lossTerms(TinyWorld.triples)["total"]! - loss) < 1e-5)
  }

  @Test func `scores may be those of the last batch's tensors`() throws {
    func models() throws -> (fresh: any Recommender, stale: any Recommender) {
      let settings: [String: SettingValue] = ["dropout": .number(0.5)]
      let stale = settings.merging(["stale_scoring": .flag(true)]) { $1 }
      return (try Self.model(settings), try Self.model(stale))
    }
    // Before any batch there is nothing else than the parameters as they start.
    let flag = ["stale_scoring": SettingValue.flag(true)]
    #expect(
      try Self.model(flag, projection: nil, isRandom: false).scores
        == Self.model(projection: nil, isRandom: false).scores)

    let (fresh, stale) = try models()
    // A batch's tensors are those before its step, on the thinned graph.
    var reference = Self.plain(stale, dropout: 0.5)
    let parameters = stale.plainParameters
    reference = reference.scoringWithTrainingGraph
    try stale.train(TinyWorld.triples, steps: 1)
    try fresh.train(TinyWorld.triples, steps: 1)
    #expect(stale.plainParameters == fresh.plainParameters)
    let expected = reference.representations(parameters)
    let found = stale.representations()
    #expect((Plain(found.users) - expected.users).maximumMagnitude < 1e-5)
    #expect((Plain(found.items) - expected.items).maximumMagnitude < 1e-5)
    #expect((Plain(stale.scores) - Plain(fresh.scores)).maximumMagnitude > 1e-3)
  }

  @Test func `says what a data set lacks`() {
    let one = ModelInput(
      userCount: 2, itemCount: 9, trainingUsers: [0], trainingItems: [0],
      modalities: [TinyWorld.input.modalities[0]])
    #expect(throws: ModelError.needsModalities(model: "CLEAR", count: 2, available: ["image"])) {
      try makeModel("clear", on: one)
    }
    #expect(throws: ModelError.rankOutOfRange(rank: 5, width: 4)) {
      try Self.model(projection: ProjectionOptions(rank: 5))
    }
  }
}

extension PlainCLEAR {
  /// With the thinned graph in the place of the whole one.
  fileprivate var scoringWithTrainingGraph: PlainCLEAR {
    var result = PlainCLEAR(
      features: features, training: training, full: training, itemGraph: itemGraph,
      penalty: penalty)
    result.projections = projections
    return result
  }
}
