import Autodiff
import Datasets
import Foundation
import LinearAlgebra
import Neighbors
import Recommenders
import Statistics
import Testing

@Suite("LATTICE")
struct LATTICETests {
  static func model(
    _ settings: [String: SettingValue] = [:], width: Int = 4,
    projection: ProjectionOptions? = nil, isRandom: Bool = true
  ) throws -> any Recommender {
    let own: [String: SettingValue] = [
      "embedding_size": .integer(width), "knn_k": .integer(TinyWorld.neighborCount),
      "reg_weight": .number(0.3), "lambda_coeff": .number(0.4),
    ]
    let model = try makeModel("lattice", own.merging(settings) { $1 }, projection: projection)
    if isRandom { model.randomize() }
    try model.beginEpoch(1)
    return model
  }

  /// D⁻¹·(A + I).
  static let adjacency: Plain = {
    let links = TinyWorld.adjacency(offset: 0).mapped { $0 > 0 ? 1 : 0 }
    let looped = links + .identity(links.rowCount)
    return plainScaledRows(looped, looped.rows.map { 1 / $0.reduce(0, +) })
  }()

  static func plain() -> PlainLATTICE {
    var plain = PlainLATTICE(
      adjacency: adjacency,
      fixedGraphs: TinyWorld.features.mapValues {
        plainLaplacian(plainNearest($0, count: TinyWorld.neighborCount))
      }, neighborCount: TinyWorld.neighborCount, penalty: 0.3)
    plain.lambda = 0.4
    return plain
  }

  @Test(arguments: [4, 20])
  func `loss, gradients and scores are those of the definition`(width: Int) throws {
    checkModel(try Self.model(width: width), against: Self.plain())
  }

  @Test(arguments: [(0, 0), (1, 2), (3, 3)])
  func `other numbers of hops are those of the definition`(userItem: Int, item: Int) throws {
    let model = try Self.model([
      "n_ui_layers": .integer(userItem), "n_layers": .integer(item),
    ])
    var reference = Self.plain()
    reference.layers = (userItem, item)
    checkModel(model, against: reference)
  }

  @Test(arguments: [0.0, 0.9, 1.0])
  func `any share of the fixed graph is that of the definition`(lambda: Double) throws {
    var reference = Self.plain()
    reference.lambda = lambda
    checkModel(try Self.model(["lambda_coeff": .number(lambda)]), against: reference)
  }

  @Test func `users and items may come from plain factorisation`() throws {
    var reference = Self.plain()
    reference.layers.userItem = 0
    checkModel(try Self.model(["cf_model": .text("mf")]), against: reference)
  }

  @Test(arguments: [0.0, 0.4])
  func `users and items may come from a convolution with weights`(dropout: Double) throws {
    let model = try Self.model([
      "cf_model": .text("ngcf"), "mess_dropout": .number(dropout),
    ])
    let tape = Tape()
    let ones = Tensor(
      constant: Matrix(
        rowCount: TinyWorld.users + TinyWorld.items, columnCount: 4, repeating: 1))
    var reference = Self.plain()
    reference.messageMasks = (1...2).map { layer in
      let seed = RandomStreams(seed: 1).seed(
        for: "messages of layer \(layer)", TinyWorld.triples.batch)
      return Plain(tape.dropout(ones, rate: dropout, seed: seed).matrix)
    }
    checkModel(model, against: reference)
  }

  @Test func `the penalty of a shorter batch is divided by a whole batch's size`() throws {
    var reference = Self.plain()
    reference.batchSize = 32
    checkModel(
      try Self.model(), against: reference,
      batch: TinyWorld.triples.batch(epoch: 1, fullCount: 32))
  }

  @Test(arguments: [4, 20], ProjectionOptions.Scope.allCases)
  func `with the plug-in, neighbours and their weights are of projected features`(
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

  // MARK: The epoch's graph

  @Test func `later batches of an epoch take the first one's graph as a constant`() throws {
    let model = try Self.model()
    let optimizer = Adam(model.parameters, learningRate: 0.05)
    var reference = Self.plain()
    reference.frozen = reference.itemGraph(model.plainParameters)
    let tape = Tape()
    for step in 1...3 {
      tape.begin()
      let batch = TinyWorld.triples.batch(epoch: 1, step: step)
      if step > 1 { checkModel(model, against: reference, batch: batch) }
      tape.backward(from: model.loss(of: batch, on: tape).total)
      optimizer.step()
    }
    // The next epoch learns it anew.
    try model.beginEpoch(2)
    checkModel(model, against: Self.plain(), batch: TinyWorld.triples.batch(epoch: 2))
  }

  @Test func `scoring between batches leaves the epoch's graph alone`() throws {
    func losses(scoring: Bool) throws -> [Float] {
      let model = try Self.model()
      let optimizer = Adam(model.parameters, learningRate: 0.05)
      return (1...3).map { step in
        let tape = Tape()
        let loss = model.loss(of: TinyWorld.triples.batch(epoch: 1, step: step), on: tape).total
        tape.backward(from: loss)
        optimizer.step()
        if scoring { _ = model.scores }
        return loss.scalar
      }
    }
    #expect(try losses(scoring: true) == losses(scoring: false))
  }

  @Test func `between graphs, what is not trained moves on by momentum`() throws {
    // Displacement of an epoch of 58 batches, the first of which alone has a gradient.
    let model = try Self.model(isRandom: false)
    let names = ["image.features", "image.weight", "text.bias", "modal_weight"]
    let start = model.plainParameters
    let rate = 1e-6
    let optimizer = Adam(model.parameters, learningRate: rate)
    let tape = Tape()
    let gradients = model.gradients(TinyWorld.triples)
    for step in 1...58 {
      tape.begin()
      let batch = TinyWorld.triples.batch(epoch: 1, step: step)
      tape.backward(from: model.loss(of: batch, on: tape).total)
      optimizer.step()
    }
    // Σ of m̂/√v̂ for one gradient followed by zeros.
    let expected = (1...58).reduce(0.0) { sum, t in
      let first = 0.1 * pow(0.9, Double(t - 1)) / (1 - pow(0.9, Double(t)))
      let second = 0.001 * pow(0.999, Double(t - 1)) / (1 - pow(0.999, Double(t)))
      return sum + first / second.squareRoot()
    }
    #expect(abs(expected - 5.99) < 0.01)
    for name in names {
      let moved = Plain(model.parameter(name).tensor.matrix) - start[name]!
      var count = 0
      for (row, gradient) in zip(moved.rows, Plain(gradients[name]!).rows) {
        for (step, slope) in zip(row, gradient) where abs(slope) > 1e-4 {
          // Elements near 1 have a spacing of a tenth of the rate.
          #expect(abs(abs(step) / rate - expected) < 3.5 && step * slope < 0)
          count += 1
        }
      }
      #expect(count > 0)
    }
  }

  @Test func `the plug-in at strength 0 is the baseline, bit for bit; at 0.9 it is not`() throws {
    try checkStrengthZeroIsBaseline { try Self.model(projection: $0) }
  }

  // MARK: Self-checks

  @Test func `self-check 1: a node is the mean of its neighbours and itself`() {
    let found = Plain(
      UserItemGraph(TinyWorld.input, degreeOffset: 0).meanAdjacency(selfLoops: true)
        .matrix.dense)
    #expect((found - Self.adjacency).maximumMagnitude < 1e-7)
    for (row, values) in found.rows.enumerated() {
      #expect(abs(values.reduce(0, +) - 1) < 1e-6)
      let degree = values.count { $0 > 0 } - 1
      #expect(abs(values[row] - 1 / Double(degree + 1)) < 1e-7)
    }
  }

  @Test func `self-check 2: modalities start with equal shares`() throws {
    let weight = try Self.model(isRandom: false).parameter("modal_weight").tensor
    #expect(weight.matrix == Matrix(rowCount: 1, columnCount: 2, repeating: 0.5))
    let shares = Tape().softmax(weight).matrix.elements
    #expect(shares == [0.5, 0.5])
  }

  @Test func `self-check 3: what the item graph adds has length 1`() throws {
    let model = try Self.model()
    let (_, items) = Self.plain().nodes(model.plainParameters, isTraining: false)
      .split(after: TinyWorld.users)
    let added = Plain(model.representations().items) - items
    #expect(added.rows.allSatisfy { abs(dot($0, $0).squareRoot() - 1) < 1e-5 })
  }

  @Test func `self-check 4: later batches have no gradient for what makes the graph`() throws {
    let model = try Self.model()
    let names = model.parameters.map(\.name).filter { !$0.hasSuffix("embedding") }
    #expect(names.count == 7)
    let tape = Tape()
    for step in 1...3 {
      tape.begin()
      let batch = TinyWorld.triples.batch(epoch: 1, step: step)
      tape.backward(from: model.loss(of: batch, on: tape).total)
      for name in names {
        let elements = model.parameter(name).tensor.gradientMatrix.elements
        #expect(elements.contains { $0 != 0 } == (step == 1))
      }
      for parameter in model.parameters { parameter.tensor.clearGradient() }
    }
  }

  @Test func `self-check 5: graphs have at most k and 2k links in a row`() throws {
    let features = [randomMatrix(40, 12, seed: 3), randomMatrix(40, 7, seed: 4)]
    for matrix in features {
      let graph = try ItemGraph.weighted(
        .features(FeatureMatrix(name: "image", generated: matrix)), count: 10
      ).matrix
      #expect((0..<40).allSatisfy { graph.rowStarts[$0 + 1] - graph.rowStarts[$0] == 10 })
    }
    let (pattern, masks) = try ItemGraph.links(features, count: 10)
    let tape = Tape()
    for (matrix, mask) in zip(features, masks) {
      let unit = tape.normalizedRows(Tensor(constant: matrix))
      let cosines = tape.multiplied(tape.rowDots(unit, unit, at: pattern), mask).matrix
      for row in 0..<40 {
        let entries = pattern.rowStarts[row]..<pattern.rowStarts[row + 1]
        #expect((10...20).contains(entries.count))
        #expect(entries.count { cosines[$0, 0] != 0 } == 10)
        let own = try #require(entries.first { Int(pattern.columns[$0]) == row })
        #expect(abs(cosines[own, 0] - 1) < 1e-6)
      }
    }
  }

  @Test func `self-check 6: where only the fixed graph counts, the maps do not score`() throws {
    let model = try Self.model(["lambda_coeff": .number(1)])
    let scores = model.scores
    for name in ["image.weight", "text.weight", "image.bias", "text.features"] {
      let tensor = model.parameter(name).tensor
      tensor.assign(randomMatrix(tensor.rowCount, tensor.columnCount, seed: 77))
    }
    #expect(model.scores == scores)
    let learned = try Self.model(["lambda_coeff": .number(0)])
    let before = learned.scores
    let tensor = learned.parameter("image.weight").tensor
    tensor.assign(randomMatrix(tensor.rowCount, tensor.columnCount, seed: 77))
    #expect(learned.scores != before)
  }

  // MARK: Sizes and limits

  @Test func `has the parameters of Baby`() throws {
    let input = ModelInput(
      [(0, 0)], users: BabySizes.users, items: BabySizes.items,
      image: Matrix(rowCount: BabySizes.items, columnCount: 4096),
      text: Matrix(rowCount: BabySizes.items, columnCount: 384))
    // With one neighbour, the item itself, no cosine is computed.
    let model = try makeModel("lattice", ["knn_k": .integer(1)], on: input)
    #expect(model.parameters.reduce(0) { $0 + $1.tensor.count } == 33_566_530)
    let weights = try makeModel(
      "lattice", ["knn_k": .integer(1), "cf_model": .text("ngcf")], on: BabySizes.narrowInput
    ).parameters.filter { $0.name.hasPrefix("convolution") }
    #expect(weights.reduce(0) { $0 + $1.tensor.count } == 4 * (64 * 64 + 64))
    #expect(weights.allSatisfy { $0.tensor.matrix.elements.allSatisfy { abs($0) <= 0.125 } })
  }

  @Test func `one modality is enough, but not for the plug-in`() throws {
    let input = TinyWorld.input.with([TinyWorld.input.modalities[1]])
    let model = try makeModel(
      "lattice", ["embedding_size": .integer(4), "knn_k": .integer(3)], on: input)
    let start = model.plainParameters
    try model.train(TinyWorld.triples, steps: 5)
    #expect(Plain(model.parameter("text.weight").tensor.matrix) != start["text.weight"])
    #expect(Plain(model.parameter("modal_weight").tensor.matrix) == start["modal_weight"])
    #expect(
      throws: ModelError.needsModalities(model: "LATTICE", count: 2, available: ["text"])
    ) { try makeModel("lattice", projection: ProjectionOptions(), on: input) }
  }

  @Test func `features that are no numbers end the epoch, and score no item`() throws {
    let model = try Self.model()
    let tensor = model.parameter("text.weight").tensor
    var weight = tensor.matrix
    weight[1, 2] = .infinity
    tensor.assign(weight)
    #expect(throws: NeighborError.self) { try model.beginEpoch(2) }
    #expect(model.representations().items.elements.allSatisfy { $0.isNaN })
  }

  @Test func `says what a data set lacks`() {
    checkRefusals(of: "lattice", title: "LATTICE", atLeast: 1)
  }
}
