import Autodiff
import Datasets
import LinearAlgebra
import Recommenders
import Statistics

/// Seven users and nine items with features of two modalities.
///
/// User 6 and item 8 have no edge, one pair is there twice, and the batch names rows repeatedly.
enum TinyWorld {
  static let users = 7
  static let items = 9
  static let pairs: [(Int32, Int32)] = [
    (0, 0), (0, 1), (0, 4), (1, 1), (1, 2), (2, 2), (2, 3), (2, 5), (3, 0), (3, 6), (4, 4),
    (4, 6), (4, 7), (5, 5), (5, 7), (0, 1),
  ]
  static let distinctPairs = Array(pairs.dropLast())
  static let triples = Triples(
    users: [0, 0, 1, 2, 3, 4, 5, 5, 0, 2], positives: [0, 1, 2, 3, 6, 4, 7, 5, 1, 2],
    negatives: [8, 3, 0, 8, 7, 1, 0, 2, 3, 7])
  static let image = randomMatrix(items, 6, seed: 71)
  static let text = randomMatrix(items, 5, seed: 72)

  static let input = ModelInput(pairs, users: users, items: items, image: image, text: text)

  /// With precomputed neighbours in the place of the text's features.
  static let listsInput = ModelInput(
    userCount: users, itemCount: items, trainingUsers: pairs.map(\.0),
    trainingItems: pairs.map(\.1),
    modalities: [
      input.modalities[0],
      .neighbors(
        PrecomputedNeighbors(
          modality: "text", items: items, width: 1, indices: (0..<Int32(items)).map { $0 },
          cosines: [Float](repeating: 1, count: items), path: "text_knn.npy")),
    ])

  static let features = ["image": Plain(image), "text": Plain(text)]
  static let neighborCount = 3
  static let itemGraph = plainItemGraph(
    [Plain(image), Plain(text)], count: neighborCount, firstWeight: 0.1)

  static func adjacency(
    _ edges: [(Int32, Int32)] = distinctPairs, offset: Double
  ) -> Plain {
    plainAdjacency(users: users, items: items, edges, offset: offset)
  }
}

/// Standard normal numbers, scaled.
func randomMatrix(
  _ rowCount: Int, _ columnCount: Int, seed: UInt64, scale: Double = 1
) -> Matrix<Float> {
  var generator = SeededGenerator(seed: seed)
  return Matrix(
    rowCount: rowCount, columnCount: columnCount,
    elements: generator.normals(rowCount * columnCount).map { Float(scale * $0) })
}

extension ModelInput {
  init(
    _ pairs: [(Int32, Int32)], users: Int, items: Int, image: Matrix<Float>, text: Matrix<Float>
  ) {
    self.init(
      userCount: users, itemCount: items, trainingUsers: pairs.map(\.0),
      trainingItems: pairs.map(\.1),
      modalities: [
        .features(FeatureMatrix(name: "image", generated: image)),
        .features(FeatureMatrix(name: "text", generated: text)),
      ])
  }
}

extension Triples {
  var batch: Batch { batch(epoch: 1) }

  func batch(epoch: Int, step: Int = 1, fullCount: Int? = nil) -> Batch {
    Batch(
      users: users[...], positives: positives[...], negatives: negatives[...], epoch: epoch,
      step: step, fullCount: fullCount)
  }
}

/// Builds a model of the catalog; what `settings` leaves out has the declared default.
func makeModel(
  _ name: String, _ settings: [String: SettingValue] = [:],
  projection: ProjectionOptions? = nil, on input: ModelInput = TinyWorld.input,
  seed: UInt64 = 1
) throws -> any Recommender {
  let descriptor = ModelCatalog.all.first { $0.name == name }!
  var values = Dictionary(
    uniqueKeysWithValues: descriptor.hyperParameters.map { ($0.name, $0.defaultValue) })
  for (key, value) in settings {
    precondition(values[key] != nil, "\(name) does not declare \(key)")
    values[key] = value
  }
  return try descriptor.make(
    input, HyperParameters(values), projection, RandomStreams(seed: seed))
}

extension Recommender {
  /// The parameters in double precision.
  var plainParameters: [String: Plain] {
    Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, Plain($0.tensor.matrix)) })
  }

  func parameter(_ name: String) -> Parameter { parameters.first { $0.name == name }! }

  /// Gives every parameter normal numbers, so that none is at a special place.
  func randomize(seed: UInt64 = 5, scale: Double = 0.5) {
    for (index, parameter) in parameters.enumerated() {
      parameter.tensor.assign(
        randomMatrix(
          parameter.tensor.rowCount, parameter.tensor.columnCount,
          seed: seed + UInt64(index), scale: scale))
    }
  }

  /// Copies the parameters of `other`, by name.
  func assign(_ other: any Recommender) {
    for parameter in parameters {
      parameter.tensor.assign(other.parameter(parameter.name).tensor.matrix)
    }
  }

  /// The loss of a batch and its terms.
  func lossTerms(_ triples: Triples) -> [String: Double] {
    let loss = loss(of: triples.batch, on: Tape())
    var terms = ["total": Double(loss.total.scalar)]
    for (name, value) in loss.terms { terms[name] = Double(value.scalar) }
    return terms
  }

  /// Gradients of a batch by parameter; they are forgotten afterwards.
  func gradients(_ triples: Triples) -> [String: Matrix<Float>] {
    let tape = Tape()
    tape.backward(from: loss(of: triples.batch, on: tape).total)
    let result = parameters.map { ($0.name, $0.tensor.gradientMatrix) }
    for parameter in parameters { parameter.tensor.clearGradient() }
    return Dictionary(uniqueKeysWithValues: result)
  }

  /// Takes `steps` steps on the same batch and returns the parameters.
  @discardableResult
  func train(
    _ triples: Triples, steps: Int, learningRate: Double = 1e-2
  ) throws -> [Matrix<Float>] {
    let optimizer = Adam(parameters, learningRate: learningRate)
    let tape = Tape()
    for step in 0..<steps {
      try beginEpoch(step + 1)
      tape.begin()
      tape.backward(from: loss(of: triples.batch(epoch: step + 1), on: tape).total)
      optimizer.step()
    }
    return parameters.map(\.tensor.matrix)
  }

  /// Scores of all users and items.
  var scores: Matrix<Float> {
    let representations = representations()
    return product(representations.users, representations.items.transposed())
  }
}
