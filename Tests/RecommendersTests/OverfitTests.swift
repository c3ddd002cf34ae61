import Autodiff
import LinearAlgebra
import Recommenders
import Statistics
import Testing

/// Twelve users and fifteen items in three blocks; a user has exactly the items of the own block.
@Suite("Overfitting")
struct OverfitTests {
  static let pairs: [(Int32, Int32)] = (0..<12).flatMap { user in
    (0..<15).filter { $0 / 5 == user / 4 }.map { (Int32(user), Int32($0)) }
  }

  /// Features that tell nothing, so that a model must learn by heart.
  static let input = ModelInput(
    pairs, users: 12, items: 15, image: randomMatrix(15, 8, seed: 1),
    text: randomMatrix(15, 6, seed: 2))

  /// Every pair with every item that its user lacks.
  static let triples: Triples = {
    let all = pairs.flatMap { user, item in
      (0..<Int32(15)).filter { $0 / 5 != user / 4 }.map { (user, item, $0) }
    }
    return Triples(
      users: all.map(\.0), positives: all.map(\.1), negatives: all.map(\.2))
  }()

  /// Share of triples that are ranked rightly.
  static func accuracy(_ model: any Recommender) -> Double {
    let scores = model.scores
    let right = (0..<triples.count).filter {
      let user = Int(triples.users[$0])
      return scores[user, Int(triples.positives[$0])] > scores[user, Int(triples.negatives[$0])]
    }
    return Double(right.count) / Double(triples.count)
  }

  static let small: [String: SettingValue] = ["embedding_size": .integer(8)]

  static let cases: [(String, [String: SettingValue], ProjectionOptions?)] = [
    ("mf-bpr", [:], nil), ("lightgcn", [:], nil), ("vbpr", [:], nil),
    ("vbpr", [:], ProjectionOptions(rank: 2)),
    ("mmgcn", ["encoder_width": .integer(16)], nil),
    ("mmgcn", ["encoder_width": .integer(16)], ProjectionOptions(rank: 2)),
    ("dualgnn", ["encoder_width": .integer(16)], nil),
    ("dualgnn", ["encoder_width": .integer(16)], ProjectionOptions(rank: 2)),
    ("mmssl", ["cl_rate": .number(0)], nil),
    ("mmssl", ["cl_rate": .number(0)], ProjectionOptions(rank: 2)),
    ("freedom", ["knn_k": .integer(4), "dropout": .number(0.3)], nil),
    ("freedom", ["knn_k": .integer(4), "dropout": .number(0.3)], ProjectionOptions(rank: 2)),
    ("lattice", ["knn_k": .integer(4)], ProjectionOptions(rank: 2)),
    ("lattice", ["knn_k": .integer(4), "cf_model": .text("ngcf")], nil),
    ("mgcn", ["knn_k": .integer(4)], nil),
    ("mgcn", ["knn_k": .integer(4)], ProjectionOptions(rank: 2)),
    ("lgmrec", ["hyper_num": .integer(2)], nil),
    ("lgmrec", ["hyper_num": .integer(2)], ProjectionOptions(rank: 2)),
    ("clear", ["knn_k": .integer(4), "encoder_width": .integer(16)], ProjectionOptions(rank: 2)),
    ("clear", ["knn_k": .integer(4), "encoder_width": .integer(16)], nil),
    ("mentor", ["knn_k": .integer(4), "encoder_width": .integer(16)], nil),
    ("mentor", ["knn_k": .integer(4), "mask_weight_g": .number(1e-2)], ProjectionOptions(rank: 2)),
    ("sand", ["knn_k": .integer(4), "encoder_width": .integer(16)], nil),
    (
      "sand", ["knn_k": .integer(4), "distancing": .text("negative_l2")],
      ProjectionOptions(rank: 2)
    ),
  ]

  @Test(arguments: cases.indices)
  func `every model learns a small world by heart, the same way twice`(index: Int) throws {
    let (name, settings, projection) = Self.cases[index]
    let penalty = ["reg_weight": SettingValue.number(1e-3)].filter { key, _ in
      ModelCatalog.all.contains {
        $0.name == name && $0.hyperParameters.contains { $0.name == key }
      }
    }
    func trained() throws -> (any Recommender, [Matrix<Float>]) {
      let model = try makeModel(
        name, Self.small.merging(settings) { $1 }.merging(penalty) { $1 },
        projection: projection, on: Self.input, seed: 3)
      return (model, try model.train(Self.triples, steps: 300, learningRate: 0.02))
    }
    let untrained = try makeModel(
      name, Self.small.merging(settings) { $1 }, projection: projection, on: Self.input, seed: 3)
    let (model, parameters) = try trained()
    #expect(Self.accuracy(model) > 0.995)
    // Where content is smoothed over the graph, most triples are ranked rightly before training.
    if name != "lgmrec" { #expect(Self.accuracy(untrained) < 0.999) }
    #expect(model.lossTerms(Self.triples)["bpr"]! < 0.2)
    #expect(try trained().1 == parameters)
  }
}
