import Statistics
import Testing

@Suite struct CalibratedValueTests {
  @Test func `counts ties against the observed value and never gives a p of zero`() throws {
    let value = try #require(CalibratedValue(observed: 0.5, null: [0.1, 0.5, 0.2, 0.3]))
    #expect(value.pValue == 2.0 / 5)
    #expect(value.nullMean == 0.275)
    let best = try #require(CalibratedValue(observed: 0.6, null: [0.1, 0.5, 0.2, 0.3]))
    #expect(best.pValue == 1.0 / 5)
  }

  @Test func `takes the threshold from the order statistics of null and observed value`() throws {
    let null = (1...19).map { Double($0) / 100 }
    let value = try #require(CalibratedValue(observed: 0.5, null: null))
    // 20 values; the ⌈0.95·20⌉ = 19th smallest is 0.19.
    #expect(value.threshold == 0.19)
    #expect(abs(value.score - (0.5 - 0.19) / (1 - 0.19)) < 1e-15)
  }

  @Test func `gives 1 to the maximum and 0 below the threshold`() throws {
    let null = (1...199).map { Double($0) / 1000 }
    #expect(try #require(CalibratedValue(observed: 1, null: null)).score == 1)
    #expect(try #require(CalibratedValue(observed: 0.1, null: null)).score == 0)
  }

  @Test func `a statistic that cannot vary has no evidence`() throws {
    let value = try #require(CalibratedValue(observed: 1, null: [1, 1, 1]))
    #expect(value.pValue == 1)
    #expect(value.score == 0)
    #expect(value.standardized == nil)
  }

  @Test func `has no value without a null or with NaN`() {
    #expect(CalibratedValue(observed: 0.2, null: []) == nil)
    #expect(CalibratedValue(observed: .nan, null: [0.1]) == nil)
    #expect(CalibratedValue(observed: 0.2, null: [0.1, .infinity]) == nil)
  }

  @Test func `unrelated values pass at their level`() throws {
    var generator = RandomStreams(seed: 11).generator(for: "calibration")
    let positive = try (0..<2000).count { _ in
      let values = generator.normals(100)
      let value = try #require(
        CalibratedValue(observed: values[0], null: Array(values.dropFirst()), maximum: 10))
      #expect((value.score > 0) == (value.pValue <= 0.05))
      return value.score > 0
    }
    // Binomial(2000, 0.05): standard deviation 9.7.
    #expect(abs(positive - 100) < 40)
  }

  @Test func `the correction is the p-value itself for one statistic and larger for several`()
    throws
  {
    var generator = RandomStreams(seed: 12).generator(for: "correction")
    let null = (0..<6).map { _ in generator.normals(199) }
    let alone = CalibratedValue.corrected(observed: [2.1], null: [null[0]], maximum: [9])
    #expect(alone[0]?.correctedPValue == alone[0]?.pValue)
    let several = CalibratedValue.corrected(
      observed: [2.1, 0, 0, 0, 0, 0], null: null, maximum: [Double](repeating: 9, count: 6))
    let first = try #require(several[0])
    #expect(try #require(first.correctedPValue) > 2 * first.pValue)
  }

  @Test func `the correction of copies is that of one`() throws {
    let null = (0..<99).map { Double($0) }
    let values = CalibratedValue.corrected(
      observed: [95.5, 95.5], null: [null, null], maximum: [100, 100])
    #expect(values[0]?.correctedPValue == values[0]?.pValue)
    #expect(values[0] == values[1])
  }

  @Test func `the family of unrelated statistics is rejected at the level`() throws {
    var generator = RandomStreams(seed: 13).generator(for: "family")
    let families = 1000
    let rejected = (0..<families).count { _ in
      let draws = (0..<5).map { _ in generator.normals(100) }
      let values = CalibratedValue.corrected(
        observed: draws.map { $0[0] }, null: draws.map { Array($0.dropFirst()) },
        maximum: [9, 9, 9, 9, 9])
      return values.contains { ($0?.correctedPValue ?? 1) <= 0.05 }
    }
    // The observed values stand outside their own null's mean and deviation: a little liberal.
    #expect(rejected > 25 && rejected < 90)
  }
}
