import Foundation
import LinearAlgebra
import Redundancy
import Statistics
import Testing
import Training

@Suite("Redundancy summary")
struct RedundancySummaryTests {
  /// Two modalities of `items` with two shared directions, the first one twice as strong.
  static func world(
    items: Int = 600, first: Int = 8, second: Int = 8, seed: UInt64 = 1
  ) -> [Matrix<Float>] {
    let shared = normalTable(items, 2, seed: seed)
    return [(first, 2), (second, 3)].map { width, salt in
      var matrix = normalTable(items, width, seed: seed + UInt64(salt))
      for row in 0..<items {
        for column in 0..<width { matrix[row, column] *= 0.1 }
        matrix[row, 0] += 2 * shared[row, 0] + 1
        matrix[row, 1] += shared[row, 1]
      }
      return matrix
    }
  }

  static func measure(
    _ before: [Matrix<Float>], _ after: [Matrix<Float>]? = nil, rank: Int = 2,
    strength: Double = 0, previous: SharedSubspace? = nil, seed: UInt64 = 7
  ) -> (summary: RedundancySummary, subspace: SharedSubspace?) {
    RedundancySummary.measure(
      before: before, after: after ?? before, rank: rank, strength: strength, previous: previous,
      seed: seed)
  }

  @Test func `sees what is shared and how a projection damps it`() throws {
    let before = Self.world()
    let projection = try NullSpaceProjection(modalities: before, rank: 2, strength: 0.9)
    let after = [0, 1].map { projection.apply(before[$0], modality: $0) }
    let (summary, subspace) = Self.measure(before, after, strength: 0.9)
    let expected = try SharedSubspace(between: before[0], and: before[1])
    #expect(subspace == expected)
    #expect(summary.singularValuesBefore == expected.singularValues)
    #expect(summary.rank == 2 && summary.strength == 0.9)
    let energyBefore = try #require(summary.energyOfTopBefore)
    let energyAfter = try #require(summary.energyOfTopAfter)
    #expect(energyBefore > 0.99 && energyAfter < energyBefore)
    // Both sides shrink by 1 − λ, so the covariance by its square.
    #expect(abs(summary.singularValuesAfter[0] / summary.singularValuesBefore[0] - 0.01) < 1e-3)
    let rankBefore = try #require(summary.effectiveRankBefore)
    let rankAfter = try #require(summary.effectiveRankAfter)
    #expect(rankAfter > rankBefore)
    let overlapBefore = try #require(summary.overlapBefore)
    let overlapAfter = try #require(summary.overlapAfter)
    let random = try #require(summary.overlapRandom)
    #expect(abs(random - 20.0 / 599) < 1e-15)
    #expect(overlapBefore > 0.3 && overlapAfter < 0.5 * overlapBefore)
    let distanceBefore = try #require(summary.slicedWassersteinBefore)
    let distanceAfter = try #require(summary.slicedWassersteinAfter)
    #expect(distanceBefore > 0 && distanceAfter > 0 && distanceAfter < distanceBefore)
    #expect(summary.angles == nil)
  }

  @Test func `without a projection is the same before and after`() {
    let (summary, _) = Self.measure(Self.world())
    #expect(summary.singularValuesBefore == summary.singularValuesAfter)
    #expect(summary.overlapBefore == summary.overlapAfter && summary.overlapBefore != nil)
    #expect(summary.slicedWassersteinBefore == summary.slicedWassersteinAfter)
    #expect(summary.effectiveRankBefore == summary.effectiveRankAfter)
  }

  @Test func `follows the subspace from epoch to epoch`() throws {
    let world = Self.world()
    let first = Self.measure(world)
    let same = Self.measure(world, previous: first.subspace)
    let still = try #require(same.summary.angles)
    #expect(still.count == 2 && still.allSatisfy { $0 < 1e-6 })
    // The second modality's columns change places, the first one's stay.
    var turned = world
    for row in 0..<world[1].rowCount {
      for column in 0..<8 { turned[1][row, column] = world[1][row, 7 - column] }
    }
    let moved = try #require(Self.measure(turned, previous: first.subspace).summary.angles)
    #expect(moved[0] < 1e-6 && moved[1] > 89)
    let wider = Self.world(first: 9)
    #expect(Self.measure(wider, previous: first.subspace).summary.angles == nil)
  }

  @Test func `takes modalities of different widths`() {
    let (summary, _) = Self.measure(Self.world(first: 8, second: 5))
    #expect(summary.singularValuesBefore.count == 5)
    #expect(summary.slicedWassersteinBefore != nil && summary.overlapBefore != nil)
  }

  @Test func `depends on the seed and not on the threads`() {
    let world = Self.world()
    let reference = Self.measure(world).summary
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    for count in [1, 2, 4] {
      Parallel.threadCount = count
      #expect(Self.measure(world).summary == reference)
    }
    let other = Self.measure(world, seed: 8).summary
    #expect(other.slicedWassersteinBefore != reference.slicedWassersteinBefore)
    #expect(other.singularValuesBefore == reference.singularValuesBefore)
  }

  @Test(arguments: [0, 0.1, 1e30] as [Float], [1, 2, 3, 20, 50])
  func `is silent on constant features`(value: Float, items: Int) {
    let constant = Matrix<Float>(rowCount: items, columnCount: 4, repeating: value)
    for pair in [[constant, constant], [constant, normalTable(items, 4, seed: 1)]] {
      let first = Self.measure(pair)
      let (summary, subspace) = Self.measure(pair, previous: first.subspace)
      #expect(subspace == nil)
      #expect(summary.effectiveRankBefore == nil && summary.energyOfTopAfter == nil)
      #expect(summary.overlapBefore == nil && summary.overlapRandom == nil)
      #expect(summary.angles == nil)
      #expect(throws: Never.self) { try JSONEncoder().encode(summary) }
    }
  }

  @Test(arguments: [1, 2, 3, 20, 21])
  func `says of few items what it can`(items: Int) {
    let (summary, _) = Self.measure(Self.world(items: items))
    #expect((summary.overlapBefore == nil) == (items <= 20))
    #expect(summary.singularValuesBefore.isEmpty == (items < 3))
    #expect(throws: Never.self) { try JSONEncoder().encode(summary) }
  }

  @Test(arguments: [Float.nan, .infinity, .greatestFiniteMagnitude])
  func `survives features of a training that diverges`(value: Float) {
    var world = Self.world()
    world[0][5, 3] = value
    let (summary, _) = Self.measure(world)
    #expect(throws: Never.self) { try JSONEncoder().encode(summary) }
    if !value.isFinite { #expect(summary.singularValuesBefore.isEmpty) }
  }

  @Test func `has no angles beyond the directions that there are`() {
    let world = Self.world(first: 3, second: 3)
    let first = Self.measure(world, rank: 9)
    #expect(Self.measure(world, rank: 9, previous: first.subspace).summary.angles == nil)
    #expect(first.summary.energyOfTopBefore == 1)
  }

  @Test func `comes back from a line of metrics`() throws {
    let folder = try ScratchFolder()
    let recorder = try RunFolder.create(at: folder("a"), configuration: "", force: false)
    let first = Self.measure(Self.world())
    let second = Self.measure(Self.world(), previous: first.subspace)
    let records = [
      epochRecord(1, redundancy: first.summary), epochRecord(2, redundancy: second.summary),
    ]
    for record in records { try recorder.append(record) }
    #expect(try recorder.folder.history().records == records)
  }
}
