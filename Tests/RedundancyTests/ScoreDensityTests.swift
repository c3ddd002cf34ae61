import Neighbors
import Redundancy
import Statistics
import Testing

@Suite("Score density")
struct ScoreDensityTests {
  func lists(_ scores: [Double], width: Int) -> NeighborLists {
    NeighborLists(
      anchors: Array(0..<scores.count / width), width: width,
      indices: [Int32](repeating: 0, count: scores.count), scores: scores.map { Float($0) })
  }

  func normals(_ seed: UInt64, _ count: Int, offset: Double = 0) -> [Double] {
    var generator = SeededGenerator(seed: seed)
    return generator.normals(count).map { 0.1 * $0 + offset }
  }

  let streams = RandomStreams(seed: 999)

  @Test func `of the same scores overlaps completely`() throws {
    let a = lists(normals(1, 400), width: 20)
    let result = try scoreDensity(a, a, names: ("image", "text"), streams: streams)
    #expect(abs(result.overlapCoefficient - 1) < 1e-12)
    #expect(result.pairing == .marginal && result.k == 20)
    #expect(result.curves.map(\.modality) == ["image", "text"])
    #expect(result.curves[0].densities.count == 512)
    #expect(result.curves[0].bandwidth == silvermanBandwidth(a.scores.map(Double.init)))
  }

  @Test func `of shifted normal scores overlaps as the formula says`() throws {
    // Two normals a standard deviation apart overlap in 2Φ(−1/2) = 0.6171.
    let a = lists(normals(2, 80_000), width: 10)
    let b = lists(normals(3, 80_000, offset: 0.1), width: 10)
    let result = try scoreDensity(a, b, names: ("a", "b"), streams: streams)
    #expect(abs(result.overlapCoefficient - 0.6171) < 0.02)
    #expect(result.k == 10)
  }

  @Test func `of separate scores does not overlap`() throws {
    let a = lists(normals(4, 1000), width: 10)
    let b = lists(normals(5, 1000, offset: 5), width: 10)
    let result = try scoreDensity(a, b, names: ("a", "b"), streams: streams)
    #expect(result.overlapCoefficient == 0)
  }

  @Test func `uses only the first k of every list`() throws {
    let near = normals(6, 600)
    let far = near.map { $0 - 30 }
    var rows: [Double] = []
    for row in 0..<60 {
      let part = row * 10..<row * 10 + 10
      rows += near[part]
      rows += far[part]
    }
    let result = try scoreDensity(
      lists(rows, width: 20), lists(near, width: 10), names: ("a", "b"), k: 10, streams: streams)
    #expect(abs(result.overlapCoefficient - 1) < 1e-12)
  }

  @Test func `does not see which item a score belongs to`() throws {
    let a = normals(7, 2000)
    let b = lists(normals(8, 2000), width: 20)
    let shuffled = stride(from: 1980, through: 0, by: -20).flatMap { a[$0..<$0 + 20] }
    let one = try scoreDensity(lists(a, width: 20), b, names: ("a", "b"), streams: streams)
    let two = try scoreDensity(lists(shuffled, width: 20), b, names: ("a", "b"), streams: streams)
    #expect(one == two)
  }

  @Test func `of equal scores has no curve`() throws {
    let a = lists([Double](repeating: 1, count: 40), width: 20)
    let result = try scoreDensity(a, a, names: ("a", "b"), streams: streams)
    #expect(result.curves[0].bandwidth == nil && result.curves[0].points.isEmpty)
    #expect(abs(result.overlapCoefficient - 1) < 1e-12)
  }

  @Test func `refuses scores that are no numbers`() {
    var scores = normals(9, 40)
    scores[25] = .nan
    #expect(throws: OverlapError.nonFinite(modality: 1, row: 1)) {
      try scoreDensity(
        lists(normals(9, 40), width: 20), lists(scores, width: 20), names: ("a", "b"),
        streams: streams)
    }
  }
}
