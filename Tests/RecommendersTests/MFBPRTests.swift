import Autodiff
import Foundation
import LinearAlgebra
import Recommenders
import Statistics
import Testing

@Suite("MF-BPR")
struct MFBPRTests {
  static func model(penalty: Double, width: Int = 4) throws -> any Recommender {
    let model = try makeModel(
      "mf-bpr", ["embedding_size": .integer(width), "reg_weight": .number(penalty)])
    model.randomize()
    return model
  }

  @Test(arguments: [4, 20], [0.0, 0.3])
  func `loss, gradients and scores are those of the definition`(
    width: Int, penalty: Double
  ) throws {
    checkModel(
      try Self.model(penalty: penalty, width: width), against: PlainMFBPR(penalty: penalty))
  }

  @Test(arguments: [1 as UInt64, 2])
  func `starts at ln 2 and at the penalty that the tables' spread implies`(seed: UInt64) throws {
    let model = try makeModel(
      "mf-bpr", ["reg_weight": .number(1)], on: BabySizes.emptyInput, seed: seed)
    let terms = model.lossTerms(BabySizes.triples(2048, seed: seed))
    #expect(abs(try #require(terms["bpr"]) - log(2)) < 1e-3)
    #expect(abs(try #require(terms["penalty"]) - 0.00772) < 1e-4)
    #expect(model.parameters.reduce(0) { $0 + $1.tensor.count } == 1_695_680)
  }

  @Test func `starts with normal tables whose spread depends on their size`() throws {
    let model = try makeModel("mf-bpr", on: BabySizes.emptyInput)
    for (name, deviation) in [("user_embedding", 0.01012), ("item_embedding", 0.01677)] {
      let elements = model.parameter(name).tensor.matrix.elements.map(Double.init)
      #expect(abs(try #require(sampleVariance(elements)).squareRoot() / deviation - 1) < 5e-3)
      // Kurtosis 3, where a uniform table has 1.8.
      let fourth = elements.reduce(0) { $0 + pow($1 / deviation, 4) } / Double(elements.count)
      #expect(abs(fourth - 3) < 0.1)
    }
  }

  @Test func `rows outside the batch have no gradient, a triple's items opposite ones`() throws {
    let model = try Self.model(penalty: 0)
    let gradients = model.gradients(Triples(users: [2], positives: [3], negatives: [5]))
    let users = Plain(try #require(gradients["user_embedding"]))
    let items = Plain(try #require(gradients["item_embedding"]))
    for user in 0..<TinyWorld.users {
      #expect(users.rows[user].allSatisfy { $0 == 0 } == (user != 2))
    }
    for item in 0..<TinyWorld.items {
      #expect(items.rows[item].allSatisfy { $0 == 0 } == ![3, 5].contains(item))
    }
    #expect(zip(items.rows[3], items.rows[5]).allSatisfy { $0 + $1 == 0 })
  }

  @Test func `the first step moves named rows by the learning rate and no others`() throws {
    let model = try Self.model(penalty: 0)
    let triples = Triples(users: [2], positives: [3], negatives: [5])
    let gradients = model.gradients(triples)
    let before = model.plainParameters
    try model.train(triples, steps: 1, learningRate: 1e-3)
    for (name, after) in model.plainParameters {
      let moves = after - before[name]!
      for (move, gradient) in zip(moves.rows.joined(), gradients[name]!.elements) {
        guard gradient != 0 else {
          #expect(move == 0)
          continue
        }
        #expect(abs(move + (gradient > 0 ? 1e-3 : -1e-3)) < 1e-6)
      }
    }
  }

  @Test func `a batch repeated leaves the ranking loss and divides the penalty by √2`() throws {
    let model = try Self.model(penalty: 1)
    let once = TinyWorld.triples
    let twice = Triples(
      users: once.users + once.users, positives: once.positives + once.positives,
      negatives: once.negatives + once.negatives)
    let (a, b) = (model.lossTerms(once), model.lossTerms(twice))
    #expect(abs(a["bpr"]! - b["bpr"]!) < 1e-6)
    #expect(abs(a["penalty"]! / b["penalty"]! - 2.squareRoot()) < 1e-6)
  }
}
