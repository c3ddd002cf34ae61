import Calibration
import LinearAlgebra
import Neighbors
import Redundancy
import Statistics
import Testing

@Suite struct OverlapIntervalsTests {
  private let streams = RandomStreams(seed: 4)

  private func related(_ seed: UInt64, width: Int, items: Int = 200) throws -> NeighborWorld {
    let x = NeighborWorld.noise(items, 4, seed: seed)
    let noise = NeighborWorld.noise(items, 4, seed: seed + 1000)
    let y = Matrix(
      rowCount: items, columnCount: 4,
      elements: zip(x.elements, noise.elements).map { $0 + 0.7 * $1 })
    return try NeighborWorld(x, y, width: width)
  }

  @Test func `leaves out what a search without each group would leave out`() throws {
    let world = try related(1, width: 35, items: 120)
    let result = try OverlapIntervals(
      world.lists.first, world.lists.second, itemCount: 120, listLengths: [5, 20], groups: 6,
      streams: streams)
    let groups = GroupJackknife.groups(itemCount: 120, count: 6, streams: streams)
    let partial = try (0..<6).map { group in
      let kept = (0..<120).filter { groups[$0] != group }
      let searched = try NeighborWorld(
        world.features.first.rows(kept), world.features.second.rows(kept), width: 20
      ).lists
      return try retrievalOverlaps(
        searched.first, searched.second, itemCount: kept.count, listLengths: [5, 20]
      ).levels.map(\.mean)
    }
    let all = try retrievalOverlaps(
      world.lists.first, world.lists.second, itemCount: 120, listLengths: [5, 20])
    for index in 0..<2 {
      #expect(
        result.levels[index].interval
          == GroupJackknife(
            estimate: all.levels[index].mean, leaveOneOut: partial.map { $0[index] }))
    }
    #expect(result.notes.isEmpty && result.groups == 6)
  }

  @Test func `the standard error is the scatter over worlds`() throws {
    var estimates: [Double] = []
    var errors: [Double] = []
    for seed in 0..<120 {
      let world = try related(UInt64(seed), width: 32)
      let level = try OverlapIntervals(
        world.lists.first, world.lists.second, itemCount: 200, listLengths: [10],
        streams: streams
      ).levels[0]
      let interval = try #require(level.interval)
      estimates.append(interval.estimate)
      errors.append(interval.standardError)
    }
    let scatter = try #require(sampleVariance(estimates)).squareRoot()
    let ratio = try #require(median(errors)) / scatter
    #expect(ratio > 0.75 && ratio < 1.5)
  }

  @Test func `has no interval where lists run out, and says how long they must be`() throws {
    let world = try related(3, width: 20)
    let result = try OverlapIntervals(
      world.lists.first, world.lists.second, itemCount: 200, listLengths: [5, 20],
      streams: streams)
    #expect(result.levels[0].interval != nil && result.levels[1].interval == nil)
    #expect(result.notes.count == 1)
    #expect(result.notes[0].hasPrefix("K = 20 has no interval"))
    let wanted = OverlapIntervals.listWidth(forLength: 20, itemCount: 200, anchorCount: 200)
    #expect(result.notes[0].hasSuffix("search lists of \(wanted)."))
    let longer = try related(3, width: wanted)
    #expect(
      try OverlapIntervals(
        longer.lists.first, longer.lists.second, itemCount: 200, listLengths: [5, 20],
        streams: streams
      ).notes.isEmpty)
  }

  @Test func `the width covers the length and what a group may take, within the items`() {
    for length in [1, 10, 200] {
      let width = OverlapIntervals.listWidth(
        forLength: length, itemCount: 7050, anchorCount: 7050)
      #expect(width > length && width < 2 * length + 40)
    }
    #expect(OverlapIntervals.listWidth(forLength: 5, itemCount: 8, anchorCount: 8) == 7)
    #expect(OverlapIntervals.listWidth(forLength: 5, itemCount: 0, anchorCount: 0) == 0)
  }

  @Test(arguments: [2, 3, 5])
  func `fewer items than groups have no interval or one, but no failure`(items: Int) throws {
    let world = try related(5, width: items - 1, items: items)
    let result = try OverlapIntervals(
      world.lists.first, world.lists.second, itemCount: items, listLengths: [1],
      streams: streams)
    #expect(result.levels.count == 1)
  }
}
