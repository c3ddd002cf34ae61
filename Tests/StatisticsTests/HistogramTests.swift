import Statistics
import Testing

@Suite("Histogram")
struct HistogramTests {
  @Test func `counts every value once, the upper end in the last bin`() {
    let bins = BinGrid(lower: 0, upper: 4, count: 4)
    #expect(bins.shares(of: [0, 0.5, 1, 3.9, 4]) == [0.4, 0.2, 0, 0.4])
    #expect(bins.bin(of: -3) == 0 && bins.bin(of: 1e300) == 3)
  }

  @Test func `of equal values fills the first bin`() {
    let bins = BinGrid(covering: [[2, 2], [2]], count: 5)
    #expect(bins?.shares(of: [2, 2]) == [1, 0, 0, 0, 0])
    #expect(BinGrid(covering: [[], []], count: 5) == nil)
  }

  @Test func `covers the joint range`() {
    #expect(BinGrid(covering: [[3, 1], [7]], count: 2) == BinGrid(lower: 1, upper: 7, count: 2))
  }

  @Test func `overlap is the shared mass`() {
    #expect(overlapCoefficient([0.5, 0.5, 0], [0, 0.25, 0.75]) == 0.25)
    #expect(overlapCoefficient([0.5, 0.5], [0.5, 0.5]) == 1)
    #expect(overlapCoefficient([1, 0], [0, 1]) == 0)
  }

  @Test func `smoothed agrees with scipy`() {
    // scipy 1.17.1: gaussian_filter(g, 1.5, mode="constant", radius=4), divided by its sum.
    var cells = [Double](repeating: 0, count: 63)
    cells[2 * 9 + 3] = 0.5
    cells[5 * 9 + 8] = 0.3
    cells[6 * 9] = 0.2
    let smooth = gaussianSmoothed(cells, rowCount: 7)
    #expect(abs(smooth[2 * 9 + 3] - 0.04972426231023396) < 1e-15)
    #expect(abs(smooth[5 * 9 + 8] - 0.029788493411498754) < 1e-15)
    #expect(abs(smooth[0] - 0.0027622869085475003) < 1e-15)
    #expect(abs(smooth[6 * 9 + 1] - 0.016484882232283758) < 1e-15)
    let line = gaussianSmoothed(Array(cells[18..<27]))
    #expect(abs(line[3] - 0.2686052477480289) < 1e-15)
    #expect(abs(line[7] - 0.007672843415280668) < 1e-15)
    #expect(line[8] == 0)
  }

  @Test func `smoothed still sums to one`() {
    var generator = SeededGenerator(seed: 1)
    let shares = BinGrid(lower: -3, upper: 3, count: 100).shares(of: generator.normals(500))
    #expect(abs(gaussianSmoothed(shares).reduce(0, +) - 1) < 1e-14)
    #expect(abs(gaussianSmoothed(shares, rowCount: 10).reduce(0, +) - 1) < 1e-14)
  }
}
