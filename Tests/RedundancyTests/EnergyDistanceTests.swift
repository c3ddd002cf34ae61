import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Energy distance")
struct EnergyDistanceTests {
  private let streams = RandomStreams(seed: 999)

  private func distance(
    _ a: Matrix<Float>, _ b: Matrix<Float>, rowLimit: Int = EnergyDistance.usualRowLimit
  ) throws -> EnergyDistance {
    try EnergyDistance(between: a, and: b, rowLimit: rowLimit, streams: streams)
  }

  private func shifted(_ x: Matrix<Float>, _ by: Double) -> Matrix<Float> {
    MeasureWorlds.mapped(x) { value, _ in value + by }
  }

  @Test func `agrees with scipy's pairwise distances`() throws {
    let known = try MarginalFixture.load()
    let result = try distance(known.first, known.second)
    #expect(abs(result.value - known.energy) < 1e-9)
    #expect(abs(try #require(result.coefficient) - known.coefficient) < 1e-9)
    #expect(result.standardError == nil)
    #expect(result.firstRows == 60 && result.secondRows == 45)
    #expect(result.pairing == .marginal)
  }

  @Test func `of two points is twice their distance`() throws {
    let result = try distance(Matrix(rows: [[0, 3]]), Matrix(rows: [[4, 0]]))
    #expect(abs(result.value - 10) < 1e-12)
    #expect(result.coefficient == 1)
  }

  /// In one dimension E = 2∫(F − G)².
  @Test func `in one dimension is twice the area between squared distribution functions`() throws {
    let a = MeasureWorlds.gaussian(70, 1, seed: 1)
    let b = shifted(MeasureWorlds.gaussian(90, 1, seed: 2), 0.4)
    let points = (a.elements + b.elements).sorted()
    var area = 0.0
    for (left, right) in zip(points, points.dropFirst()) {
      let f = Double(a.elements.count { $0 <= left }) / 70
      let g = Double(b.elements.count { $0 <= left }) / 90
      area += (f - g) * (f - g) * Double(right - left)
    }
    #expect(abs(try distance(a, b).value - 2 * area) < 1e-6)
  }

  @Test func `is zero between equal clouds, in whatever order, and of a single point`() throws {
    let x = MeasureWorlds.gaussian(150, 5, seed: 3)
    #expect(try distance(x, x).value < 1e-12)
    #expect(try distance(x, x.rows((0..<150).reversed())).value < 1e-12)
    let point = Matrix<Float>(rowCount: 20, columnCount: 2, repeating: 3)
    let still = try distance(point, point)
    #expect(still.value == 0 && still.coefficient == nil)
  }

  @Test func `has the same bits when rows are shuffled, sampled or not`() throws {
    let a = MeasureWorlds.gaussian(300, 4, seed: 4)
    let b = shifted(MeasureWorlds.gaussian(260, 4, seed: 5), 0.3)
    var generator = SeededGenerator(seed: 6)
    let shuffled = b.rows(generator.permutation(260))
    for limit in [2_000, 100] {
      #expect(try distance(a, b, rowLimit: limit) == distance(a, shuffled, rowLimit: limit))
    }
  }

  @Test func `of a sample is within its standard error`() throws {
    let a = MeasureWorlds.gaussian(1500, 6, seed: 7)
    let b = shifted(MeasureWorlds.gaussian(1500, 6, seed: 8), 0.5)
    let whole = try distance(a, b)
    #expect(whole.standardError == nil)
    var errors: [Double] = []
    var stated: [Double] = []
    for seed in 0..<30 as Range<UInt64> {
      let part = try EnergyDistance(
        between: a, and: b, rowLimit: 300, streams: RandomStreams(seed: seed))
      #expect(part.firstRows == 300 && part.secondRows == 300)
      errors.append(part.value - whole.value)
      stated.append(try #require(part.standardError))
    }
    let scatter = (errors.reduce(0) { $0 + $1 * $1 } / 30).squareRoot()
    let typical = try #require(mean(stated))
    #expect(scatter < 1.5 * typical && typical < 2 * scatter)
  }

  @Test func `has the same bits for any number of threads`() throws {
    let a = MeasureWorlds.gaussian(300, 7, seed: 9)
    let b = MeasureWorlds.gaussian(200, 7, seed: 10)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let one = try distance(a, b, rowLimit: 100)
    Parallel.threadCount = 3
    #expect(try distance(a, b, rowLimit: 100) == one)
  }

  @Test func `refuses clouds that cannot be compared`() {
    let x = MeasureWorlds.gaussian(5, 3, seed: 11)
    #expect(throws: OverlapError.widthMismatch(first: 3, second: 2)) {
      try distance(x, MeasureWorlds.gaussian(5, 2, seed: 12))
    }
    #expect(throws: OverlapError.empty) {
      try distance(Matrix(rowCount: 0, columnCount: 3), x)
    }
    var broken = x
    broken[4, 0] = .nan
    #expect(throws: OverlapError.nonFinite(modality: 0, row: 4)) { try distance(broken, x) }
  }
}
