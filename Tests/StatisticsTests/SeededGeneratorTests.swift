import Statistics
import Testing

/// References come from a separate implementation in Python that reproduces the published outputs
/// of SplitMix64 (seed 1234567) and xoshiro256** (state 1, 2, 3, 4).
@Suite("Seeded generator")
struct SeededGeneratorTests {
  @Test func `follows the published algorithm`() {
    var generator = SeededGenerator(seed: 42)
    #expect(
      (0..<4).map { _ in generator.next() } == [
        1_546_998_764_402_558_742, 6_990_951_692_964_543_102, 12_544_586_762_248_559_009,
        17_057_574_109_182_124_193,
      ])
    var zero = SeededGenerator(seed: 0)
    #expect(zero.next() == 11_091_344_671_253_066_420)
    var uniform = SeededGenerator(seed: 42)
    #expect(uniform.uniform() == 0.08386297105988216)
    #expect(uniform.uniform() == 0.3789802506626686)
  }

  @Test func `gives each purpose and item a stream of its own`() {
    let streams = RandomStreams(seed: 999)
    var first = streams.generator(for: "projection")
    var eighth = streams.generator(for: "projection", item: 7)
    #expect(first.next() == 1_872_833_596_880_532_647)
    #expect(eighth.next() == 3_131_619_964_991_156_577)
    let starts = (0..<200).flatMap { item in
      ["a", "b", "ab"].map { purpose -> UInt64 in
        var generator = streams.generator(for: purpose, item: item)
        return generator.next()
      }
    }
    #expect(Set(starts).count == 600)
  }

  @Test func `draws normal numbers with the right moments, in the same order for any count`() {
    var generator = SeededGenerator(seed: 5)
    let values = generator.normals(100_001)
    #expect(values.count == 100_001)
    let moments = (1...4).map { power in
      values.reduce(0) { sum, x in sum + (0..<power).reduce(1) { y, _ in y * x } } / 100_001
    }
    // Four standard errors of each sample moment.
    #expect(abs(moments[0]) < 4 * 0.00316)
    #expect(abs(moments[1] - 1) < 4 * 0.00447)
    #expect(abs(moments[2]) < 4 * 0.0123)
    #expect(abs(moments[3] - 3) < 4 * 0.031)
    var again = SeededGenerator(seed: 5)
    #expect(again.normals(7) == Array(values.prefix(7)))
    #expect(again.normals(0).isEmpty)
  }

  @Test(arguments: [1, 2, 3, 7, 10])
  func `draws every index below a bound about as often`(bound: Int) {
    var generator = SeededGenerator(seed: 6)
    var counts = [Int](repeating: 0, count: bound)
    for _ in 0..<10_000 { counts[generator.index(below: bound)] += 1 }
    let expected = 10_000 / Double(bound)
    for count in counts { #expect(abs(Double(count) - expected) <= 4.5 * expected.squareRoot()) }
  }

  @Test func `permutes and samples without repetition`() {
    var generator = SeededGenerator(seed: 7)
    let order = generator.permutation(100)
    #expect(order.sorted() == Array(0..<100))
    #expect(order != Array(0..<100))
    #expect(generator.permutation(0).isEmpty)
    let sample = generator.sample(30, from: 100)
    #expect(Set(sample).count == 30)
    #expect(sample == sample.sorted())
    #expect(sample.allSatisfy { (0..<100).contains($0) })
    #expect(generator.sample(5, from: 5) == [0, 1, 2, 3, 4])
  }

  @Test func `puts each number everywhere in a permutation`() {
    var generator = SeededGenerator(seed: 8)
    var counts = [Int](repeating: 0, count: 24)
    for _ in 0..<24_000 {
      let order = generator.permutation(4)
      counts[order[0] * 6 + order[1] * 2 - (order[1] > order[0] ? 2 : 0)
        + (order[2] > order[3] ? 1 : 0)] += 1
    }
    for count in counts { #expect(abs(count - 1000) < 150) }
  }
}
