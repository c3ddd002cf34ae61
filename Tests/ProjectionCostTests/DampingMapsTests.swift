import LinearAlgebra
import ProjectionCost
import Redundancy
import Statistics
import Testing

@Suite("Damping maps")
struct DampingMapsTests {
  let features = CostWorlds.mixed(items: 800, widths: (11, 7), seed: 31)

  func way(
    _ damping: Damping, rank: Int = 3, strength: Double = 1, regularization: Double = 0.1
  ) throws -> DampingMaps {
    try #require(
      CostWorlds.maps(features, rank: rank, strength: strength, regularization: regularization)
        .first { $0.damping == damping })
  }

  /// numpy 2.4, with pseudo-inverses and symmetric square roots.
  @Test func `whitened agree with numpy`() throws {
    let known = try CostReference.read().projections
    let pair = FeaturePair(Matrix(rows: known.first), Matrix(rows: known.second))
    let maps = try CostWorlds.maps(
      pair, rank: known.rank, strength: known.strength, regularization: known.ridge)
    for (damping, expected) in [
      (Damping.canonical, known.canonical), (.leastSquares, known.erasure),
    ] {
      let found = try #require(maps.first { $0.damping == damping })
      for (map, matrix) in zip([found.first, found.second], expected) {
        // numpy's act from the left on columns.
        let difference = CostWorlds.written(map).transposed() - Matrix(rows: matrix)
        #expect(difference.maximumMagnitude < 1e-6)
      }
    }
  }

  @Test(arguments: [Damping.shared, .trailing, .principal, .random])
  func `that are orthogonal are symmetric and idempotent at full strength`(
    damping: Damping
  ) throws {
    let maps = try way(damping)
    for map in [maps.first, maps.second] {
      #expect(map.isOrthogonal && map.rank == 3)
      let matrix = CostWorlds.written(map)
      #expect((matrix - matrix.transposed()).maximumMagnitude < 1e-14)
      #expect((product(matrix, matrix) - matrix).maximumMagnitude < 1e-12)
    }
  }

  @Test(arguments: [Damping.canonical, .leastSquares])
  func `that are oblique are idempotent at full strength`(damping: Damping) throws {
    let maps = try way(damping)
    for map in [maps.first, maps.second] {
      let matrix = CostWorlds.written(map)
      #expect((product(matrix, matrix) - matrix).maximumMagnitude < 1e-9)
      #expect((matrix - matrix.transposed()).maximumMagnitude > 1e-3)
    }
  }

  @Test func `of CLEAR are those of the null-space projection`() throws {
    let projection = try NullSpaceProjection(
      modalities: [features.first, features.second], rank: 3, strength: 0.4)
    let maps = try way(.shared, strength: 0.4)
    #expect(maps.first == LowRankMap(orthonormal: projection.bases[0], strength: 0.4))
    #expect(maps.second == LowRankMap(orthonormal: projection.bases[1], strength: 0.4))
  }

  @Test func `of the trailing directions leave the leading ones`() throws {
    let subspace = try SharedSubspace(between: features.first, and: features.second)
    let maps = try way(.trailing)
    let cosines = product(maps.first.a, .transposed, subspace.first.leadingColumns(4), .none)
    #expect(cosines.maximumMagnitude < 1e-12)
    #expect(maps.second.a == subspace.second.columns(4..<7))
  }

  @Test func `of the canonical directions leave no canonical correlation that they damp`() throws {
    let maps = try way(.canonical, regularization: 1e-9)
    func correlations(_ x: Matrix<Float>, _ y: Matrix<Float>) throws -> [Double] {
      try CanonicalCorrelation(
        JointCovariance(between: x, and: y), regularization: 1e-6
      ).correlations
    }
    let before = try correlations(features.first, features.second)
    let after = try correlations(
      maps.first.apply(features.first), maps.second.apply(features.second))
    for index in 0..<4 { #expect(abs(after[index] - before[index + 3]) < 1e-3) }
    #expect(before[0] > 2 * before[3])
  }

  /// Σxz of the mapped first modality with z = W_kᵀy.
  func crossCovarianceWithZ(_ map: LowRankMap, rank: Int) throws -> Matrix<Double> {
    let subspace = try SharedSubspace(between: features.first, and: features.second)
    let cross = product(subspace.covariance.matrix, subspace.second.leadingColumns(rank))
    return product(CostWorlds.written(map), .transposed, cross, .none)
  }

  @Test(arguments: [1, 3, 7])
  func `of least squares leave no covariance with what they erase`(rank: Int) throws {
    let erased = try crossCovarianceWithZ(try way(.leastSquares, rank: rank).first, rank: rank)
    let subspace = try SharedSubspace(between: features.first, and: features.second)
    #expect(erased.maximumMagnitude < 1e-9 * subspace.singularValues[0])
    // There was something to erase.
    let before = try crossCovarianceWithZ(.identity(width: 11), rank: rank)
    #expect(before.maximumMagnitude > 0.1 * subspace.singularValues[0])
  }

  @Test func `of least squares change the items least among those that erase as much`() throws {
    let maps = try way(.leastSquares, regularization: 1e-9)
    let shared = try way(.shared)
    let sigma = covariance(features.first)
    let least = try #require(VarianceCost(of: maps.first, covariance: sigma)).moved
    let orthogonal = try #require(VarianceCost(of: shared.first, covariance: sigma)).moved
    #expect(try crossCovarianceWithZ(shared.first, rank: 3).maximumMagnitude < 1e-9)
    #expect(least < 0.9 * orthogonal)
    // I − U·Bᵀ with any B of BᵀU = I erases as much. The best one is B·Aᵀ·U of this map; from
    // there every step outside the span of U makes it worse.
    let best = product(
      maps.first.b, product(maps.first.a, .transposed, shared.first.a, .none))
    for seed in 1...20 as ClosedRange<UInt64> {
      let away = CostWorlds.gaussian(11, 3, seed: 100 + seed)
      let inside = product(shared.first.a, product(shared.first.a, .transposed, away, .none))
      let step = CostWorlds.scaled(away - inside, 0.1)
      let other = LowRankMap(a: shared.first.a, b: best + step, strength: 1)
      #expect(try crossCovarianceWithZ(other, rank: 3).maximumMagnitude < 1e-8)
      #expect(try #require(VarianceCost(of: other, covariance: sigma)).moved > least)
    }
  }

  @Test func `of random directions differ by draw and modality and repeat by seed`() throws {
    let subspace = try SharedSubspace(between: features.first, and: features.second)
    let joint = try JointCovariance(between: features.first, and: features.second)
    let maker = try DampingMapMaker(subspace, joint, rank: 2, strength: 1)
    let streams = RandomStreams(seed: 3)
    #expect(maker.random(draw: 0, streams: streams) == maker.random(draw: 0, streams: streams))
    #expect(maker.random(draw: 0, streams: streams) != maker.random(draw: 1, streams: streams))
    #expect(
      maker.random(draw: 0, streams: streams)
        != maker.random(draw: 0, streams: RandomStreams(seed: 4)))
  }

  @Test func `lose no more variance than the principal directions`() throws {
    for seed in 1...6 as ClosedRange<UInt64> {
      let world = CostWorlds.mixed(items: 200, widths: (10, 6), seed: 1000 * seed)
      let joint = try JointCovariance(between: world.first, and: world.second)
      for rank in [1, 3, 6] {
        for strength in [0.5, 1] {
          let maps = try CostWorlds.maps(world, rank: rank, strength: strength)
          for maps in maps {
            let costs = [
              VarianceCost(of: maps.first, covariance: joint.first),
              VarianceCost(of: maps.second, covariance: joint.second),
            ]
            for cost in costs {
              let lost = try #require(cost).lost
              #expect(lost >= 0 && lost <= 1)
            }
          }
          for (modality, sigma) in [joint.first, joint.second].enumerated() {
            let lost = maps.filter(\.first.isOrthogonal).map {
              VarianceCost(of: modality == 0 ? $0.first : $0.second, covariance: sigma)?.lost ?? 2
            }
            let principal = lost[2]
            for value in lost { #expect(value <= principal + 1e-9) }
          }
        }
      }
    }
  }

  @Test func `leave modalities alone that have nothing to whiten`() throws {
    let constant = Matrix<Float>(rowCount: 50, columnCount: 4, repeating: 2)
    let other = Matrix<Float>(CostWorlds.gaussian(50, 5, seed: 9))
    let maps = try CostWorlds.maps(FeaturePair(constant, other), rank: 2, strength: 1)
    for maps in maps where !maps.first.isOrthogonal || maps.first.rank == 0 {
      #expect(maps.first == .identity(width: 4) && maps.second == .identity(width: 5))
    }
    #expect(maps.count { $0.first.rank == 0 } == 2)
  }

  @Test func `refuse ranks and strengths out of range`() throws {
    #expect(throws: RedundancyError.rankOutOfRange(rank: 8, available: 7)) {
      try way(.shared, rank: 8)
    }
    #expect(throws: RedundancyError.strengthOutOfRange(1.5)) { try way(.shared, strength: 1.5) }
  }
}
