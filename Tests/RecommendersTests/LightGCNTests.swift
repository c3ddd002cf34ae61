import Autodiff
import Foundation
import LinearAlgebra
import Recommenders
import Statistics
import Testing

@Suite("LightGCN")
struct LightGCNTests {
  static func model(
    layers: Int, penalty: Double = 0, width: Int = 4
  ) throws -> any Recommender {
    let model = try makeModel(
      "lightgcn",
      [
        "embedding_size": .integer(width), "n_layers": .integer(layers),
        "reg_weight": .number(penalty),
      ])
    model.randomize()
    return model
  }

  @Test(arguments: [4, 20], [0, 1, 2, 3, 4])
  func `loss, gradients and scores are those of the definition`(width: Int, layers: Int) throws {
    checkModel(
      try Self.model(layers: layers, penalty: 0.3, width: width),
      against: PlainLightGCN(
        adjacency: TinyWorld.adjacency(offset: 1e-7), layers: layers, penalty: 0.3))
  }

  @Test func `without layers it is MF-BPR`() throws {
    let flat = try Self.model(layers: 0, penalty: 0.1)
    let plain = try MFBPRTests.model(penalty: 0.1)
    plain.assign(flat)
    #expect(flat.scores == plain.scores)
    #expect(flat.lossTerms(TinyWorld.triples) == plain.lossTerms(TinyWorld.triples))
    let expected = plain.gradients(TinyWorld.triples)
    for (name, gradient) in flat.gradients(TinyWorld.triples) {
      let difference = Plain(gradient) - Plain(try #require(expected[name]))
      #expect(difference.maximumMagnitude < 1e-7, "\(name)")
    }
  }

  @Test(arguments: [1, 2, 5])
  func `tables proportional to the roots of degrees stay as they are`(layers: Int) throws {
    let model = try Self.model(layers: layers)
    let direction = [0.3, -1, 2, 0.7]
    var degrees = [Double](repeating: 0, count: TinyWorld.users + TinyWorld.items)
    for (user, item) in TinyWorld.distinctPairs {
      degrees[Int(user)] += 1
      degrees[TinyWorld.users + Int(item)] += 1
    }
    let rows = degrees.map { degree in direction.map { Float(degree.squareRoot() * $0) } }
    let (users, items) = (Matrix(rows: Array(rows[..<7])), Matrix(rows: Array(rows[7...])))
    model.parameter("user_embedding").tensor.assign(users)
    model.parameter("item_embedding").tensor.assign(items)
    let found = model.representations()
    #expect((Plain(found.users) - Plain(users)).maximumMagnitude < 1e-5)
    #expect((Plain(found.items) - Plain(items)).maximumMagnitude < 1e-5)
  }

  @Test(arguments: [1 as UInt64, 2])
  func `starts at ln 2 and at the penalty that the tables' spread implies`(seed: UInt64) throws {
    let pairs = BabySizes.randomPairs(seed: seed)
    let input = ModelInput(
      userCount: BabySizes.users, itemCount: BabySizes.items, trainingUsers: pairs.map(\.0),
      trainingItems: pairs.map(\.1), modalities: [])
    let model = try makeModel("lightgcn", ["reg_weight": .number(1)], on: input, seed: seed)
    let terms = model.lossTerms(BabySizes.triples(2048, seed: seed))
    #expect(abs(try #require(terms["bpr"]) - log(2)) < 1e-3)
    #expect(abs(try #require(terms["penalty"]) - 0.0077) < 1e-4)
    #expect(model.parameters.reduce(0) { $0 + $1.tensor.count } == 1_695_680)
  }

  @Test func `starts with uniform tables whose bounds depend on their size`() throws {
    let model = try makeModel("lightgcn", on: BabySizes.emptyInput)
    for (name, bound) in [("user_embedding", 0.01754), ("item_embedding", 0.02904)] {
      let elements = model.parameter(name).tensor.matrix.elements.map(Double.init)
      #expect(abs(try #require(elements.max()) - bound) < 1e-5)
      #expect(abs(try #require(elements.min()) + bound) < 1e-5)
      #expect(abs(try #require(sampleVariance(elements)) * 3 / (bound * bound) - 1) < 1e-2)
    }
  }

  @Test func `doubled parameters double representations and quadruple scores`() throws {
    let model = try Self.model(layers: 2)
    let (before, scores) = (model.representations(), model.scores)
    for parameter in model.parameters {
      var doubled = parameter.tensor.matrix
      for i in doubled.elements.indices { doubled.elements[i] *= 2 }
      parameter.tensor.assign(doubled)
    }
    // Powers of two lose no bits.
    #expect(model.representations().users.elements == before.users.elements.map { 2 * $0 })
    #expect(model.representations().items.elements == before.items.elements.map { 2 * $0 })
    #expect(model.scores.elements == scores.elements.map { 4 * $0 })
  }

  @Test func `one layer spreads a triple's gradient to direct neighbours only`() throws {
    let model = try Self.model(layers: 1)
    let gradients = model.gradients(Triples(users: [3], positives: [6], negatives: [5]))
    // User 3 has items 0 and 6; item 6 has users 3 and 4, item 5 users 2 and 5.
    let touched = ["user_embedding": [2, 3, 4, 5], "item_embedding": [0, 5, 6]]
    for (name, rows) in touched {
      let gradient = Plain(try #require(gradients[name]))
      for row in 0..<gradient.rowCount {
        #expect(gradient.rows[row].contains { $0 != 0 } == rows.contains(row), "\(name) \(row)")
      }
    }
  }
}
