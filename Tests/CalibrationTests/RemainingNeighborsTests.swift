import Calibration
import LinearAlgebra
import Neighbors
import Redundancy
import Statistics
import Testing

@Suite struct RemainingNeighborsTests {
  private func streams(_ seed: UInt64) -> RandomStreams { RandomStreams(seed: seed) }

  @Test func `lists without items are those of a search without them`() throws {
    let x = NeighborWorld.noise(80, 5, seed: 1)
    let removed = (0..<80).map { $0 % 7 == 2 || $0 > 74 }
    let kept = (0..<80).filter { !removed[$0] }
    let lists = try cosineNeighbors(x, count: 30).removing(removed)
    #expect(lists.width < 30 && lists.width > 10)
    #expect(lists == (try cosineNeighbors(x.rows(kept), count: lists.width)))
  }

  @Test func `anchors of a sample keep their order`() throws {
    let x = NeighborWorld.noise(50, 4, seed: 2)
    let removed = (0..<50).map { $0 < 10 }
    let lists = try cosineNeighbors(x, count: 20, anchors: [30, 4, 12]).removing(removed)
    #expect(lists.anchors == [20, 2])
    let searched = try cosineNeighbors(
      x.rows(Array(10..<50)), count: lists.width, anchors: [20, 2])
    #expect(lists == searched)
  }

  @Test func `the overlap is that of the remaining items, and long lists run out`() throws {
    let x = NeighborWorld.noise(70, 5, seed: 3)
    let y = NeighborWorld.noise(70, 5, seed: 4)
    let world = try NeighborWorld(x, y, width: 30)
    let items = Set([0, 3, 33, 69, 50, 51, 52, 53])
    let kept = (0..<70).filter { !items.contains($0) }
    let result = try #require(
      try retrievalOverlaps(
        world.lists.first, world.lists.second, itemCount: 70, listLengths: [5, 10, 30],
        without: items.union([200])))
    let searched = try NeighborWorld(x.rows(kept), y.rows(kept), width: 30).lists
    let plain = try retrievalOverlaps(
      searched.first, searched.second, itemCount: 62, listLengths: [5, 10])
    #expect(result.levels == plain.levels)
    #expect(result.notes.count == 1 && result.notes[0].hasPrefix("K = 30 was left out"))
  }

  @Test func `without anything it is the overlap, without everything there is none`() throws {
    let lists = try NeighborWorld(
      NeighborWorld.noise(20, 3, seed: 5), NeighborWorld.noise(20, 3, seed: 6), width: 5
    ).lists
    #expect(
      try retrievalOverlaps(
        lists.first, lists.second, itemCount: 20, listLengths: [5], without: [])
        == retrievalOverlaps(lists.first, lists.second, itemCount: 20, listLengths: [5]))
    #expect(
      try retrievalOverlaps(
        lists.first, lists.second, itemCount: 20, without: Set(0..<20)) == nil)
    #expect(
      try retrievalOverlaps(
        lists.first, lists.second, itemCount: 20, without: Set(1..<20)) == nil)
  }

  @Test func `imputed duplicates fake an overlap, which goes when they go`() throws {
    let imputed = (0..<60).map { 20 * $0 + 7 }
    let x = NeighborWorld.imputed(NeighborWorld.noise(1500, 16, seed: 7), rows: imputed)
    let y = NeighborWorld.imputed(NeighborWorld.noise(1500, 12, seed: 8), rows: imputed)
    let world = try NeighborWorld(x, y, width: 90)
    let (a, b) = world.lists
    let raw = try retrievalOverlaps(a, b, itemCount: 1500, listLengths: [10]).levels[0]
    #expect(raw.lift > 5)
    let null = try world.null([10])
    let free = Relabelings(itemCount: 1500, count: 99, streams: streams(1))
    #expect(
      CalibratedNeighbors(null, free: free).overlaps[0].statistic.free?.pValue == 0.01)
    let clean = try #require(
      try retrievalOverlaps(a, b, itemCount: 1500, listLengths: [10], without: Set(imputed)))
    let level = try #require(clean.levels.first)
    let deviation = try #require(level.randomStandardDeviation)
    #expect(clean.anchorCount == 1440)
    #expect(abs(level.mean - level.random) < 3.5 * deviation)
  }
}
