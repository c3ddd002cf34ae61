import Calibration
import LinearAlgebra
import Neighbors
import Redundancy
import Statistics
import Testing

@Suite struct NeighborNullTests {
  private let streams = RandomStreams(seed: 8)
  private let lengths = [3, 10, 20]

  private func related(_ items: Int = 90) -> (Matrix<Float>, Matrix<Float>) {
    let labels = (0..<items).map { $0 % 6 }
    return (
      NeighborWorld.classes(labels, 5, spread: 0.8, seed: 1),
      NeighborWorld.classes(labels, 7, spread: 0.8, seed: 2)
    )
  }

  /// Every statistic of lists as the measures themselves give it.
  private func measured(
    _ world: NeighborWorld
  ) throws -> (overlaps: [Double], mutual: Double, rbo: Double, lcs: Double, cknna: Double) {
    let (a, b) = world.lists
    let n = world.itemCount
    return (
      try retrievalOverlaps(a, b, itemCount: n, listLengths: lengths).levels.map(\.mean),
      try #require(try mutualNearestNeighbors(a, b, itemCount: n)),
      try RankBiasedOverlap(a, b, itemCount: n).mean,
      try NeighborSubsequence(a, b, itemCount: n).mean,
      try #require(try NearestNeighborAlignment(a, b, features: world.features).value)
    )
  }

  private func expectEqual(
    _ statistics: NeighborStatistics, at k: Int, _ world: NeighborWorld
  ) throws {
    let plain = try measured(world)
    #expect(
      zip(statistics.overlaps, plain.overlaps).allSatisfy { abs($0[k] - $1) < 1e-13 })
    #expect(abs(try #require(statistics.mutualNeighbors)[k] - plain.mutual) < 1e-13)
    #expect(abs(statistics.rankBiasedOverlaps[k] - plain.rbo) < 1e-13)
    #expect(abs(statistics.subsequences[k] - plain.lcs) < 1e-13)
    #expect(abs(try #require(statistics.alignments)[k] - plain.cknna) < 1e-6)
  }

  @Test func `the observed statistics are those of the measures`() throws {
    let (x, y) = related()
    let world = try NeighborWorld(x, y, width: 25)
    try expectEqual(world.null(lengths).observed, at: 0, world)
  }

  @Test(arguments: [false, true])
  func `a relabeling gives what permuting the rows and searching again gives`(
    withinLabels: Bool
  ) throws {
    let (x, y) = related()
    let world = try NeighborWorld(x, y, width: 25)
    let relabelings = Relabelings(
      itemCount: 90, count: 11, within: withinLabels ? (0..<90).map { $0 % 6 } : nil,
      streams: streams)
    let statistics = try world.null(lengths).statistics(under: relabelings)
    for (k, partners) in relabelings.allPartners().enumerated() {
      try expectEqual(statistics, at: k, NeighborWorld(x, y.rows(partners), width: 25))
    }
  }

  @Test func `the same with lists of a sample of the items`() throws {
    let (x, y) = related()
    let anchors = [70, 3, 4, 12, 33, 35, 36, 88, 51, 52, 60, 9]
    let world = try NeighborWorld(x, y, width: 25, anchors: anchors)
    let relabelings = neighborRelabelings(
      itemCount: 90, anchors: anchors, count: 9, streams: streams)
    let statistics = try world.null(lengths).statistics(under: relabelings)
    for (k, partners) in relabelings.allPartners().enumerated() {
      let permuted = try NeighborWorld(x, y.rows(partners), width: 25, anchors: anchors)
      try expectEqual(statistics, at: k, permuted)
    }
  }

  @Test func `has the mean of random lists`() throws {
    let world = try NeighborWorld(
      NeighborWorld.noise(120, 6, seed: 4), NeighborWorld.noise(120, 6, seed: 5), width: 20)
    let statistics = try world.null(lengths).statistics(
      under: Relabelings(itemCount: 120, count: 400, streams: streams))
    for (k, values) in zip(lengths, statistics.overlaps) {
      let error = standardError(values) ?? 0
      let distance = abs((mean(values) ?? 0) - Double(k) / 119)
      #expect(distance < 4.5 * error)
    }
  }

  @Test func `has the same bits for any number of threads`() throws {
    let (x, y) = related()
    let null = try NeighborWorld(x, y, width: 25).null(lengths)
    let relabelings = Relabelings(itemCount: 90, count: 37, streams: streams)
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    let results = [1, 2, 5].map { (threads: Int) -> NeighborStatistics in
      Parallel.threadCount = threads
      return null.statistics(under: relabelings)
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }

  @Test func `takes what short lists have and refuses none`() throws {
    let world = try NeighborWorld(
      NeighborWorld.noise(3, 2, seed: 6), NeighborWorld.noise(3, 2, seed: 7), width: 2)
    let statistics = try world.null([1, 2, 5]).statistics(
      under: Relabelings(itemCount: 3, count: 4, streams: streams))
    #expect(statistics.listLengths == [1, 2])
    #expect(statistics.mutualNeighbors == nil)
    // Two of two others: the same set whatever the pairing.
    #expect(statistics.overlaps[1] == [1, 1, 1, 1])
    #expect(throws: OverlapError.noListLength(requested: [3], available: 2)) {
      try world.null([3])
    }
  }

  @Test func `has no alignment without features or without variance`() throws {
    let x = NeighborWorld.noise(20, 3, seed: 8)
    let constant = Matrix<Float>(rowCount: 20, columnCount: 3, repeating: 1)
    #expect(try NeighborWorld(x, constant, width: 5).null([5]).observed.alignments == nil)
    let lists = try NeighborWorld(x, x, width: 5).lists
    let null = try NeighborNull(lists.first, lists.second, itemCount: 20)
    #expect(null.observed.alignments == nil && null.observed.overlaps == [[1]])
  }
}
