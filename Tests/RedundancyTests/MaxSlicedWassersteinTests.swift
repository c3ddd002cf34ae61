import Foundation
import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Max-sliced Wasserstein distance")
struct MaxSlicedWassersteinTests {
  private let streams = RandomStreams(seed: 999)

  struct Reference: Decodable {
    let a: [[Float]]
    let b: [[Float]]
    let c: [[Float]]
    let max: Double
    let maxUnequal: Double
  }

  private func distance(
    _ a: Matrix<Float>, _ b: Matrix<Float>, projections: Int = 50, stepLimit: Int = 30
  ) throws -> MaxSlicedWasserstein {
    try MaxSlicedWasserstein(
      between: a, and: b, projections: projections, stepLimit: stepLimit, streams: streams)
  }

  @Test func `without refining agrees with POT on the same directions`() throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/sliced_wasserstein.json")
    let known = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
    let equal = try distance(
      Matrix(rows: known.a), Matrix(rows: known.b), projections: 20, stepLimit: 0)
    #expect(abs(equal.sampled - known.max) < 1e-6 * known.max)
    #expect(equal.steps == 0 && abs(equal.value - equal.sampled) < 1e-6)
    let unequal = try distance(
      Matrix(rows: known.a), Matrix(rows: known.c), projections: 20, stepLimit: 0)
    #expect(abs(unequal.sampled - known.maxUnequal) < 1e-6 * known.maxUnequal)
  }

  /// The distance of a shifted copy is largest along the shift, where it is the shift's length.
  @Test func `of a shifted cloud is the length of the shift`() throws {
    let x = MeasureWorlds.gaussian(200, 40, seed: 1)
    let shift = MeasureWorlds.gaussian(1, 40, seed: 2)
    let length = shift.squaredFrobeniusNorm.squareRoot()
    let y = MeasureWorlds.mapped(x) { value, column in value + Double(shift[0, column]) }
    let result = try distance(x, y)
    #expect(abs(result.value - length) < 1e-5 * length)
    #expect(result.sampled < 0.7 * length)
  }

  @Test func `is between the best sampled direction and the finest grid in the plane`() throws {
    for seed in 0..<10 as Range<UInt64> {
      let x = MeasureWorlds.gaussian(80, 2, seed: 10 + seed)
      let y = MeasureWorlds.mapped(MeasureWorlds.gaussian(60, 2, seed: 30 + seed)) {
        value, column in column == 0 ? 3 * value : value + 0.5
      }
      let result = try distance(x, y, projections: 20)
      #expect(result.value >= result.sampled)
      let grid = (0..<2000).map { step -> Double in
        let angle = Double(step) / 2000 * .pi
        func line(_ z: Matrix<Float>) -> Matrix<Float> {
          Matrix(
            rows: (0..<z.rowCount).map { row in
              [Float(cos(angle) * Double(z[row, 0]) + sin(angle) * Double(z[row, 1]))]
            })
        }
        return (try? slicedWasserstein(line(x), line(y), projections: 1, streams: streams).value)
          ?? 0
      }
      let best = try #require(grid.max())
      #expect(result.value < best * 1.0001)
      #expect(result.value > best * 0.98)
    }
  }

  @Test func `is at least the mean over the same directions`() throws {
    let x = MeasureWorlds.gaussian(100, 12, seed: 50)
    let y = MeasureWorlds.gaussian(130, 12, seed: 51)
    let whole = try distance(x, y)
    #expect(
      try slicedWasserstein(x, y, projections: 50, streams: streams).value <= whole.sampled)
    #expect(whole.sampled <= whole.value)
    #expect(try distance(y, x).value == whole.value)
    #expect(whole.pairing == .marginal)
  }

  @Test func `is zero between equal clouds and points`() throws {
    let x = MeasureWorlds.gaussian(90, 5, seed: 60)
    #expect(try distance(x, x.rows((0..<90).reversed())).value < 1e-12)
    let point = Matrix<Float>(rowCount: 3, columnCount: 1)
    #expect(try distance(point, point).value == 0)
    #expect(try distance(point, Matrix(rows: [[2]])).value == 2)
  }

  @Test func `has the same bits for any number of threads`() throws {
    let x = MeasureWorlds.gaussian(700, 9, seed: 61)
    let y = MeasureWorlds.gaussian(650, 9, seed: 62)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let one = try distance(x, y)
    Parallel.threadCount = 4
    #expect(try distance(x, y) == one)
  }

  @Test func `refuses clouds that cannot be compared`() {
    let x = MeasureWorlds.gaussian(5, 3, seed: 63)
    #expect(throws: OverlapError.directionCount(0)) { try distance(x, x, projections: 0) }
    #expect(throws: OverlapError.widthMismatch(first: 3, second: 1)) {
      try distance(x, MeasureWorlds.gaussian(5, 1, seed: 64))
    }
  }
}
