import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Canonical correlation")
struct CanonicalCorrelationTests {
  func correlations(
    _ x: Matrix<Float>, _ y: Matrix<Float>, regularization: Double = 0.1, count: Int = 16
  ) throws -> [Double] {
    try CanonicalCorrelation(
      JointCovariance(between: x, and: y), regularization: regularization, count: count
    ).correlations
  }

  /// numpy 2.4: svdvals(inv(Lx) @ C @ inv(Ly).T) with ridged Cholesky factors, in float64.
  @Test(arguments: [
    (0.1, [0.7794228157073678, 0.3738183288519712, 0.17527944680735297]),
    (1e-9, [0.920465410911419, 0.4025090399885747, 0.19598391863284098]),
  ])
  func `of a small integer world agrees with numpy`(ridge: Double, expected: [Double]) throws {
    let found = try correlations(
      IntegerWorld.first, IntegerWorld.second, regularization: ridge)
    #expect(found.count == 3)
    for (a, b) in zip(found, expected) { #expect(abs(a - b) < 1e-6) }
  }

  @Test func `of single columns without a ridge is Pearson's correlation`() throws {
    let (x, y) = MeasureWorlds.planted(items: 100, widths: (1, 1), rank: 1, strength: 2, seed: 61)
    let expected = try #require(
      pearsonCorrelation(x.elements.map(Double.init), y.elements.map(Double.init)))
    let found = try correlations(x, y, regularization: 1e-12)
    #expect(abs(found[0] - abs(expected)) < 1e-6)
  }

  @Test func `does not change under rotation, translation and scale`() throws {
    let (x, y) = MeasureWorlds.planted(
      items: 300, widths: (12, 8), rank: 2, strength: 1.5, seed: 62)
    let moved = MeasureWorlds.mapped(MeasureWorlds.rotated(x, seed: 63)) { value, column in
      0.25 * value - Double(column)
    }
    for (a, b) in zip(try correlations(x, y), try correlations(moved, y)) {
      #expect(abs(a - b) < 1e-5)
    }
    for (a, b) in zip(try correlations(x, y), try correlations(y, x)) {
      #expect(abs(a - b) < 1e-7)
    }
  }

  @Test func `does not change under any linear map once the ridge is gone`() throws {
    let (x, y) = MeasureWorlds.planted(
      items: 300, widths: (5, 4), rank: 2, strength: 1.5, seed: 64)
    let mixed = Matrix<Float>(
      product(Matrix<Double>(x), MeasureWorlds.doubleGaussian(5, 5, seed: 65)))
    for (a, b) in zip(
      try correlations(x, y, regularization: 1e-9),
      try correlations(mixed, y, regularization: 1e-9))
    { #expect(abs(a - b) < 1e-4) }
    let ridged = zip(try correlations(x, y), try correlations(mixed, y)).map { abs($0 - $1) }
    #expect((ridged.max() ?? 0) > 1e-3)
  }

  @Test func `finds the planted factors and falls as the ridge grows`() throws {
    let (x, y) = MeasureWorlds.planted(
      items: 4000, widths: (20, 15), rank: 3, strength: 2, seed: 66)
    let found = try correlations(x, y, count: 5)
    // Each factor has variance 4 over noise of 1 in both modalities: correlation 4/5.
    #expect(found.count == 5)
    for value in found.prefix(3) { #expect(abs(value - 0.8) < 0.05) }
    #expect(found[3] < 0.2)
    var previous = 1.0
    for ridge in [1e-6, 1e-3, 0.1, 1, 10] {
      let leading = try correlations(x, y, regularization: ridge)[0]
      #expect(leading < previous)
      previous = leading
    }
  }

  @Test func `of more features than items stays below one and finite`() throws {
    let found = try correlations(
      MeasureWorlds.gaussian(50, 120, seed: 67), MeasureWorlds.gaussian(50, 60, seed: 68))
    #expect(found.count == 16)
    for value in found { #expect(value > 0 && value < 1) }
  }

  @Test func `is empty without variance`() throws {
    let constant = Matrix<Float>(rowCount: 50, columnCount: 3, repeating: 2)
    #expect(try correlations(MeasureWorlds.gaussian(50, 4, seed: 1), constant).isEmpty)
  }

  @Test func `names the place where a feature is not finite`() {
    var x = MeasureWorlds.gaussian(50, 4, seed: 1)
    x[7, 2] = .nan
    #expect(throws: LinearAlgebraError.self) {
      try correlations(x, MeasureWorlds.gaussian(50, 3, seed: 2))
    }
  }
}
