import Autodiff
import Foundation
import LinearAlgebra
import Recommenders
import Statistics
import Testing

@Suite("VBPR")
struct VBPRTests {
  static func model(
    penalty: Double = 0, width: Int = 4, projection: ProjectionOptions? = nil
  ) throws -> any Recommender {
    let model = try makeModel(
      "vbpr", ["embedding_size": .integer(width), "reg_weight": .number(penalty)],
      projection: projection)
    model.randomize()
    try model.beginEpoch(1)
    return model
  }

  private func plain(
    penalty: Double, projections: (image: Plain, text: Plain)? = nil
  ) -> PlainVBPR {
    PlainVBPR(
      image: Plain(TinyWorld.image), text: Plain(TinyWorld.text), projections: projections,
      penalty: penalty)
  }

  @Test(arguments: [4, 20], [0.0, 0.3])
  func `loss, gradients and scores are those of the definition`(
    width: Int, penalty: Double
  ) throws {
    checkModel(
      try Self.model(penalty: penalty, width: width), against: plain(penalty: penalty))
  }

  @Test(arguments: [4, 20], ProjectionOptions.Scope.allCases)
  func `with the plug-in, content is the sum of the projected maps`(
    width: Int, scope: ProjectionOptions.Scope
  ) throws {
    let model = try Self.model(
      penalty: 0.3, width: width,
      projection: ProjectionOptions(rank: 2, strength: 0.9, scope: scope))
    let projector = try #require(model.projector)
    let q = projector.plainProjections
    let reference = plain(
      penalty: 0.3, projections: (q["image"] ?? .identity(width), q["text"] ?? .identity(width)))
    checkModel(model, against: reference)

    // The directions are those of the maps' covariance.
    let (text, image) = reference.encoded(model.plainParameters)
    try checkProjections(q, of: image, text)
  }

  @Test func `has the parameters of Baby`() throws {
    let model = try makeModel("vbpr", on: BabySizes.narrowInput)
    #expect(model.parameters.reduce(0) { $0 + $1.tensor.count } == 3_226_944)
    #expect(model.parameter("user_embedding").tensor.columnCount == 128)
    for (name, deviation) in [("image.weight", 0.02113), ("text.weight", 0.02113)] {
      // One joint map: 4480 inputs and 64 outputs.
      let elements = model.parameter(name).tensor.matrix.elements.map(Double.init)
      let expected = (2 / Double(4480 + 64)).squareRoot()
      #expect(abs(expected - deviation) < 2e-4)
      #expect(abs(try #require(sampleVariance(elements)).squareRoot() / expected - 1) < 2e-2)
    }
    #expect(model.parameter("content.bias").tensor.matrix.elements.allSatisfy { $0 == 0 })
  }

  @Test func `a text column acts through its column of the text's map alone`() throws {
    var text = TinyWorld.text
    for row in 0..<text.rowCount { text[row, 0] += Float(row) - 3 }
    let input = ModelInput(
      TinyWorld.pairs, users: TinyWorld.users, items: TinyWorld.items, image: TinyWorld.image,
      text: text)
    let settings = ["embedding_size": SettingValue.integer(4)]
    let original = try makeModel("vbpr", settings)
    original.randomize()
    let perturbed = try makeModel("vbpr", settings, on: input)
    perturbed.assign(original)
    #expect(perturbed.scores != original.scores)
    for model in [original, perturbed] {
      let tensor = model.parameter("text.weight").tensor
      var weight = tensor.matrix
      for row in 0..<weight.rowCount { weight[row, 0] = 0 }
      tensor.assign(weight)
    }
    #expect(perturbed.scores == original.scores)
  }

  @Test func `with an empty map it is MF-BPR on the identity half`() throws {
    let model = try Self.model()
    for name in ["image.weight", "text.weight", "content.bias"] {
      let tensor = model.parameter(name).tensor
      tensor.assign(Matrix(rowCount: tensor.rowCount, columnCount: tensor.columnCount))
    }
    let plain = try MFBPRTests.model(penalty: 0)
    let users = model.parameter("user_embedding").tensor.matrix
    plain.parameter("user_embedding").tensor.assign(users.columns(0..<4))
    plain.parameter("item_embedding").tensor.assign(model.parameter("item_embedding").tensor.matrix)
    #expect((Plain(model.scores) - Plain(plain.scores)).maximumMagnitude < 1e-6)
    let (found, expected) = (
      model.gradients(TinyWorld.triples), plain.gradients(TinyWorld.triples)
    )
    let ofUsers = found["user_embedding"]!
    #expect(
      (Plain(ofUsers.columns(0..<4)) - Plain(expected["user_embedding"]!)).maximumMagnitude < 1e-7)
    #expect(
      (Plain(found["item_embedding"]!) - Plain(expected["item_embedding"]!)).maximumMagnitude
        < 1e-7)
    #expect(found["image.weight"]!.elements.contains { $0 != 0 })
    #expect(found["text.weight"]!.elements.contains { $0 != 0 })
  }

  @Test func `the map has no gradient where no user looks at content`() throws {
    let model = try Self.model()
    let tensor = model.parameter("user_embedding").tensor
    var users = tensor.matrix
    for row in 0..<users.rowCount { for column in 4..<8 { users[row, column] = 0 } }
    tensor.assign(users)
    let gradients = model.gradients(TinyWorld.triples)
    for name in ["image.weight", "text.weight", "content.bias"] {
      #expect(gradients[name]!.elements.allSatisfy { $0 == 0 })
    }
    #expect(gradients["item_embedding"]!.elements.contains { $0 != 0 })
  }

  @Test func `the bias cancels in the ranking loss but not in the penalty`() throws {
    let free = try Self.model().gradients(TinyWorld.triples)["content.bias"]!
    let penalized = try Self.model(penalty: 0.3).gradients(TinyWorld.triples)["content.bias"]!
    #expect(free.elements.allSatisfy { abs($0) < 1e-7 })
    #expect(penalized.elements.allSatisfy { abs($0) > 1e-4 })
  }

  @Test func `the plug-in at strength 0 is the baseline, bit for bit; at 0.9 it is not`() throws {
    try checkStrengthZeroIsBaseline { try Self.model(penalty: 0.1, projection: $0) }
  }

  @Test func `the plug-in at full strength and rank leaves the bias for content`() throws {
    let model = try Self.model(projection: ProjectionOptions(rank: 4, strength: 1))
    let content = Plain(model.representations().items).columns(4..<8)
    let bias = Plain(model.parameter("content.bias").tensor.matrix).rows[0]
    for row in content.rows { #expect(zip(row, bias).allSatisfy { abs($0 - $1) < 1e-5 }) }
  }

  @Test(arguments: [1 as UInt64, 2])
  func `starts near ln 2 for features of moderate scale`(seed: UInt64) throws {
    let input = ModelInput(
      [(0, 0)], users: BabySizes.users, items: BabySizes.items,
      image: randomMatrix(BabySizes.items, 128, seed: seed),
      text: randomMatrix(BabySizes.items, 32, seed: seed + 10))
    let model = try makeModel("vbpr", ["reg_weight": .number(0)], on: input, seed: seed)
    let loss = model.lossTerms(BabySizes.triples(2048, seed: seed))["total"]
    #expect(abs(try #require(loss) - log(2)) < 6e-3)
  }

  @Test func `says what a data set lacks`() {
    let input = ModelInput(
      userCount: 2, itemCount: 2, trainingUsers: [0], trainingItems: [0], modalities: [])
    #expect(throws: ModelError.needsModalities(model: "VBPR", count: 1, available: [])) {
      try makeModel("vbpr", on: input)
    }
  }
}
