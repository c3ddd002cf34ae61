import Information
import LinearAlgebra
import Statistics
import Testing

@Suite struct SharedInformationTests {
  private func symbols(_ n: Int, below count: Int, seed: UInt64) -> [Int] {
    var generator = SeededGenerator(seed: seed)
    return (0..<n).map { _ in generator.index(below: count) }
  }

  private func shared(
    _ a: [Int], _ b: [Int], permutations: Int = 99, seed: UInt64 = 1
  ) -> CalibratedValue? {
    sharedInformation(
      a, b, firstCount: 4, secondCount: 3,
      relabelings: Relabelings(
        itemCount: a.count, count: permutations, streams: RandomStreams(seed: seed)))
  }

  @Test func `of equal symbols reaches the maximum`() throws {
    let a = symbols(300, below: 3, seed: 1)
    let value = try #require(shared(a, a))
    #expect(abs(value.observed - value.maximum) < 1e-12)
    #expect(abs(value.score - 1) < 1e-12)
    #expect(value.pValue == 0.01)
  }

  @Test func `of unrelated symbols is positive but no more than its null`() throws {
    let ps = try (0..<60 as Range<UInt64>).map { seed in
      let value = try #require(
        shared(
          symbols(100, below: 4, seed: 2 * seed), symbols(100, below: 3, seed: 2 * seed + 1),
          permutations: 39, seed: seed))
      // ((4 − 1)(3 − 1))/(2n ln 2) bits on average.
      #expect(abs(value.nullMean - 0.0433) < 0.012)
      return value.pValue
    }
    #expect(abs((mean(ps) ?? 0) - 0.5) < 0.13)
    #expect(ps.count { $0 <= 0.1 } <= 13)
  }

  @Test func `has the null of the permuted symbols`() throws {
    let (a, b) = (symbols(50, below: 4, seed: 7), symbols(50, below: 3, seed: 8))
    let relabelings = Relabelings(itemCount: 50, count: 20, streams: RandomStreams(seed: 3))
    let null = relabelings.allPartners().map { partners in
      var counts = [Double](repeating: 0, count: 12)
      for item in 0..<50 { counts[a[item] * 3 + b[partners[item]]] += 1 }
      return mutualInformation(counts, columnCount: 3)
    }
    let value = try #require(
      sharedInformation(a, b, firstCount: 4, secondCount: 3, relabelings: relabelings))
    #expect(value.nullMean == mean(null))
    #expect(value.pValue == Double(1 + null.count { $0 >= value.observed }) / 21)
  }

  @Test func `has no value without items or relabelings and a null score for a constant`() throws {
    #expect(shared([], []) == nil)
    #expect(shared([0, 1], [1, 0], permutations: 0) == nil)
    let constant = try #require(shared([0, 0, 0], [0, 1, 2]))
    #expect(constant.observed == 0 && constant.score == 0 && constant.pValue == 1)
  }
}
