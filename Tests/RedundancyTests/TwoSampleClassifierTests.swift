import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Classifier two-sample test")
struct TwoSampleClassifierTests {
  private let streams = RandomStreams(seed: 999)

  private func test(
    _ a: Matrix<Float>, _ b: Matrix<Float>, rowLimit: Int = 2_000
  ) throws -> TwoSampleClassifier {
    try TwoSampleClassifier(between: a, and: b, rowLimit: rowLimit, streams: streams)
  }

  private func shifted(_ x: Matrix<Float>, _ by: Double) -> Matrix<Float> {
    MeasureWorlds.mapped(x) { value, column in column == 0 ? value + by : value }
  }

  @Test func `agrees with scikit-learn on the same folds`() throws {
    let known = try MarginalFixture.load()
    let result = try test(known.first, known.second)
    #expect(abs(result.auc - known.auc) < 1e-12)
    #expect(abs(result.accuracy - known.accuracy) < 1e-12)
    #expect(result.firstRows == 60 && result.secondRows == 45)
    #expect(result.pairing == .marginal)
  }

  /// Two normal clouds at distance δ: the best area is Φ(δ/√2), and accuracy Φ(δ/2).
  @Test func `of normal clouds comes near the best possible`() throws {
    let x = MeasureWorlds.gaussian(1500, 4, seed: 1)
    let y = shifted(MeasureWorlds.gaussian(1500, 4, seed: 2), 1)
    let result = try test(x, y)
    #expect(abs(result.auc - 0.7602) < 4 * result.standardError)
    #expect(abs(result.accuracy - 0.6915) < 0.03)
    #expect(abs(result.standardError - 0.0086) < 0.001)
  }

  @Test func `is one half for clouds of one kind, and exactly that for equal clouds`() throws {
    for seed in 0..<10 as Range<UInt64> {
      let x = MeasureWorlds.gaussian(300, 3, seed: 10 + seed)
      let other = try test(x, MeasureWorlds.gaussian(200, 3, seed: 30 + seed))
      #expect(abs(other.auc - 0.5) < 4.5 * other.standardError)
      #expect(try test(x, x).auc == 0.5)
      #expect(try test(x, x.rows((0..<300).reversed())).auc == 0.5)
    }
  }

  @Test func `is one for clouds that a plane separates`() throws {
    let x = MeasureWorlds.gaussian(60, 3, seed: 50)
    let result = try test(x, shifted(x, 20))
    #expect(result.auc == 1 && result.accuracy == 1 && result.standardError == 0)
  }

  @Test func `has the same bits when rows are shuffled, sampled or not`() throws {
    let x = MeasureWorlds.gaussian(240, 4, seed: 51)
    let y = shifted(MeasureWorlds.gaussian(200, 4, seed: 52), 0.7)
    var generator = SeededGenerator(seed: 53)
    let shuffled = y.rows(generator.permutation(200))
    for limit in [2_000, 80] {
      #expect(try test(x, y, rowLimit: limit) == test(x, shuffled, rowLimit: limit))
    }
    #expect(try test(x, y, rowLimit: 80).firstRows == 80)
    // The modalities can change places.
    #expect(abs(try test(y, x).auc - test(x, y).auc) < 1e-12)
  }

  @Test func `judges rows that it was not fitted on`() throws {
    // As many columns as rows: a classifier that saw them all would separate any clouds.
    let result = try test(
      MeasureWorlds.gaussian(50, 100, seed: 54), MeasureWorlds.gaussian(50, 100, seed: 55))
    #expect(abs(result.auc - 0.5) < 0.25)
  }

  @Test func `has Hanley and McNeil's standard error`() {
    // By hand for A = 0.8, n = 50, m = 40: Q₁ = 2/3, Q₂ = 0.7111….
    let expected = ((0.16 + 49 * (2.0 / 3 - 0.64) + 39 * (1.28 / 1.8 - 0.64)) / 2000).squareRoot()
    #expect(abs(TwoSampleClassifier.standardError(area: 0.8, 50, 40) - expected) < 1e-15)
    #expect(TwoSampleClassifier.standardError(area: 1, 9, 9) == 0)
    #expect(TwoSampleClassifier.standardError(area: 0, 9, 9) == 0)
  }

  @Test func `takes constant clouds and constant columns`() throws {
    let zero = Matrix<Float>(rowCount: 20, columnCount: 2)
    let one = Matrix<Float>(rowCount: 20, columnCount: 2, repeating: 1)
    #expect(try test(zero, zero).auc == 0.5)
    #expect(try test(zero, zero).accuracy == 0.5)
    #expect(try test(zero, one).auc == 1)
    let flat = MeasureWorlds.mapped(MeasureWorlds.gaussian(40, 2, seed: 56)) { value, column in
      column == 0 ? 4 : value
    }
    let auc = try test(flat, MeasureWorlds.mapped(flat) { value, _ in -value }).auc
    #expect(auc == 1)
    #expect(try test(zero, MeasureWorlds.gaussian(20, 2, seed: 57)).auc.isFinite)
  }

  @Test func `has the same bits for any number of threads`() throws {
    let x = MeasureWorlds.gaussian(400, 30, seed: 58)
    let y = MeasureWorlds.gaussian(300, 30, seed: 59)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let one = try test(x, y)
    Parallel.threadCount = 3
    #expect(try test(x, y) == one)
  }

  @Test func `refuses too few rows and clouds that cannot be compared`() {
    let x = MeasureWorlds.gaussian(9, 3, seed: 60)
    #expect(throws: RedundancyError.tooFewItems(count: 9, needed: 10)) { try test(x, x) }
    #expect(throws: OverlapError.widthMismatch(first: 3, second: 2)) {
      try test(x, MeasureWorlds.gaussian(9, 2, seed: 61))
    }
  }
}
