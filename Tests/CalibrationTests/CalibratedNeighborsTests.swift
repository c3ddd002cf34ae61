import Calibration
import Foundation
import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite struct CalibratedNeighborsTests {
  private let streams = RandomStreams(seed: 21)

  private func calibrated(
    _ world: NeighborWorld, lengths: [Int], labels: [Int]? = nil, count: Int = 99,
    streams: RandomStreams
  ) throws -> CalibratedNeighbors {
    CalibratedNeighbors(
      try world.null(lengths),
      free: Relabelings(itemCount: world.itemCount, count: count, streams: streams),
      withinClasses: labels.map {
        Relabelings(
          itemCount: world.itemCount, count: count, within: $0, streams: streams,
          purpose: "within classes")
      })
  }

  private func all(_ result: CalibratedNeighbors) -> [CalibratedNeighbors.Statistic] {
    (result.overlaps + [result.rankBiasedOverlap, result.subsequence]
      + [result.mutualNeighbors, result.alignment].compactMap { $0 }).map(\.statistic)
  }

  @Test func `unrelated modalities have uniform p-values and pass at the level`() throws {
    var pValues: [[Double]] = []
    var corrected: [Double] = []
    for seed in 0..<200 {
      let world = try NeighborWorld(
        NeighborWorld.noise(60, 6, seed: UInt64(2 * seed)),
        NeighborWorld.noise(60, 5, seed: UInt64(2 * seed + 1)), width: 15)
      let result = try calibrated(
        world, lengths: [5, 15], streams: RandomStreams(seed: UInt64(seed)))
      let values = try all(result).map { try #require($0.free) }
      for value in values { #expect((value.score > 0) == (value.pValue <= 0.05)) }
      pValues.append(values.map(\.pValue))
      corrected.append(
        result.overlaps.compactMap { $0.statistic.free?.correctedPValue }.min() ?? 0)
    }
    for statistic in pValues[0].indices {
      let sorted = pValues.map { $0[statistic] }.sorted()
      // Kolmogorov's distance from the uniform distribution, which exceeds 1.63/√200 = 0.115 once
      // in a hundred; p-values lie on a grid of 0.01 besides.
      let distance =
        sorted.enumerated().map { place, p in
          max(Double(place + 1) / 200 - p, p - Double(place) / 200)
        }.max() ?? 1
      #expect(distance < 0.125, "statistic \(statistic)")
      // Binomial(200, 0.05): 10 with a standard deviation of 3.1.
      #expect(sorted.count { $0 <= 0.05 } <= 20, "statistic \(statistic)")
    }
    #expect(corrected.count { $0 <= 0.05 } <= 20)
  }

  @Test func `identical modalities score one`() throws {
    let x = NeighborWorld.noise(80, 6, seed: 5)
    let result = try calibrated(
      NeighborWorld(x, x, width: 20), lengths: [10, 20], streams: streams)
    for statistic in all(result) {
      let free = try #require(statistic.free)
      #expect(abs(free.score - 1) < 1e-6 && free.pValue == 0.01)
    }
    #expect(result.overlaps.map(\.k) == [10, 20])
  }

  @Test func `what only the class makes common is significant freely and not within classes`()
    throws
  {
    let labels = (0..<240).map { $0 % 12 }
    let world = try NeighborWorld(
      NeighborWorld.classes(labels, 8, spread: 0.3, seed: 10),
      NeighborWorld.classes(labels, 9, spread: 0.3, seed: 20), width: 20)
    let result = try calibrated(
      world, lengths: [5, 10, 20], labels: labels, count: 199, streams: streams)
    for statistic in all(result) {
      #expect(try #require(statistic.free).pValue == 1.0 / 200)
      #expect(try #require(statistic.free).score > 0.1)
      #expect(try #require(statistic.withinClasses).pValue > 0.01)
      #expect(try #require(statistic.withinClasses).score < 0.02)
      #expect(try #require(statistic.explainedByClasses) > 0.9)
    }
  }

  @Test func `what goes beyond the class is significant within classes too`() throws {
    let labels = (0..<240).map { $0 % 12 }
    let x = NeighborWorld.classes(labels, 8, spread: 0.8, seed: 30)
    let noise = NeighborWorld.noise(240, 8, seed: 31)
    let y = Matrix(
      rowCount: 240, columnCount: 8,
      elements: zip(x.elements, noise.elements).map { $0 + 0.3 * $1 })
    let result = try calibrated(
      NeighborWorld(x, y, width: 10), lengths: [10], labels: labels, streams: streams)
    for statistic in all(result) {
      #expect(try #require(statistic.withinClasses).pValue == 0.01)
      let explained = try #require(statistic.explainedByClasses)
      #expect(explained > 0.05 && explained < 0.9)
    }
  }

  @Test func `classes explain nothing where there is nothing to explain`() throws {
    let world = try NeighborWorld(
      NeighborWorld.noise(60, 5, seed: 41), NeighborWorld.noise(60, 5, seed: 44), width: 10)
    let labels = (0..<60).map { $0 % 3 }
    let result = try calibrated(world, lengths: [10], labels: labels, streams: streams)
    for statistic in all(result)
    where (statistic.free?.pValue ?? 0) > 0.05 { #expect(statistic.explainedByClasses == nil) }
    #expect(
      try calibrated(world, lengths: [10], streams: streams).overlaps[0].statistic
        .explainedByClasses == nil)
  }

  @Test func `survives JSON`() throws {
    let x = NeighborWorld.noise(30, 3, seed: 50)
    let result = try calibrated(
      NeighborWorld(x, x, width: 12), lengths: [5], labels: (0..<30).map { $0 % 2 },
      streams: streams)
    let data = try JSONEncoder().encode(result)
    #expect(try JSONDecoder().decode(CalibratedNeighbors.self, from: data) == result)
  }

  @Test(arguments: [2, 3])
  func `a handful of items has a value or none, but no failure`(items: Int) throws {
    let x = NeighborWorld.noise(items, 2, seed: 60)
    let result = try calibrated(
      NeighborWorld(x, x, width: items - 1), lengths: [1, 5], labels: Array(0..<items),
      streams: streams)
    #expect(result.mutualNeighbors == nil && result.overlaps.map(\.k) == [1])
    // Alone in its class an item keeps its partner: the null cannot vary.
    #expect(result.overlaps[0].statistic.withinClasses?.score == 0)
  }
}
