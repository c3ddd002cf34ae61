import Foundation
import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Map overlap")
struct MapOverlapTests {
  let streams = RandomStreams(seed: 999)

  /// Points spread evenly over the unit disc.
  func disc(_ seed: UInt64, _ count: Int, offset: Double = 0) -> Matrix<Double> {
    var generator = SeededGenerator(seed: seed)
    var map = Matrix<Double>(rowCount: count, columnCount: 2)
    for row in 0..<count {
      let radius = generator.uniform().squareRoot()
      let angle = 2 * Double.pi * generator.uniform()
      map[row, 0] = radius * cos(angle) + offset
      map[row, 1] = radius * sin(angle)
    }
    return map
  }

  @Test func `of two samples of one distribution is near the known ceiling`() throws {
    let result = try mapOverlap(
      disc(1, 7050).stacked(above: disc(2, 7050)), projections: 32, streams: streams)
    #expect((0.935...0.965).contains(result.overlap))
    // Halves are half as large, so they agree a little less.
    #expect((0.91...0.95).contains(result.ceiling) && result.ceiling < result.overlap)
    #expect(result.marginalX > 0.95 && result.marginalY > 0.95)
    #expect(result.pairing == .marginal)
  }

  @Test func `without smoothing would be far below one`() {
    let bins = BinGrid(lower: -1.05, upper: 1.05, count: 50)
    let shares = [disc(1, 7050), disc(2, 7050)].map { map in
      var cells = [Double](repeating: 0, count: 2500)
      for row in 0..<7050 {
        cells[bins.bin(of: map[row, 1]) * 50 + bins.bin(of: map[row, 0])] += 1 / 7050.0
      }
      return cells
    }
    #expect((0.67...0.81).contains(overlapCoefficient(shares[0], shares[1])))
    let smooth = shares.map { gaussianSmoothed($0, rowCount: 50) }
    #expect((0.935...0.965).contains(overlapCoefficient(smooth[0], smooth[1])))
  }

  @Test func `of the same points is complete`() throws {
    let points = disc(3, 500)
    let result = try mapOverlap(points.stacked(above: points), projections: 16, streams: streams)
    #expect(abs(result.overlap - 1) < 1e-12)
    #expect(abs(result.marginalX - 1) < 1e-12 && abs(result.marginalY - 1) < 1e-12)
    #expect(result.slicedWasserstein.value == 0)
  }

  @Test func `of separate clouds is none, along the axis that separates them`() throws {
    let result = try mapOverlap(
      disc(4, 2000).stacked(above: disc(5, 2000, offset: 20)), projections: 64, streams: streams)
    #expect(result.overlap == 0 && result.marginalX == 0)
    #expect(result.marginalY > 0.9)
    #expect(result.slicedWasserstein.value > 1)
  }

  @Test func `does not change when the map is moved or magnified`() throws {
    let map = disc(6, 900).stacked(above: disc(7, 900, offset: 0.7))
    var moved = map
    for row in 0..<1800 {
      moved[row, 0] = 8 * moved[row, 0] + 100
      moved[row, 1] = 8 * moved[row, 1] - 3
    }
    let one = try mapOverlap(map, projections: 16, streams: streams)
    let two = try mapOverlap(moved, projections: 16, streams: streams)
    #expect(abs(one.overlap - two.overlap) < 1e-3)
    #expect(abs(one.slicedWasserstein.value - two.slicedWasserstein.value) < 1e-6)
    #expect((0.3...0.8).contains(one.overlap))
  }

  @Test func `is measured in root-mean-square radii`() throws {
    // Two points at distance 2r in a map of radius r: the projected distance is 2|cos|, mean 4/π.
    let map = Matrix<Double>(rows: [[5, 1], [5, 1], [11, 1], [11, 1]])
    let result = try mapOverlap(map, projections: 4000, streams: streams)
    #expect(abs(result.slicedWasserstein.value - 4 / Double.pi) < 0.05)
  }

  @Test func `of one point is complete and not undefined`() throws {
    let result = try mapOverlap(
      Matrix(rowCount: 8, columnCount: 2, repeating: 3), projections: 4, streams: streams)
    #expect(abs(result.overlap - 1) < 1e-12 && abs(result.ceiling - 1) < 1e-12)
    #expect(result.slicedWasserstein.value == 0)
  }

  @Test func `refuses what is no map of two modalities`() {
    #expect(throws: OverlapError.mapShape(rows: 5, columns: 2)) {
      try mapOverlap(Matrix(rowCount: 5, columnCount: 2), streams: streams)
    }
    #expect(throws: OverlapError.mapShape(rows: 4, columns: 3)) {
      try mapOverlap(Matrix(rowCount: 4, columnCount: 3), streams: streams)
    }
    var map = disc(8, 10)
    map[7, 1] = .nan
    #expect(throws: OverlapError.nonFinite(modality: 1, row: 2)) {
      try mapOverlap(map, streams: streams)
    }
  }
}

@Suite("Directional overlap")
struct DirectionalOverlapTests {
  let streams = RandomStreams(seed: 999)

  func normals(_ seed: UInt64, _ rows: Int, _ columns: Int, offset: Float = 0) -> Matrix<Float> {
    var generator = SeededGenerator(seed: seed)
    return Matrix(
      rowCount: rows, columnCount: columns,
      elements: generator.normals(rows * columns).map { Float($0) + offset })
  }

  @Test func `is complete for equal clouds and nothing for distant ones`() throws {
    let x = normals(1, 400, 1)
    #expect(abs(try directionalOverlap(x, x, streams: streams) - 1) < 1e-12)
    #expect(
      try directionalOverlap(x, normals(2, 400, 1, offset: 50), streams: streams) == 0)
  }

  @Test func `in one dimension is the overlap of two histograms`() throws {
    let x = normals(3, 20_000, 1)
    let y = normals(4, 20_000, 1, offset: 1)
    // Two unit normals one apart overlap in 2Φ(−1/2).
    #expect(abs(try directionalOverlap(x, y, streams: streams) - 0.6171) < 0.02)
  }

  @Test func `does not see the order of rows`() throws {
    let x = normals(5, 600, 10)
    let y = normals(6, 600, 10, offset: 0.3)
    var generator = SeededGenerator(seed: 7)
    let shuffled = y.rows(generator.permutation(600))
    #expect(
      try directionalOverlap(x, y, streams: streams)
        == directionalOverlap(x, shuffled, streams: streams))
  }

  @Test func `refuses to average over no directions`() {
    let x = normals(8, 5, 2)
    #expect(throws: OverlapError.directionCount(0)) {
      try directionalOverlap(x, x, directions: 0, streams: streams)
    }
  }
}
