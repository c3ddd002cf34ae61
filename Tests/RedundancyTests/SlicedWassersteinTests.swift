import Foundation
import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Sliced Wasserstein distance")
struct SlicedWassersteinTests {
  let streams = RandomStreams(seed: 999)

  struct Reference: Decodable {
    let a: [[Float]]
    let b: [[Float]]
    let c: [[Float]]
    let raw: Double
    let rownorm: Double
    let rms: Double
    let unequal: Double
    let line: Double
    let unequalLine: Double
  }

  func reference() throws -> Reference {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/sliced_wasserstein.json")
    return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
  }

  func normals(_ seed: UInt64, _ rows: Int, _ columns: Int, offset: Float = 0) -> Matrix<Float> {
    var generator = SeededGenerator(seed: seed)
    return Matrix(
      rowCount: rows, columnCount: columns,
      elements: generator.normals(rows * columns).map { Float($0) + offset })
  }

  /// θ_l as the documentation says it is drawn.
  func direction(_ item: Int, width: Int) -> [Double] {
    var generator = streams.generator(for: "projection-directions", item: item)
    let vector = generator.normals(width)
    let norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return vector.map { $0 / norm }
  }

  @Test func `agrees with POT on the same directions`() throws {
    let known = try reference()
    let a = FeaturePair(Matrix(rows: known.a), Matrix(rows: known.b))
    let subspace = try SharedSubspace(between: a.first, and: a.second)
    let result = try slicedWasserstein(
      before: a, after: a, subspace: subspace, projections: 20, streams: streams)
    #expect(result.scalings.map(\.name) == [.raw, .rowNormalized, .rootMeanSquare])
    for (scaled, value) in zip(result.scalings, [known.raw, known.rownorm, known.rms]) {
      #expect(abs(scaled.before - value) < 1e-6 * value)
      #expect(scaled.before == scaled.after)
    }
    #expect(result.before == result.scalings[0].before)
    let unequal = try slicedWasserstein(
      a.first, Matrix(rows: known.c), projections: 20, streams: streams)
    #expect(abs(unequal.value - known.unequal) < 1e-6 * known.unequal)
  }

  @Test func `in one dimension is the exact distance of scipy`() throws {
    let known = try reference()
    let columns = [known.a, known.b, known.c].map { Matrix<Float>(rows: $0).leadingColumns(1) }
    let equal = try slicedWasserstein(columns[0], columns[1], projections: 1, streams: streams)
    #expect(abs(equal.value - known.line) < 1e-6)
    #expect(equal.standardError == nil)
    let unequal = try slicedWasserstein(columns[0], columns[2], projections: 1, streams: streams)
    #expect(abs(unequal.value - known.unequalLine) < 1e-6)
  }

  @Test func `is zero between equal clouds, in whatever order`() throws {
    let x = normals(1, 333, 9)
    var generator = SeededGenerator(seed: 2)
    let shuffled = x.rows(generator.permutation(333))
    for other in [x, shuffled] {
      let result = try slicedWasserstein(x, other, projections: 30, streams: streams)
      #expect(result.value == 0 && result.standardError == 0)
    }
  }

  @Test func `has the same bits when the rows of one modality are shuffled`() throws {
    let x = normals(3, 1000, 20)
    let y = normals(4, 1000, 20, offset: 0.2)
    let after = FeaturePair(normals(5, 1000, 20), y)
    var generator = SeededGenerator(seed: 6)
    let order = generator.permutation(1000)
    let subspace = try SharedSubspace(between: x, and: y)
    let one = try slicedWasserstein(
      before: FeaturePair(x, y), after: after, subspace: subspace, projections: 64,
      streams: streams)
    let two = try slicedWasserstein(
      before: FeaturePair(x.rows(order), y),
      after: FeaturePair(after.first.rows(order), y), subspace: subspace, projections: 64,
      streams: streams)
    #expect(one == two)
  }

  @Test func `of a shifted cloud is the mean length of the projected shift`() throws {
    let x = normals(7, 500, 6)
    let shift: [Float] = [1, -2, 0.5, 0, 4, -1]
    var moved = x
    for row in 0..<500 { for column in 0..<6 { moved[row, column] += shift[column] } }
    let lengths = (0..<40).map { item in
      abs(zip(direction(item, width: 6), shift).reduce(0) { $0 + $1.0 * Double($1.1) })
    }
    let result = try slicedWasserstein(moved, x, projections: 40, streams: streams)
    #expect(abs(result.value - (mean(lengths) ?? 0)) < 1e-6)
    #expect(abs((result.standardError ?? 0) - (standardError(lengths) ?? 0)) < 1e-6)
  }

  @Test func `is symmetric and scales with the features`() throws {
    let x = normals(8, 260, 12)
    let y = normals(9, 300, 12, offset: 1)
    let one = try slicedWasserstein(x, y, projections: 25, streams: streams).value
    #expect(try slicedWasserstein(y, x, projections: 25, streams: streams).value == one)
    var (twiceX, twiceY) = (x, y)
    for i in twiceX.elements.indices { twiceX.elements[i] *= 2 }
    for i in twiceY.elements.indices { twiceY.elements[i] *= 2 }
    let two = try slicedWasserstein(twiceX, twiceY, projections: 25, streams: streams)
    #expect(two.value == 2 * one)
  }

  @Test func `of repeated samples equals that of the samples`() throws {
    // Doubling every point changes no quantile function, but the sizes differ.
    let x = normals(10, 70, 5)
    let y = normals(11, 70, 5, offset: 0.3)
    let one = try slicedWasserstein(x, y, projections: 25, streams: streams).value
    let two = try slicedWasserstein(x, y.stacked(above: y), projections: 25, streams: streams).value
    #expect(abs(one - two) < 1e-12)
  }

  @Test func `under the other scalings forgets the scale of rows and modalities`() throws {
    let pair = FeaturePair(normals(12, 200, 8), normals(13, 200, 8, offset: 0.5))
    var stretched = pair.first
    for row in 0..<200 {
      for column in 0..<8 { stretched[row, column] *= Float(1 + row % 3) }
    }
    var tripled = pair.first
    for i in tripled.elements.indices { tripled.elements[i] *= 3 }
    let subspace = try SharedSubspace(between: pair.first, and: pair.second)
    let rows = try slicedWasserstein(
      before: pair, after: FeaturePair(stretched, pair.second), subspace: subspace,
      projections: 30, streams: streams)
    #expect(abs(rows.scalings[1].before - rows.scalings[1].after) < 1e-6)
    #expect(abs(rows.before - rows.after) > 0.1)
    let whole = try slicedWasserstein(
      before: pair, after: FeaturePair(tripled, pair.second), subspace: subspace,
      projections: 30, streams: streams)
    #expect(abs(whole.scalings[2].before - whole.scalings[2].after) < 1e-6)
    #expect(abs(whole.before - whole.after) > 0.1)
  }

  @Test func `keeps zero rows under every scaling`() throws {
    let zero = Matrix<Float>(rowCount: 10, columnCount: 3)
    let pair = FeaturePair(zero, normals(14, 10, 3))
    let subspace = try SharedSubspace(between: pair.first, and: pair.second)
    let result = try slicedWasserstein(
      before: pair, after: FeaturePair(zero, zero), subspace: subspace, projections: 5,
      streams: streams)
    #expect(result.scalings.allSatisfy { $0.before > 0 && $0.after == 0 })
  }

  @Test func `is measured in shared coordinates when widths differ`() throws {
    let x = normals(15, 400, 90)
    let y = normals(16, 400, 70)
    let subspace = try SharedSubspace(between: x, and: y)
    let result = try slicedWasserstein(
      before: FeaturePair(x, y), after: FeaturePair(x, y), subspace: subspace, projections: 10,
      streams: streams)
    #expect(result.coordinates.contains("(90 and 70)") && result.coordinates.contains(" 64 "))
    let plain = try slicedWasserstein(
      Matrix<Float>(product(Matrix<Double>(x), subspace.first.leadingColumns(64))),
      Matrix<Float>(product(Matrix<Double>(y), subspace.second.leadingColumns(64))),
      projections: 10, streams: streams)
    #expect(abs(result.before - plain.value) < 1e-6)
  }

  @Test func `has the same bits for any number of threads`() throws {
    let x = normals(17, 700, 33)
    let y = normals(18, 650, 33)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let one = try slicedWasserstein(x, y, projections: 300, streams: streams)
    Parallel.threadCount = 4
    #expect(try slicedWasserstein(x, y, projections: 300, streams: streams) == one)
  }

  @Test func `refuses clouds that cannot be compared`() {
    let x = normals(19, 5, 3)
    #expect(throws: OverlapError.widthMismatch(first: 3, second: 2)) {
      try slicedWasserstein(x, normals(20, 5, 2), streams: streams)
    }
    #expect(throws: OverlapError.directionCount(0)) {
      try slicedWasserstein(x, x, projections: 0, streams: streams)
    }
    #expect(throws: OverlapError.empty) {
      try slicedWasserstein(x, Matrix(rowCount: 0, columnCount: 3), streams: streams)
    }
    var broken = x
    broken[2, 1] = .infinity
    #expect(throws: OverlapError.nonFinite(modality: 1, row: 2)) {
      try slicedWasserstein(x, broken, streams: streams)
    }
  }
}
