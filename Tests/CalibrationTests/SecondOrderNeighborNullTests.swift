import Calibration
import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite struct SecondOrderNeighborNullTests {
  private let streams = RandomStreams(seed: 6)
  private let labels = (0..<90).map { $0 % 6 }

  private func features(_ spread: Double) -> (Matrix<Float>, Matrix<Float>) {
    (
      NeighborWorld.classes(labels, 5, spread: spread, seed: 1),
      NeighborWorld.classes(labels, 7, spread: spread, seed: 2)
    )
  }

  private func null(
    _ world: NeighborWorld, anchors: Int = 256
  ) throws -> SecondOrderNeighborNull {
    try SecondOrderNeighborNull(
      world.lists.first, world.lists.second, features: world.features, anchorCount: anchors,
      streams: streams)
  }

  @Test(arguments: [20, 90])
  func `a relabeling gives what permuting the rows and measuring again gives`(
    anchors: Int
  ) throws {
    let (x, y) = features(0.8)
    let null = try null(NeighborWorld(x, y, width: 10), anchors: anchors)
    #expect(null.anchors.count == anchors)
    func measured(_ second: Matrix<Float>) throws -> Double {
      let world = try NeighborWorld(x, second, width: 10, anchors: null.anchors)
      let result = try SecondOrderNeighbors(
        world.lists.first, world.lists.second, features: world.features)
      return try #require(result.mean)
    }
    let observed = try #require(null.observed)
    #expect(abs(try observed - measured(y)) < 1e-6)
    let relabelings = neighborRelabelings(
      itemCount: 90, anchors: null.anchors, count: 7, streams: streams)
    let values = null.statistics(under: relabelings)
    for (value, partners) in zip(values, relabelings.allPartners()) {
      #expect(abs(try value - measured(y.rows(partners))) < 1e-6)
    }
  }

  @Test func `class-only likeness is explained by the classes, identity scores one`() throws {
    let (x, y) = features(0.3)
    func calibrated(_ second: Matrix<Float>) throws -> CalibratedSecondOrderNeighbors {
      let null = try null(NeighborWorld(x, second, width: 10), anchors: 60)
      return CalibratedSecondOrderNeighbors(
        null,
        free: neighborRelabelings(
          itemCount: 90, anchors: null.anchors, count: 99, streams: streams),
        withinClasses: neighborRelabelings(
          itemCount: 90, anchors: null.anchors, within: labels, count: 99, streams: streams))
    }
    let classes = try calibrated(y)
    #expect(classes.anchorCount == 60 && classes.k == 10)
    let free = try #require(classes.statistic.free)
    #expect(free.pValue == 0.01)
    let explained = try #require(classes.statistic.explainedByClasses)
    #expect(explained > 0.9)
    let same = try calibrated(x)
    let score = try #require(same.statistic.free?.score)
    #expect(abs(score - 1) < 1e-5)
  }

  @Test func `has the same bits for any number of threads`() throws {
    let (x, y) = features(0.8)
    let world = try NeighborWorld(x, y, width: 10)
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    let results = try [1, 3].map { (threads: Int) -> [Double] in
      Parallel.threadCount = threads
      let null = try null(world)
      return null.statistics(under: Relabelings(itemCount: 90, count: 12, streams: streams))
    }
    #expect(results[0] == results[1])
  }

  @Test func `features without a direction have no value, NaN is refused`() throws {
    let zero = Matrix<Float>(rowCount: 5, columnCount: 2)
    let world = try NeighborWorld(zero, zero, width: 2)
    let null = try null(world)
    #expect(null.observed == nil)
    let relabelings = Relabelings(itemCount: 5, count: 3, streams: streams)
    #expect(null.statistics(under: relabelings) == [0, 0, 0])
    #expect(CalibratedSecondOrderNeighbors(null, free: relabelings).statistic.free == nil)
    var broken = zero
    broken[2, 0] = .nan
    #expect(throws: OverlapError.nonFinite(modality: 1, row: 2)) {
      try SecondOrderNeighborNull(
        world.lists.first, world.lists.second, features: (zero, broken), streams: streams)
    }
  }
}
