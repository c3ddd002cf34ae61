import Autodiff
import Datasets
import Foundation
import LinearAlgebra
import Recommenders
import Statistics
import Testing

@Suite("MGCN")
struct MGCNTests {
  static func model(
    _ settings: [String: SettingValue] = [:], width: Int = 4,
    projection: ProjectionOptions? = nil, on input: ModelInput = TinyWorld.input
  ) throws -> any Recommender {
    let own: [String: SettingValue] = [
      "embedding_size": .integer(width), "knn_k": .integer(TinyWorld.neighborCount),
      "reg_weight": .number(0.3), "cl_loss": .number(0.2),
    ]
    let model = try makeModel(
      "mgcn", own.merging(settings) { $1 }, projection: projection, on: input)
    model.randomize()
    try model.beginEpoch(1)
    return model
  }

  static func plain(penalty: Double = 0.3, contrastive: Double = 0.2) -> PlainMGCN {
    PlainMGCN(
      adjacency: TinyWorld.adjacency(offset: 0),
      itemGraphs: TinyWorld.features.mapValues {
        plainLaplacian(plainNearest($0, count: TinyWorld.neighborCount))
      }, penalty: penalty, contrastive: contrastive)
  }

  @Test(arguments: [4, 20])
  func `loss, gradients and scores are those of the definition`(width: Int) throws {
    checkModel(try Self.model(width: width), against: Self.plain())
  }

  @Test(arguments: [(0, 0), (0, 2), (3, 0), (1, 3)])
  func `other numbers of hops are those of the definition`(userItem: Int, item: Int) throws {
    let model = try Self.model([
      "n_ui_layers": .integer(userItem), "n_layers": .integer(item),
    ])
    var reference = Self.plain()
    reference.layers = (userItem, item)
    checkModel(model, against: reference)
  }

  @Test(arguments: [(0.0, 0.0), (0.3, 0.0), (0.0, 0.2)])
  func `a term of weight 0 is left out`(penalty: Double, contrastive: Double) throws {
    let model = try Self.model([
      "reg_weight": .number(penalty), "cl_loss": .number(contrastive),
    ])
    checkModel(model, against: Self.plain(penalty: penalty, contrastive: contrastive))
    let terms = model.lossTerms(TinyWorld.triples)
    #expect((terms["penalty"] != nil) == (penalty > 0))
    #expect((terms["contrastive"] != nil) == (contrastive > 0))
  }

  @Test func `the penalty of a shorter batch is divided by a whole batch's size`() throws {
    var reference = Self.plain()
    reference.batchSize = 32
    checkModel(
      try Self.model(), against: reference, batch: TinyWorld.triples.batch(epoch: 1, fullCount: 32))
  }

  @Test(arguments: [4, 20], ProjectionOptions.Scope.allCases)
  func `with the plug-in, the gates see projected features`(
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

  @Test func `frozen features stay as they are`() throws {
    let model = try Self.model(["freeze_features": .flag(true)])
    #expect(!model.parameters.contains { $0.name.hasSuffix("features") })
    var reference = Self.plain()
    reference.features = TinyWorld.features
    checkModel(model, against: reference)
    let trained = try Self.model()
    let start = trained.parameter("image.features").tensor.matrix
    try trained.train(TinyWorld.triples, steps: 2)
    #expect(trained.parameter("image.features").tensor.matrix != start)
  }

  // MARK: Self-checks

  @Test func `self-check 1: a row of an item graph has k entries, one of them its own`() throws {
    for features in [randomMatrix(40, 12, seed: 3), randomMatrix(40, 7, seed: 4)] {
      let graph = try ItemGraph.weighted(
        .features(FeatureMatrix(name: "image", generated: features)), count: 10
      ).matrix
      for row in 0..<40 {
        let columns = graph.columns[graph.rowStarts[row]..<graph.rowStarts[row + 1]]
        #expect(columns.count == 10 && columns.contains(Int32(row)))
      }
      #expect(graph.values.allSatisfy { $0.isFinite })
    }
  }

  @Test func `self-check 2: times the roots of both row sums, links are cosines`() throws {
    let features = randomMatrix(40, 12, seed: 3)
    let graph = try ItemGraph.weighted(
      .features(FeatureMatrix(name: "image", generated: features)), count: 10
    ).matrix.dense
    let kept = plainNearest(Plain(features), count: 10)
    let sums = kept.rows.map { $0.reduce(0, +) }
    for a in 0..<40 {
      for b in 0..<40 where kept.rows[a][b] != 0 {
        let cosine = Double(graph[a, b]) * (sums[a] * sums[b]).squareRoot()
        #expect(abs(cosine - kept.rows[a][b]) < 1e-6)
      }
    }
  }

  @Test func `self-check 3: modalities that are equal have nothing separate`() throws {
    let input = ModelInput(
      TinyWorld.pairs, users: TinyWorld.users, items: TinyWorld.items, image: TinyWorld.image,
      text: TinyWorld.image)
    let model = try Self.model(on: input)
    for name in ["features", "weight", "bias", "gate.weight", "gate.bias"] {
      model.parameter("text.\(name)").tensor.assign(
        model.parameter("image.\(name)").tensor.matrix)
    }
    let p = model.plainParameters
    let reference = Self.plain()
    // Shares sum to 1, so K is what both modalities are.
    let gate = plainLinear(reference.encoded(p, "image"), p, "image.gate").mapped(logistic)
    let items = reference.itemGraphs["image"]! * plainProduct(p["item_embedding"]!, gate)
    let adjacency = Plain(
      reference.adjacency.rows.prefix(TinyWorld.users).map { Array($0[TinyWorld.users...]) })
    let content = reference.views(p).content.split(after: TinyWorld.users)
    let found = model.representations()
    #expect(
      (Plain(found.items) - content.1 - 1.0 / 3 * items).maximumMagnitude < 2e-6)
    #expect(
      (Plain(found.users) - content.0 - 1.0 / 3 * (adjacency * items)).maximumMagnitude < 2e-6)
  }

  @Test func `self-check 4: without hops and side it is matrix factorisation`() throws {
    let model = try Self.model([
      "n_ui_layers": .integer(0), "reg_weight": .number(0), "cl_loss": .number(0),
    ])
    // Gates that are shut leave nothing of the items to smooth.
    for name in ["image.gate", "text.gate"] {
      let (weight, bias) = (
        model.parameter("\(name).weight").tensor, model.parameter("\(name).bias").tensor
      )
      weight.assign(Matrix(rowCount: 4, columnCount: 4))
      bias.assign(Matrix(rowCount: 1, columnCount: 4, repeating: -200))
    }
    let found = model.representations()
    #expect(found.users == model.parameter("user_embedding").tensor.matrix)
    #expect(found.items == model.parameter("item_embedding").tensor.matrix)
    let p = model.plainParameters
    let margins = plainMargins(
      users: p["user_embedding"]!, items: p["item_embedding"]!, TinyWorld.triples)
    #expect(
      abs(model.lossTerms(TinyWorld.triples)["total"]! - plainNaturalLoss(margins)) < 1e-6)
  }

  @Test(arguments: [2, 5, 16])
  func `self-check 5: rows that are orthonormal contrast by ln(1 + (B − 1)/e⁵)`(
    count: Int
  ) {
    let tape = Tape()
    let rows = tape.normalizedRows(
      Tensor(constant: Matrix<Float>(Plain.identity(count).matrix)))
    let loss = tape.infoNCE(
      anchors: rows, positives: rows, candidates: rows, temperature: 0.2)
    #expect(abs(Double(loss.scalar) - log(1 + Double(count - 1) * exp(-5))) < 1e-6)
  }

  @Test func `self-check 6: features, gates, query and users have gradients`() throws {
    // That they are the right ones the definition has told.
    let gradients = try Self.model().gradients(TinyWorld.triples)
    for name in ["image.features", "image.gate.weight", "query.hidden.weight", "user_embedding"] {
      #expect(gradients[name]!.elements.contains { abs($0) > 1e-4 })
    }
  }

  // MARK: Sizes and limits

  @Test func `has the parameters of Baby`() throws {
    let input = ModelInput(
      [(0, 0)], users: BabySizes.users, items: BabySizes.items,
      image: Matrix(rowCount: BabySizes.items, columnCount: 4096),
      text: Matrix(rowCount: BabySizes.items, columnCount: 384))
    // With one neighbour, the item itself, no cosine is computed.
    let model = try makeModel("mgcn", ["knn_k": .integer(1)], on: input)
    #expect(model.parameters.reduce(0) { $0 + $1.tensor.count } == 33_587_392)
    #expect(!model.parameters.contains { $0.name == "query.output.bias" })
  }

  @Test func `starts as published`() throws {
    let model = try makeModel("mgcn", ["knn_k": .integer(1)], on: BabySizes.narrowInput)
    let bounds = [
      "user_embedding": (6 / Double(64 + BabySizes.users)).squareRoot(),
      "item_embedding": (6 / Double(64 + BabySizes.items)).squareRoot(),
      "image.weight": 1.0 / 64, "text.weight": 1 / 384.squareRoot(), "image.gate.weight": 0.125,
      "text.preference.weight": 0.125, "query.hidden.weight": 0.125,
    ]
    for (name, bound) in bounds {
      let elements = model.parameter(name).tensor.matrix.elements.map(Double.init)
      #expect(abs(try #require(elements.max()) / bound - 1) < 2e-3)
      #expect(abs(try #require(sampleVariance(elements)) * 3 / (bound * bound) - 1) < 4e-2)
    }
    for name in ["image.gate.bias", "text.preference.bias", "query.output.weight"] {
      let elements = model.parameter(name).tensor.matrix.elements
      #expect(elements.allSatisfy { abs($0) <= 0.125 } && Set(elements).count > 32)
    }
  }

  @Test func `more neighbours than items are all items`() throws {
    #expect(
      try Self.model(["knn_k": .integer(500)]).scores
        == Self.model(["knn_k": .integer(TinyWorld.items)]).scores)
  }

  @Test func `runs on modalities of any names, of any number from two`() throws {
    func modality(_ name: String, _ seed: UInt64) -> Modality {
      .features(FeatureMatrix(name: name, generated: randomMatrix(9, 5, seed: seed)))
    }
    let all = [modality("frames", 1), modality("audio", 2), modality("text", 3)]
    for modalities in [Array(all.prefix(2)), all] {
      let model = try makeModel(
        "mgcn", ["embedding_size": .integer(4), "knn_k": .integer(3)],
        on: TinyWorld.input.with(modalities))
      let start = try #require(model.lossTerms(TinyWorld.triples)["total"])
      try model.train(TinyWorld.triples, steps: 30)
      #expect(try #require(model.lossTerms(TinyWorld.triples)["total"]) < start)
      #expect(model.modalityEmbeddings().count == modalities.count)
    }
  }

  @Test func `says what a data set lacks`() {
    checkRefusals(of: "mgcn", title: "MGCN")
  }
}
