import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Null-space projection")
struct NullSpaceProjectionTests {
  let world = MeasureWorlds.planted(
    items: 600, widths: (18, 11), rank: 3, strength: 2, seed: 111)

  /// x·(I − λ·U·Uᵀ) with the projector written out.
  func plain(_ x: Matrix<Float>, _ basis: Matrix<Double>, _ strength: Double) -> Matrix<Double> {
    var projector = Matrix<Double>.identity(basis.rowCount)
    let shared = product(basis, .none, basis, .transposed)
    for i in projector.elements.indices { projector.elements[i] -= strength * shared.elements[i] }
    return product(Matrix<Double>(x), projector)
  }

  @Test(arguments: [(1, 0.3), (3, 0.9), (8, 1.0), (11, 0.5)])
  func `is the projector written out`(rank: Int, strength: Double) throws {
    let subspace = try SharedSubspace(between: world.first, and: world.second)
    let projection = try NullSpaceProjection(subspace, rank: rank, strength: strength)
    for (modality, x) in [world.first, world.second].enumerated() {
      let basis = [subspace.first, subspace.second][modality].leadingColumns(rank)
      #expect(projection.bases[modality] == basis)
      let found = Matrix<Double>(projection.apply(x, modality: modality))
      #expect((found - plain(x, basis, strength)).maximumMagnitude < 2e-6)
    }
    #expect(projection.rank == rank)
    #expect(projection.strength == strength)
  }

  @Test func `of strength zero changes nothing and of strength one is final`() throws {
    let subspace = try SharedSubspace(between: world.first, and: world.second)
    let none = try NullSpaceProjection(subspace, rank: 4, strength: 0)
    #expect(none.apply(world.first, modality: 0) == world.first)
    let full = try NullSpaceProjection(subspace, rank: 4, strength: 1)
    let once = full.apply(world.first, modality: 0)
    #expect(coordinates(of: world.first, in: full.bases[0]).maximumMagnitude > 1)
    #expect(coordinates(of: once, in: full.bases[0]).maximumMagnitude < 1e-5)
    let twice = Matrix<Double>(full.apply(once, modality: 0))
    #expect((twice - Matrix<Double>(once)).maximumMagnitude < 1e-5)
  }

  @Test func `damps the leading values of the covariance by (1 − λ)²`() throws {
    let subspace = try SharedSubspace(between: world.first, and: world.second)
    let projection = try NullSpaceProjection(subspace, rank: 3, strength: 0.6)
    let after = try SharedSubspace(
      between: projection.apply(world.first, modality: 0),
      and: projection.apply(world.second, modality: 1))
    let expected = subspace.singularValues.enumerated()
      .map { $0.offset < 3 ? 0.16 * $0.element : $0.element }.sorted(by: >)
    for (a, b) in zip(after.singularValues, expected) { #expect(abs(a - b) < 1e-6) }
  }

  @Test func `projects items it was not fitted to`() throws {
    let projection = try NullSpaceProjection(
      modalities: [world.first, world.second], rank: 3, strength: 0.9)
    let whole = projection.apply(world.first, modality: 0)
    let part = projection.apply(world.first.rows(100..<103), modality: 0)
    let difference = Matrix<Double>(part) - Matrix<Double>(whole.rows(100..<103))
    #expect(difference.maximumMagnitude < 1e-6)
    let empty = Matrix<Float>(rowCount: 0, columnCount: 18)
    #expect(projection.apply(empty, modality: 0).rowCount == 0)
  }

  @Test func `fits two modalities given as a list like a pair`() throws {
    let subspace = try SharedSubspace(between: world.first, and: world.second)
    #expect(
      try NullSpaceProjection(
        modalities: [world.first, world.second], rank: 3, strength: 0.5)
        == NullSpaceProjection(subspace, rank: 3, strength: 0.5))
  }

  /// Modality 0 shares a factor with 1 along axis 0 and another with 2 along axis 1.
  @Test func `of three modalities removes what each shares with any other`() throws {
    let latent = MeasureWorlds.doubleGaussian(3000, 2, seed: 112)
    var features = [6, 5, 4].enumerated().map { index, width in
      MeasureWorlds.doubleGaussian(3000, width, seed: 113 + UInt64(index))
    }
    for item in 0..<3000 {
      features[0][item, 0] += 3 * latent[item, 0]
      features[0][item, 1] += 2 * latent[item, 1]
      features[1][item, 3] += 3 * latent[item, 0]
      features[2][item, 2] += 2 * latent[item, 1]
    }
    let modalities = features.map { Matrix<Float>($0) }
    let projection = try NullSpaceProjection(modalities: modalities, rank: 2, strength: 1)
    #expect(projection.bases.map(\.rowCount) == [6, 5, 4])
    for basis in projection.bases {
      #expect(basis.columnCount == 2)
      let gram = product(basis, .transposed, basis, .none)
      #expect((gram - .identity(2)).maximumMagnitude < 1e-12)
    }
    // Both shared axes of modality 0 lie in its basis, strongest first.
    #expect(abs(projection.bases[0][0, 0]) > 0.99)
    #expect(abs(projection.bases[0][1, 1]) > 0.99)
    #expect(abs(projection.bases[1][3, 0]) > 0.99)
    #expect(abs(projection.bases[2][2, 0]) > 0.99)
    let projected = modalities.enumerated().map {
      projection.apply($0.element, modality: $0.offset)
    }
    for (a, b, before) in [(0, 1, 9.0), (0, 2, 4)] {
      let raw = try SharedSubspace(between: modalities[a], and: modalities[b])
      let after = try SharedSubspace(between: projected[a], and: projected[b])
      #expect(abs(raw.singularValues[0] - before) < 1)
      #expect(after.singularValues[0] < 0.15)
    }
  }

  @Test func `of three modalities takes each basis from the covariances with all others`() throws {
    let latent = MeasureWorlds.doubleGaussian(400, 4, seed: 121)
    let modalities = [7, 5, 6].enumerated().map { index, width in
      let mix = MeasureWorlds.doubleGaussian(4, width, seed: 122 + UInt64(index))
      let noise = MeasureWorlds.doubleGaussian(400, width, seed: 126 + UInt64(index))
      return Matrix<Float>(product(latent, mix) + noise)
    }
    let projection = try NullSpaceProjection(modalities: modalities, rank: 3, strength: 1)
    for i in 0..<3 {
      // C₁·C₁ᵀ + C₂·C₂ᵀ has the left singular vectors of [C₁ C₂] for eigenvectors.
      var sum = Matrix<Double>(
        rowCount: modalities[i].columnCount, columnCount: modalities[i].columnCount)
      for j in 0..<3 where j != i {
        let c = crossCovariance(modalities[i], modalities[j]).matrix
        sum = sum + product(c, .none, c, .transposed)
      }
      let expected = try symmetricEigen(sum).vectors.leadingColumns(3)
      let cosines = product(expected, .transposed, projection.bases[i], .none)
      for k in 0..<3 { #expect(abs(abs(cosines[k, k]) - 1) < 1e-8) }
    }
  }

  @Test func `refuses ranks and strengths out of range`() throws {
    let subspace = try SharedSubspace(between: world.first, and: world.second)
    for rank in [0, 12] {
      #expect(throws: RedundancyError.rankOutOfRange(rank: rank, available: 11)) {
        try NullSpaceProjection(subspace, rank: rank, strength: 0.5)
      }
    }
    for strength in [-0.1, 1.5] {
      #expect(throws: RedundancyError.strengthOutOfRange(strength)) {
        try NullSpaceProjection(subspace, rank: 2, strength: strength)
      }
    }
    #expect(throws: RedundancyError.self) {
      try NullSpaceProjection(subspace, rank: 2, strength: .nan)
    }
    #expect(throws: RedundancyError.itemCountMismatch(first: 600, second: 3)) {
      try NullSpaceProjection(
        modalities: [world.first, world.second, world.second.rows([0, 1, 2])], rank: 2,
        strength: 0.5)
    }
    #expect(throws: RedundancyError.rankOutOfRange(rank: 12, available: 11)) {
      try NullSpaceProjection(
        modalities: [world.first, world.second, world.second], rank: 12, strength: 0.5)
    }
  }

  @Test func `has the same bits for any number of threads`() throws {
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    let results = try [1, 4].map { count in
      Parallel.threadCount = count
      let projection = try NullSpaceProjection(
        modalities: [world.first, world.second], rank: 3, strength: 0.9)
      return projection.apply(world.first, modality: 0)
    }
    #expect(results[0] == results[1])
  }
}
