import Datasets
import Foundation
import LinearAlgebra
import ProjectionCost
import Redundancy
import Statistics
import Testing

@Suite("Projection costs")
struct ProjectionCostsTests {
  let streams = RandomStreams(seed: 21)

  func costs(
    _ features: FeaturePair, rank: Int, strength: Double, labels: [Int]? = nil, draws: Int = 5
  ) throws -> ProjectionCosts {
    try ProjectionCosts(
      of: features, rank: rank, strength: strength, labels: labels, randomDraws: draws,
      streams: streams)
  }

  func way(_ costs: ProjectionCosts, _ damping: Damping) throws -> DampingCost {
    try #require(costs.ways.first { $0.damping == damping })
  }

  @Test func `cost nothing at strength zero, exactly`() throws {
    let world = CostWorlds.labelled()
    let found = try costs(world.features, rank: 3, strength: 0, labels: world.shared)
    for way in found.ways {
      #expect(way.sharedCovariance?.energy == 1 && way.sharedCovariance?.leading == 1)
      #expect(way.overlap == found.overlapBefore)
      for (cost, before) in zip(way.modalities, found.before) {
        #expect(cost.variance?.lost == 0 && cost.variance?.moved == 0)
        #expect(cost.neighborsKept == MeasuredShare(value: 1, standardError: 0))
        #expect(cost.voteAccuracy == before.voteAccuracy && before.voteAccuracy != nil)
        #expect(cost.linearAccuracy == before.linearAccuracy && before.linearAccuracy != nil)
      }
    }
    let random = try #require(found.random)
    #expect(random.overlap?.standardDeviation == 0 && random.overlap?.percentile == 50)
  }

  @Test func `name the ways in order and describe the sample`() throws {
    let world = CostWorlds.labelled()
    let found = try costs(world.features, rank: 2, strength: 0.9, labels: world.shared)
    #expect(
      found.ways.map(\.damping) == [
        .shared, .trailing, .principal, .canonical, .leastSquares,
      ])
    #expect(found.rank == 2 && found.strength == 0.9 && found.random?.draws == 5)
    #expect(found.anchorCount == 256 && found.listLength == 10 && found.classCount == 4)
    #expect(found.overlapChance == 10.0 / 599)
    let largest = (0..<4).map { label in world.shared.count { $0 == label } }.max() ?? 0
    #expect(found.chanceAccuracy == Double(largest) / 600)
    #expect(Set(Damping.allCases.map(\.title)).count == Damping.allCases.count)
    let decoded = try JSONDecoder().decode(
      ProjectionCosts.self, from: JSONEncoder().encode(found))
    #expect(decoded == found)
  }

  @Test func `show that CLEAR removes a shared factor where controls leave it`() throws {
    let world = World.sharedFactor(
      rank: 2, strength: 6, items: 1500, firstWidth: 30, secondWidth: 24, seed: 3)
    let found = try costs(FeaturePair(world.first, world.second), rank: 2, strength: 1)
    #expect(try #require(way(found, .shared).sharedCovariance).energy < 0.05)
    #expect(try #require(way(found, .leastSquares).sharedCovariance).energy < 0.05)
    #expect(try #require(way(found, .trailing).sharedCovariance).energy > 0.999)
    let random = try #require(found.random)
    #expect(try #require(random.sharedEnergy).mean > 0.5)
    #expect(random.sharedEnergy?.percentile == 0 && random.sharedLeading?.percentile == 0)
    // The factors are the strongest directions of both modalities.
    #expect(try #require(way(found, .principal).sharedCovariance).energy < 0.1)
    #expect(found.overlapBefore.value > 3 * found.overlapChance)
    #expect(try way(found, .shared).overlap.value < 2 * found.overlapChance)
    #expect(try way(found, .trailing).overlap.value > 0.7 * found.overlapBefore.value)
    #expect(
      try way(found, .shared).modalities[0].neighborsKept.value
        < way(found, .trailing).modalities[0].neighborsKept.value)
  }

  @Test func `show that labels carried by the shared factor go with it`() throws {
    let world = CostWorlds.labelled(items: 1000)
    let found = try costs(world.features, rank: 2, strength: 1, labels: world.shared)
    for (cost, before) in zip(try way(found, .shared).modalities, found.before) {
      #expect(try #require(before.linearAccuracy).value > 0.8)
      #expect(try #require(before.voteAccuracy).value > 0.7)
      #expect(try #require(cost.linearAccuracy).value < 0.4)
      #expect(try #require(cost.voteAccuracy).value < 0.45)
    }
    for cost in try way(found, .trailing).modalities {
      #expect(try #require(cost.linearAccuracy).value > 0.8)
    }
    #expect(found.random?.modalities[0].linearAccuracy?.percentile == 0)
  }

  @Test func `show that labels carried elsewhere stay`() throws {
    let world = CostWorlds.labelled(items: 1000)
    let found = try costs(world.features, rank: 2, strength: 1, labels: world.own)
    let cost = try way(found, .shared).modalities[0]
    let before = try #require(found.before[0].linearAccuracy).value
    #expect(before > 0.75)
    #expect(try #require(cost.linearAccuracy).value > before - 0.03)
    #expect(
      try #require(cost.voteAccuracy).value > #require(found.before[0].voteAccuracy).value)
    // The other modality never knew them.
    #expect(try #require(found.before[1].linearAccuracy).value < 0.35)
  }

  @Test func `do not change when a modality is turned`() throws {
    let world = CostWorlds.labelled()
    let found = try costs(world.features, rank: 3, strength: 0.9, labels: world.shared)
    let turned = try costs(
      FeaturePair(
        CostWorlds.rotated(world.features.first, seed: 9),
        CostWorlds.rotated(world.features.second, seed: 10)),
      rank: 3, strength: 0.9, labels: world.shared)
    for (a, b) in zip(found.ways, turned.ways) {
      #expect(
        abs(try #require(a.sharedCovariance).energy - #require(b.sharedCovariance).energy) < 1e-5)
      #expect(abs(a.overlap.value - b.overlap.value) < 2e-3)
      for (x, y) in zip(a.modalities, b.modalities) {
        #expect(abs(try #require(x.variance).lost - #require(y.variance).lost) < 1e-5)
        #expect(abs(try #require(x.variance).moved - #require(y.variance).moved) < 1e-5)
        #expect(abs(x.neighborsKept.value - y.neighborsKept.value) < 2e-3)
        #expect(
          abs(try #require(x.voteAccuracy).value - #require(y.voteAccuracy).value) < 0.01)
        #expect(
          abs(try #require(x.linearAccuracy).value - #require(y.linearAccuracy).value) < 0.005)
      }
    }
  }

  @Test func `use what is already known`() throws {
    let world = CostWorlds.labelled()
    let x = world.features.first
    let y = world.features.second
    let subspace = try SharedSubspace(between: x, and: y)
    let known = try ProjectionCosts(
      of: world.features, subspace: subspace,
      joint: JointCovariance(between: x, and: y, covariance: subspace.covariance), rank: 2,
      strength: 0.5, labels: world.own, randomDraws: 3, streams: streams)
    #expect(
      try known == costs(world.features, rank: 2, strength: 0.5, labels: world.own, draws: 3))
  }

  @Test func `have no control without draws`() throws {
    let world = CostWorlds.labelled()
    #expect(try costs(world.features, rank: 2, strength: 0.5, draws: 0).random == nil)
  }

  @Test func `have the same bits for any number of threads`() throws {
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    let features = CostWorlds.mixed(items: 700, widths: (90, 40), seed: 91)
    let labels = (0..<700).map { $0 % 3 }
    let results = try [1, 3].map { count in
      Parallel.threadCount = count
      return try costs(features, rank: 5, strength: 0.9, labels: labels)
    }
    #expect(results[0] == results[1])
  }

  /// Every number of a result.
  func numbers(_ costs: ProjectionCosts) throws -> [Double] {
    // Encoding fails on NaN and infinity.
    var values: [Double] = []
    func collect(_ object: Any) {
      switch object {
      case let object as [String: Any]: object.values.forEach(collect)
      case let object as [Any]: object.forEach(collect)
      case let number as NSNumber: values.append(number.doubleValue)
      default: break
      }
    }
    collect(try JSONSerialization.jsonObject(with: JSONEncoder().encode(costs)))
    return values
  }

  @Test func `of degenerate features are finite`() throws {
    let noise = CostWorlds.mixed(items: 60, widths: (6, 5), seed: 92)
    let constant = Matrix<Float>(rowCount: 60, columnCount: 4, repeating: 3)
    let zero = Matrix<Float>(rowCount: 60, columnCount: 4)
    let wide = CostWorlds.mixed(items: 12, widths: (40, 30), seed: 93)
    let labels = (0..<60).map { $0 % 4 }
    let one = [Int](repeating: 2, count: 60)
    for strength in [0.5, 1] {
      let cases = try [
        costs(noise, rank: 5, strength: strength, labels: labels),
        costs(FeaturePair(constant, noise.second), rank: 2, strength: strength, labels: labels),
        costs(FeaturePair(zero, constant), rank: 2, strength: strength, labels: labels),
        costs(FeaturePair(noise.first, noise.first), rank: 6, strength: strength),
        costs(noise, rank: 2, strength: strength, labels: one),
        costs(noise, rank: 2, strength: strength, labels: Array(0..<60)),
        costs(wide, rank: 30, strength: strength, labels: (0..<12).map { $0 % 2 }),
        costs(
          FeaturePair(noise.first.rows(0..<3), noise.second.rows(0..<3)), rank: 2,
          strength: strength, labels: [0, 1, 1]),
        costs(
          FeaturePair(noise.first.leadingColumns(1), noise.second.leadingColumns(1)), rank: 1,
          strength: strength, labels: labels),
      ]
      for found in cases {
        #expect(try numbers(found).allSatisfy(\.isFinite))
        #expect(found.ways.count == 5)
      }
      // One class cannot be read; without variance there is nothing to read from.
      #expect(cases[4].classCount == 1 && cases[4].chanceAccuracy == 1)
      #expect(cases[4].before[0] == cases[3].before[0])
      #expect(cases[1].before[0].linearAccuracy == nil)
      #expect(cases[1].ways[0].modalities[0].variance == nil)
      #expect(cases[1].ways[0].sharedCovariance == nil)
      #expect(cases[7].listLength == 2)
    }
  }

  @Test func `refuse what cannot be measured`() throws {
    let noise = CostWorlds.mixed(items: 60, widths: (6, 5), seed: 94)
    #expect(throws: RedundancyError.tooFewItems(count: 2, needed: 3)) {
      try costs(
        FeaturePair(noise.first.rows(0..<2), noise.second.rows(0..<2)), rank: 1, strength: 1)
    }
    #expect(throws: RedundancyError.itemCountMismatch(first: 60, second: 59)) {
      try costs(FeaturePair(noise.first, noise.second.rows(0..<59)), rank: 1, strength: 1)
    }
    #expect(throws: RedundancyError.rankOutOfRange(rank: 6, available: 5)) {
      try costs(noise, rank: 6, strength: 1)
    }
    #expect(throws: RedundancyError.rankOutOfRange(rank: 1, available: 0)) {
      try costs(
        FeaturePair(noise.first, Matrix(rowCount: 60, columnCount: 0)), rank: 1, strength: 1)
    }
    #expect(throws: RedundancyError.strengthOutOfRange(-1)) {
      try costs(noise, rank: 1, strength: -1)
    }
    #expect(throws: RedundancyError.labelCountMismatch(labels: 3, items: 60)) {
      try costs(noise, rank: 1, strength: 1, labels: [1, 2, 3])
    }
    var broken = noise.first
    broken[7, 2] = .nan
    #expect(throws: (any Error).self) {
      try costs(FeaturePair(broken, noise.second), rank: 1, strength: 1)
    }
  }
}
