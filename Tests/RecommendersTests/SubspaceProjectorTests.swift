import Autodiff
import LinearAlgebra
import Recommenders
import Redundancy
import Statistics
import Testing

@Suite("Subspace projector")
struct SubspaceProjectorTests {
  /// Two embeddings, 40 × 6, that share directions of falling strength.
  private static let embeddings: [Matrix<Float>] = {
    let shared = randomMatrix(40, 6, seed: 1)
    return [2, 3].map { (seed: UInt64) in
      var result = randomMatrix(40, 6, seed: seed, scale: 0.3)
      for row in 0..<40 {
        for column in 0..<6 {
          result[row, column] += shared[row, column] * Float(6 - column) / 6 + 0.5
        }
      }
      return result
    }
  }()

  private static func projector(
    _ options: ProjectionOptions, _ embeddings: [Matrix<Float>] = embeddings
  ) throws -> SubspaceProjector {
    let projector = SubspaceProjector(options, streams: RandomStreams(seed: 7))
    try projector.refresh(1) { embeddings }
    return projector
  }

  /// Q of a modality in double precision.
  private static func matrix(_ projector: SubspaceProjector, _ modality: Int) throws -> Plain {
    let projection = try #require(projector.projection)
    return plainProjection(Plain(projection.bases[modality]), strength: projection.strength)
  }

  private static func covariance(_ first: Plain, _ second: Plain) -> Plain {
    1 / Double(first.rowCount) * (first.centred.transposed * second.centred)
  }

  @Test(arguments: [1, 2, 6], [0.3, 0.9, 1.0])
  func `Q is symmetric with eigenvalues 1 − λ and 1`(rank: Int, strength: Double) throws {
    let projector = try Self.projector(ProjectionOptions(rank: rank, strength: strength))
    for modality in 0..<2 {
      let q = try Self.matrix(projector, modality)
      #expect((q - q.transposed).maximumMagnitude < 1e-14)
      let values = try symmetricEigen(q.matrix).values.sorted()
      let expected =
        [Double](repeating: 1 - strength, count: rank) + [Double](repeating: 1, count: 6 - rank)
      #expect(zip(values, expected).allSatisfy { abs($0 - $1) < 1e-12 })
      if strength == 1 {
        #expect((q * q - q).maximumMagnitude < 1e-12)
        let basis = Plain(try #require(projector.projection).bases[modality])
        #expect((basis.transposed * q).maximumMagnitude < 1e-12)
      }
    }
  }

  @Test(arguments: [1, 3], [0.3, 0.9, 1.0])
  func `the projected covariance has the damped singular values`(
    rank: Int, strength: Double
  ) throws {
    let projector = try Self.projector(ProjectionOptions(rank: rank, strength: strength))
    let (v, t) = (Plain(Self.embeddings[0]), Plain(Self.embeddings[1]))
    let before = try singularValues(Self.covariance(v, t).matrix)
    let after = try singularValues(
      Self.covariance(v * Self.matrix(projector, 0), t * Self.matrix(projector, 1)).matrix)
    let damping = (1 - strength) * (1 - strength)
    let expected = (before.prefix(rank).map { damping * $0 } + before.dropFirst(rank)).sorted(by: >)
    #expect(zip(after, expected).allSatisfy { abs($0 - $1) < 1e-10 * before[0] })
  }

  @Test func `gradients along the directions are damped as the features are`() throws {
    let projector = try Self.projector(ProjectionOptions(rank: 2, strength: 0.9))
    let upstream = randomMatrix(40, 6, seed: 11)
    for modality in 0..<2 {
      let x = Parameter("x", Self.embeddings[modality])
      let tape = Tape()
      let y = projector.apply(x.tensor, modality: modality, on: tape)
      // Σ g·y for constant g: rows of y meet rows of g in margins of a linear loss.
      let weights = (0..<6).map { column in
        Tensor(
          constant: Matrix(rowCount: 40, columnCount: 1, elements: upstream.column(column)))
      }
      let products = (0..<6).map {
        tape.scaledRows(tape.columns($0..<$0 + 1, of: y), by: weights[$0])
      }
      tape.backward(from: tape.total(tape.joined(products)))
      let basis = Plain(try #require(projector.projection).bases[modality])
      let (gradient, g) = (Plain(x.tensor.gradientMatrix), Plain(upstream))
      #expect((gradient * basis - 0.1 * (g * basis)).maximumMagnitude < 1e-5)
      let q = try Self.matrix(projector, modality)
      #expect((gradient - g * q).maximumMagnitude < 1e-5)
    }
  }

  @Test(arguments: [false, true], [ProjectionOptions.Scope.both, .second])
  func `a layer with the projection folded in gives the projected outputs of the layer`(
    isCentring: Bool, scope: ProjectionOptions.Scope
  ) throws {
    let projector = SubspaceProjector(
      ProjectionOptions(rank: 2, strength: 0.9, scope: scope), isCentring: isCentring,
      streams: RandomStreams(seed: 7))
    try projector.refresh(1) { Self.embeddings }
    let (x, weight) = (randomMatrix(30, 11, seed: 1), randomMatrix(6, 11, seed: 2))
    for bias in [Tensor(constant: randomMatrix(1, 6, seed: 3)), nil] {
      for modality in 0..<2 {
        let tape = Tape(isRecording: false)
        let (inputs, w) = (Tensor(constant: x), Tensor(constant: weight))
        let plain = projector.apply(
          tape.linear(inputs, weight: w, bias: bias), modality: modality, on: tape)
        let layer = projector.folded(weight: w, bias: bias, modality: modality, on: tape)
        let folded = tape.linear(inputs, weight: layer.weight, bias: layer.bias)
        #expect((Plain(plain.matrix) - Plain(folded.matrix)).maximumMagnitude < 1e-5)
      }
    }
  }

  @Test func `is refreshed in epoch 1 and every multiple of the interval`() throws {
    let projector = SubspaceProjector(
      ProjectionOptions(rank: 2, interval: 5), streams: RandomStreams(seed: 7))
    #expect((1...20).filter(projector.isDue) == [1, 5, 10, 15, 20])
    var refreshed: [Int] = []
    for epoch in 1...12 {
      let before = projector.projection
      let embeddings = [UInt64(2 * epoch), UInt64(2 * epoch + 1)].map {
        randomMatrix(40, 6, seed: 100 + $0)
      }
      try projector.refresh(epoch) { embeddings }
      if projector.projection != before { refreshed.append(epoch) }
      #expect((projector.refreshSeconds > 0) == (projector.projection != before))
    }
    #expect(refreshed == [1, 5, 10])
    #expect(
      (1...4).filter(
        SubspaceProjector(ProjectionOptions(), streams: RandomStreams(seed: 7)).isDue)
        == [1, 2, 3, 4])
  }

  @Test func `a rotated modality has a rotated projection, and the other the same`() throws {
    let options = ProjectionOptions(rank: 2, strength: 0.9)
    let rotation = Plain(orthonormalBasis(Matrix<Double>(randomMatrix(6, 6, seed: 9))))
    let rotated = Matrix<Float>((Plain(Self.embeddings[0]) * rotation).matrix)
    let (plain, turned) = (
      try Self.projector(options), try Self.projector(options, [rotated, Self.embeddings[1]])
    )
    let (q, found) = (try Self.matrix(plain, 0), try Self.matrix(turned, 0))
    #expect((found - rotation.transposed * q * rotation).maximumMagnitude < 1e-5)
    #expect(
      (Plain(rotated) * found - Plain(Self.embeddings[0]) * q * rotation).maximumMagnitude < 1e-5)
    let others = try (Self.matrix(plain, 1), Self.matrix(turned, 1))
    #expect((others.0 - others.1).maximumMagnitude < 1e-5)
  }

  @Test func `trailing directions are the weakest`() throws {
    let leading = try Self.projector(ProjectionOptions(rank: 6, strength: 1))
    let trailing = try Self.projector(
      ProjectionOptions(rank: 2, strength: 1, directions: .trailing))
    for modality in 0..<2 {
      let all = Plain(try #require(leading.projection).bases[modality])
      let basis = Plain(try #require(trailing.projection).bases[modality])
      let ends = all.columns(4..<6)
      #expect(
        (basis * basis.transposed - ends * ends.transposed).maximumMagnitude < 1e-10)
    }
    // The strongest part is untouched.
    let (v, t) = (Plain(Self.embeddings[0]), Plain(Self.embeddings[1]))
    let before = try singularValues(Self.covariance(v, t).matrix)
    let after = try singularValues(
      Self.covariance(v * Self.matrix(trailing, 0), t * Self.matrix(trailing, 1)).matrix)
    #expect(zip(after.prefix(4), before).allSatisfy { abs($0 - $1) < 1e-10 * before[0] })
    #expect(after.suffix(2).allSatisfy { $0 < 1e-10 * before[0] })
  }

  @Test func `random directions are orthonormal, own to a modality, and drawn once`() throws {
    let options = ProjectionOptions(rank: 2, strength: 0.9, directions: .random)
    let projector = try Self.projector(options)
    let first = try #require(projector.projection)
    for basis in first.bases.map({ Plain($0) }) {
      #expect((basis.transposed * basis - .identity(2)).maximumMagnitude < 1e-12)
    }
    #expect(first.bases[0] != first.bases[1])
    try projector.refresh(2) { [randomMatrix(40, 6, seed: 50), randomMatrix(40, 6, seed: 51)] }
    #expect(projector.projection == first)
    let other = SubspaceProjector(options, streams: RandomStreams(seed: 8))
    try other.refresh(1) { Self.embeddings }
    #expect(other.projection != first)
    let leading = try Self.projector(ProjectionOptions(rank: 2, strength: 0.9))
    #expect(leading.projection != first)
  }

  @Test(arguments: ProjectionOptions.Scope.allCases)
  func `acts on the modalities in its scope`(scope: ProjectionOptions.Scope) throws {
    let projector = try Self.projector(ProjectionOptions(rank: 2, scope: scope))
    for modality in 0..<2 {
      let isIn = scope == .both || (scope == .first) == (modality == 0)
      #expect(projector.includes(modality) == isIn)
      let x = Tensor(constant: Self.embeddings[modality])
      let y = projector.apply(x, modality: modality, on: Tape())
      #expect((y.matrix == x.matrix) == !isIn)
    }
  }

  @Test func `strength 0 never looks and never acts`() throws {
    let projector = SubspaceProjector(
      ProjectionOptions(rank: 2, strength: 0), streams: RandomStreams(seed: 7))
    try projector.refresh(1) {
      Issue.record("the embeddings are not needed")
      return Self.embeddings
    }
    let x = Tensor(constant: Self.embeddings[0])
    #expect(projector.apply(x, modality: 0, on: Tape()) === x)
    #expect(projector.projection == nil)
  }

  @Test func `a share of energy chooses the smallest rank that holds it, at every refresh`()
    throws
  {
    let values = try singularValues(
      Self.covariance(Plain(Self.embeddings[0]), Plain(Self.embeddings[1])).matrix)
    let energies = values.map { $0 * $0 }
    let total = energies.reduce(0, +)
    for rank in 1...6 {
      let (below, upTo) = (
        energies.prefix(rank - 1).reduce(0, +) / total, energies.prefix(rank).reduce(0, +) / total
      )
      let projector = try Self.projector(
        ProjectionOptions(rank: 1, energyShare: (below + upTo) / 2))
      #expect(projector.projection?.rank == rank)
    }
    let all = try Self.projector(ProjectionOptions(rank: 1, energyShare: 1))
    #expect(all.projection?.rank == 6)

    // One shared direction, then six equal ones.
    let one = randomMatrix(40, 1, seed: 60).elements
    let narrow = [61, 62].map { (seed: UInt64) in
      var result = randomMatrix(40, 6, seed: seed, scale: 1e-3)
      for row in 0..<40 { result[row, Int(seed) - 61] += one[row] }
      return result
    }
    let even = randomMatrix(40, 6, seed: 63)
    let projector = SubspaceProjector(
      ProjectionOptions(rank: 4, energyShare: 0.9), streams: RandomStreams(seed: 7))
    try projector.refresh(1) { narrow }
    #expect(projector.projection?.rank == 1)
    try projector.refresh(2) { [even, even] }
    #expect(try #require(projector.projection).rank > 2)
  }

  @Test func `knows the gap behind its last direction`() throws {
    let values = try singularValues(
      Self.covariance(Plain(Self.embeddings[0]), Plain(Self.embeddings[1])).matrix)
    let projector = try Self.projector(ProjectionOptions(rank: 2))
    #expect(abs(try #require(projector.spectralGap) - (values[1] - values[2])) < 1e-8)
    #expect(try Self.projector(ProjectionOptions(rank: 6)).spectralGap == nil)
  }

  @Test func `removes the means of the last refresh where that is asked for`() throws {
    let options = ProjectionOptions(rank: 2, strength: 0.9)
    let projector = SubspaceProjector(
      options, isCentring: true, streams: RandomStreams(seed: 7))
    try projector.refresh(1) { Self.embeddings }
    let other = SubspaceProjector(options, isCentring: true, streams: RandomStreams(seed: 7))
    other.restore(try #require(projector.projection), means: projector.means)
    for modality in 0..<2 {
      let x = Plain(Self.embeddings[modality])
      let expected = x.centred * (try Self.matrix(projector, modality))
      let shifted = Tensor(constant: Self.embeddings[modality])
      for projector in [projector, other] {
        let found = projector.apply(shifted, modality: modality, on: Tape())
        #expect((Plain(found.matrix) - expected).maximumMagnitude < 1e-5)
      }
    }
    #expect(try Self.projector(options).means == nil)
  }

  @Test(arguments: OverfitTests.cases.filter { $0.2 != nil }.map { ($0.0, $0.1) })
  func `every model's measured embeddings are those of its refresh`(
    name: String, settings: [String: SettingValue]
  ) throws {
    func model() throws -> any Recommender {
      let model = try makeModel(
        name, settings.merging(OverfitTests.small) { $1 }, projection: ProjectionOptions(rank: 2),
        on: OverfitTests.input)
      model.randomize()
      try model.beginEpoch(1)
      return model
    }
    let (fresh, prepared) = (try model(), try model())
    for model in [fresh, prepared] { model.randomize(seed: 8) }
    let projector = try #require(prepared.projector)
    projector.prepare(prepared.modalityEmbeddings().map(\.before))
    try fresh.beginEpoch(2)
    try prepared.beginEpoch(2)
    #expect(projector.projection?.bases == fresh.projector?.projection?.bases)
  }

  @Test func `embeddings that were measured serve the next epoch alone`() throws {
    var calls = 0
    func refresh(_ projector: SubspaceProjector, _ epoch: Int) throws {
      try projector.refresh(epoch) {
        calls += 1
        return Self.embeddings
      }
    }
    let projector = try Self.projector(ProjectionOptions(rank: 2, interval: 2))
    let bases = try #require(projector.projection).bases
    let others: [Matrix<Float>] = Self.embeddings.reversed()
    projector.prepare(others)
    try refresh(projector, 2)
    let expected = try Self.projector(projector.options, others).projection?.bases
    #expect(calls == 0 && projector.projection?.bases == expected && expected != bases)
    projector.prepare(others)
    for epoch in 3...4 { try refresh(projector, epoch) }
    #expect(calls == 1 && projector.projection?.bases == bases)
    projector.prepare(others)
    projector.restore(try #require(projector.projection))
    try refresh(projector, 6)
    #expect(calls == 2 && projector.projection?.bases == bases)
  }

  @Test func `refuses what has no directions`() throws {
    #expect(throws: ModelError.rankOutOfRange(rank: 7, width: 6)) {
      try Self.projector(ProjectionOptions(rank: 7))
    }
    var bad = Self.embeddings
    bad[1][3, 2] = .nan
    #expect(throws: LinearAlgebraError.self) {
      try Self.projector(ProjectionOptions(rank: 2), bad)
    }
  }
}
