import Statistics
import Testing

/// numpy 2.4 and scipy 1.17 on v = [3, 1, 4, 1, 5, 9, 2, 6] and w = [2, 7, 1, 8, 2, 8, 1, 8].
@Suite("Descriptive statistics")
struct DescriptiveTests {
  let v: [Double] = [3, 1, 4, 1, 5, 9, 2, 6]
  let w: [Double] = [2, 7, 1, 8, 2, 8, 1, 8]

  @Test func `agree with numpy and scipy`() throws {
    #expect(mean(v) == 3.875)
    #expect(abs(try #require(sampleVariance(v)) - 7.553571428571429) < 1e-14)
    #expect(abs(try #require(standardError(v)) - 0.9716977043151993) < 1e-15)
    #expect(abs(try #require(pearsonCorrelation(v, w)) - 0.2096553190730121) < 1e-15)
    #expect(abs(try #require(spearmanCorrelation(v, w)) - 0.19885368120992467) < 1e-15)
    #expect(ranks(w) == [3.5, 5, 1.5, 7, 3.5, 7, 1.5, 7])
  }

  @Test(arguments: [(0, 1.0), (0.05, 1), (0.3, 2.1), (0.5, 3.5), (0.9, 6.9), (1, 9)])
  func `interpolate quantiles as numpy does`(level: Double, expected: Double) throws {
    #expect(abs(try #require(quantile(v, at: level)) - expected) < 1e-14)
    #expect(quantile(ofSorted: v.sorted(), at: level) == quantile(v, at: level))
  }

  @Test func `have a median`() {
    #expect(median(v) == 3.5)
    #expect(median([7]) == 7)
    #expect(median([2, 1, 3]) == 2)
  }

  @Test func `are undefined where there is too little`() {
    let none: [Double] = []
    #expect(mean(none) == nil)
    #expect(median(none) == nil)
    #expect(sampleVariance([1]) == nil)
    #expect(standardError([1]) == nil)
    #expect(pearsonCorrelation([1], [2]) == nil)
    #expect(pearsonCorrelation([], []) == nil)
    #expect(ranks([]).isEmpty)
  }

  @Test func `do not correlate with a constant, even one that rounds`() {
    // The mean of three tenths is not a tenth.
    #expect(pearsonCorrelation([0.1, 0.1, 0.1], [1, 2, 4]) == nil)
    #expect(pearsonCorrelation([1, 2, 4], [0.1, 0.1, 0.1]) == nil)
    #expect(spearmanCorrelation([5, 5, 5], [1, 2, 3]) == nil)
  }

  @Test func `correlate numbers whose squared variances leave the range`() throws {
    let tiny = v.map { $0 * 1e-100 }
    let plain = try #require(pearsonCorrelation(v, w))
    let found = try #require(pearsonCorrelation(tiny, w.map { $0 * 1e-100 }))
    #expect(abs(found - plain) < 1e-12)
    #expect(abs(try #require(spearmanCorrelation(v, v.map { -$0 * $0 })) + 1) < 1e-14)
  }
}
