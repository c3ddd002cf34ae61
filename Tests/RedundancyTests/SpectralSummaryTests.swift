import Redundancy
import Testing

@Suite("Spectral summary")
struct SpectralSummaryTests {
  @Test func `counts every value of a flat spectrum`() throws {
    let summary = SpectralSummary(singularValues: [Double](repeating: 0.25, count: 20))
    #expect(summary.numericalRank == 20)
    #expect(abs(try #require(summary.stableRank) - 20) < 1e-12)
    #expect(abs(try #require(summary.effectiveRank) - 20) < 1e-12)
    #expect(abs(try #require(summary.participationRatio) - 20) < 1e-12)
    #expect(summary.rank90 == 18)
    #expect(abs(try #require(summary.leadingShare) - 0.1) < 1e-12)
    #expect(abs(summary.nuclearNorm - 5) < 1e-12)
    #expect(abs(summary.frobeniusNorm - 20.0.squareRoot() / 4) < 1e-12)
  }

  @Test func `counts one value of a spectrum with one direction`() throws {
    let summary = SpectralSummary(singularValues: [7, 0, 0])
    #expect(summary.numericalRank == 1)
    #expect(summary.stableRank == 1)
    #expect(summary.effectiveRank == 1)
    #expect(summary.participationRatio == 1)
    #expect(summary.rank90 == 1)
    #expect(summary.leadingShare == 1)
    #expect(summary.cumulativeEnergy == [1, 1, 1])
  }

  /// numpy 2.4: p = s/s.sum(); np.exp(-(p*np.log(p)).sum()), and so on.
  @Test func `agrees with numpy`() throws {
    let summary = SpectralSummary(singularValues: [3, 1.5, 0.7, 0.7, 0.2, 0.05, 0.01, 1e-13])
    #expect(abs(try #require(summary.effectiveRank) - 3.8551651163406166) < 1e-13)
    #expect(abs(try #require(summary.stableRank) - 1.3636222222222223) < 1e-14)
    #expect(abs(try #require(summary.participationRatio) - 1.740342227800764) < 1e-14)
    #expect(abs(summary.nuclearNorm - 6.1600000000001005) < 1e-14)
    #expect(abs(summary.frobeniusNorm - 3.5032270837043953) < 1e-14)
    #expect(summary.numericalRank == 7)
    #expect(summary.rank90 == 2)
    #expect(abs(try #require(summary.leadingShare) - 0.7333409383504718) < 1e-15)
  }

  @Test func `does not depend on the scale, even where fourth powers underflow`() throws {
    let values = [3, 1.5, 0.7, 0.2]
    let summary = SpectralSummary(singularValues: values)
    let tiny = SpectralSummary(singularValues: values.map { $0 * 0x1p-400 })
    #expect(tiny.participationRatio == summary.participationRatio)
    #expect(tiny.effectiveRank == summary.effectiveRank)
    #expect(tiny.cumulativeEnergy == summary.cumulativeEnergy)
  }

  @Test(arguments: [[], [0, 0, 0]])
  func `has no shape where there is no energy`(values: [Double]) {
    let summary = SpectralSummary(singularValues: values)
    #expect(summary.numericalRank == 0)
    #expect(summary.stableRank == nil)
    #expect(summary.effectiveRank == nil)
    #expect(summary.participationRatio == nil)
    #expect(summary.rank90 == nil)
    #expect(summary.leadingShare == nil)
    #expect(summary.cumulativeEnergy.isEmpty)
    #expect(summary.nuclearNorm == 0)
  }
}
