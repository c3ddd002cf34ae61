import Foundation
import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Fisher discriminant ratio")
struct FisherDiscriminantRatioTests {
  /// White noise with `classes` classes whose means differ along the columns in `columns` only.
  func world(
    items: Int, width: Int, classes: Int, columns: Range<Int>, separation: Double, seed: UInt64
  ) -> (features: Matrix<Float>, classes: ContentClasses) {
    let means = MeasureWorlds.doubleGaussian(classes, width, seed: seed)
    var x = MeasureWorlds.doubleGaussian(items, width, seed: seed + 1)
    for item in 0..<items {
      for column in columns { x[item, column] += separation * means[item % classes, column] }
    }
    return (
      Matrix<Float>(x), ContentClasses(labels: (0..<items).map { $0 % classes }, name: "planted"))
  }

  func axes(_ columns: Range<Int>, of width: Int) -> Matrix<Double> {
    Matrix<Double>.identity(width).columns(columns)
  }

  /// The ratio of one pair of classes by its definition, on explicit projections.
  func plainRatio(
    _ x: Matrix<Float>, _ basis: Matrix<Double>, _ labels: [Int], _ a: Int, _ b: Int
  ) -> (parallel: Double, perpendicular: Double) {
    let x = Matrix<Double>(x)
    let inside = product(product(x, basis), .none, basis, .transposed)
    func fdr(_ z: Matrix<Double>) -> Double {
      let moments = [a, b].map { label in
        let rows = labels.indices.filter { labels[$0] == label }
        let mean = (0..<z.columnCount).map { c in
          rows.reduce(0) { $0 + z[$1, c] } / Double(rows.count)
        }
        let variance = rows.reduce(0.0) { sum, r in
          mean.indices.reduce(sum) { $0 + (z[r, $1] - mean[$1]) * (z[r, $1] - mean[$1]) }
        }
        return (mean: mean, variance: variance / Double(rows.count))
      }
      let distance = zip(moments[0].mean, moments[1].mean).reduce(0) {
        $0 + ($1.0 - $1.1) * ($1.0 - $1.1)
      }
      return distance / (moments[0].variance + moments[1].variance)
    }
    return (fdr(inside), fdr(x - inside))
  }

  func measure(
    _ x: Matrix<Float>, _ classes: ContentClasses, basis: Matrix<Double>, subspaces: Int = 100
  ) throws -> FisherDiscriminantRatio {
    try FisherDiscriminantRatio(
      features: x, modality: "image", basis: basis, classes: classes,
      randomSubspaces: subspaces, streams: RandomStreams(seed: 7))
  }

  @Test func `of two classes on a line is what paper and pencil give`() throws {
    // Class means (±2, ±1) about the origin; each class has ±1 along both axes.
    let rows: [[Float]] = (0..<40).map { item in
      let side: Float = item < 20 ? 1 : -1
      return [2 * side + (item % 2 == 0 ? 1 : -1), side + (item / 2 % 2 == 0 ? 1 : -1)]
    }
    let classes = ContentClasses(labels: (0..<40).map { $0 / 20 }, name: "halves")
    let result = try measure(Matrix<Float>(rows: rows), classes, basis: axes(0..<1, of: 2))
    #expect(abs(try #require(result.parallel) - 8) < 1e-12)
    #expect(abs(try #require(result.perpendicular) - 2) < 1e-12)
    #expect(abs(try #require(result.medianRatio) - 4) < 1e-12)
    #expect(result.shareBelowOne == 0)
    #expect(abs(try #require(result.traceRatioParallel) - 4) < 1e-12)
    #expect(abs(try #require(result.traceRatioPerpendicular) - 1) < 1e-12)
    #expect(result.pairs == 1)
    #expect(result.classDescription == "halves")
  }

  @Test func `ranks above every random subspace when the basis holds the classes`() throws {
    let (x, classes) = world(
      items: 900, width: 30, classes: 6, columns: 0..<4, separation: 3, seed: 21)
    let inside = try measure(x, classes, basis: axes(0..<4, of: 30))
    #expect(try #require(inside.medianRatio) > 100)
    #expect(inside.randomPercentile == 100)
    #expect(inside.shareBelowOne == 0)
    let outside = try measure(x, classes, basis: axes(10..<14, of: 30))
    #expect(try #require(outside.medianRatio) < 0.1)
    #expect(outside.randomPercentile == 0)
    #expect(outside.shareBelowOne == 1)
    #expect(inside.pairs == 15)
  }

  @Test func `agrees with the definition on explicit projections`() throws {
    let (x, classes) = world(
      items: 240, width: 12, classes: 4, columns: 0..<12, separation: 1, seed: 22)
    let basis = orthonormalBasis(MeasureWorlds.doubleGaussian(12, 3, seed: 9))
    let result = try measure(x, classes, basis: basis, subspaces: 5)
    var pairs: [(parallel: Double, perpendicular: Double)] = []
    for a in 0..<4 {
      for b in a + 1..<4 { pairs.append(plainRatio(x, basis, classes.labels, a, b)) }
    }
    let ratios = pairs.map { $0.parallel / $0.perpendicular }
    let expected = try #require(median(ratios))
    #expect(abs(try #require(result.medianRatio) - expected) < 1e-10 * expected)
    #expect(
      abs(try #require(result.parallel) - (median(pairs.map(\.parallel)) ?? .nan)) < 1e-10)
    #expect(
      abs(try #require(result.perpendicular) - (median(pairs.map(\.perpendicular)) ?? .nan))
        < 1e-10)
    #expect(result.shareBelowOne == Double(ratios.count { $0 < 1 }) / 6)
  }

  @Test func `draws its random subspaces from documented streams`() throws {
    let (x, classes) = world(
      items: 2500, width: 15, classes: 2, columns: 0..<5, separation: 1, seed: 23)
    let result = try measure(x, classes, basis: axes(0..<2, of: 15), subspaces: 9)
    let streams = RandomStreams(seed: 7)
    let ratios = (0..<9).map { item in
      var generator = streams.generator(for: "fisher-subspaces-image", item: item)
      let basis = orthonormalBasis(
        Matrix(rowCount: 15, columnCount: 2, elements: generator.normals(30)))
      let pair = plainRatio(x, basis, classes.labels, 0, 1)
      return pair.parallel / pair.perpendicular
    }
    let random = try #require(result.randomRatios)
    for (found, level) in [(random.low, 0.05), (random.median, 0.5), (random.high, 0.95)] {
      let expected = try #require(quantile(ratios, at: level))
      // Random coordinates are in single precision.
      #expect(abs(found - expected) < 1e-4 * expected)
    }
  }

  @Test func `splits the scatter of each subspace exactly`() throws {
    let (x, classes) = world(
      items: 333, width: 20, classes: 7, columns: 0..<9, separation: 2, seed: 24)
    let basis = orthonormalBasis(MeasureWorlds.doubleGaussian(20, 6, seed: 10))
    let inside = coordinates(of: x, in: basis)
    let projected = product(inside, .none, basis, .transposed)
    let partition = ClassPartition(labels: classes.labels, minimumItems: 10)
    for space in [inside, Matrix<Double>(x) - projected] {
      let moments = ClassMoments(of: space, partition)
      let total = (0..<space.columnCount).reduce(0.0) { sum, column in
        let values = space.column(column)
        let center = values.reduce(0, +) / 333
        return values.reduce(sum) { $0 + ($1 - center) * ($1 - center) }
      }
      let split = moments.betweenScatter + moments.withinScatter
      #expect(abs(split - total) < 1e-10 * total)
      #expect(moments.betweenScatter > 0.05 * total)
    }
    let rest = Matrix<Double>(x) - projected
    for item in 0..<333 {
      let mixed = zip(projected.row(item), rest.row(item)).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(mixed) < 1e-12 * 20)
    }
  }

  @Test func `leaves out small classes and says how many`() throws {
    let x = MeasureWorlds.gaussian(60, 5, seed: 25)
    let labels = (0..<60).map { $0 < 9 ? 0 : $0 < 11 ? 1 : 2 + $0 % 2 }
    let result = try measure(
      x, ContentClasses(labels: labels, name: "labels"), basis: axes(0..<1, of: 5), subspaces: 3)
    #expect(result.classes == 2)
    #expect(result.droppedClasses == 2)
    #expect(result.pairs == 1)
  }

  @Test func `is undefined where nothing is left outside, or nothing varies`() throws {
    let (x, classes) = world(
      items: 60, width: 4, classes: 2, columns: 0..<4, separation: 1, seed: 26)
    let whole = try measure(x, classes, basis: MeasureWorlds.rotation(4, seed: 3), subspaces: 4)
    #expect(whole.medianRatio == nil)
    #expect(whole.perpendicular == nil)
    #expect(whole.traceRatioPerpendicular == nil)
    #expect(whole.undefinedPairs == 1)
    #expect(whole.randomPercentile == nil)
    #expect(whole.randomRatios == nil)
    #expect(try #require(whole.parallel) > 0)
    let flat = Matrix<Float>(rows: (0..<60).map { [Float($0 % 2), 1, 0, 0] })
    let constant = try measure(flat, classes, basis: axes(0..<1, of: 4), subspaces: 4)
    #expect(constant.medianRatio == nil)
    #expect(constant.parallel == nil)
    let json = try JSONEncoder().encode(constant)
    #expect(try JSONDecoder().decode(FisherDiscriminantRatio.self, from: json) == constant)
  }

  @Test func `refuses labels that do not fit`() {
    let x = MeasureWorlds.gaussian(30, 4, seed: 1)
    #expect(throws: RedundancyError.labelCountMismatch(labels: 29, items: 30)) {
      try measure(
        x, ContentClasses(labels: [Int](repeating: 0, count: 29), name: ""),
        basis: axes(0..<1, of: 4))
    }
    #expect(throws: RedundancyError.tooFewClasses(count: 1, minimumItems: 10)) {
      try measure(
        x, ContentClasses(labels: (0..<30).map { $0 < 21 ? 0 : 1 }, name: ""),
        basis: axes(0..<1, of: 4))
    }
  }

  @Test func `does not change under rotation with its basis, translation or scale`() throws {
    let (x, classes) = world(
      items: 300, width: 10, classes: 3, columns: 0..<3, separation: 2, seed: 27)
    let plain = try measure(x, classes, basis: axes(0..<2, of: 10), subspaces: 2)
    let rotation = MeasureWorlds.rotation(10, seed: 28)
    let turned = Matrix<Float>(product(Matrix<Double>(x), rotation))
    let moved = try measure(
      MeasureWorlds.mapped(turned) { value, column in 5 * value + Double(column) }, classes,
      basis: product(rotation, .transposed, axes(0..<2, of: 10), .none), subspaces: 2)
    let expected = try #require(plain.medianRatio)
    #expect(abs(try #require(moved.medianRatio) - expected) < 1e-4 * expected)
  }

  @Test func `has the same bits for any number of threads`() throws {
    let (x, classes) = world(
      items: 3000, width: 40, classes: 12, columns: 0..<7, separation: 1, seed: 29)
    let basis = axes(0..<3, of: 40)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let one = try measure(x, classes, basis: basis)
    Parallel.threadCount = 4
    #expect(try measure(x, classes, basis: basis) == one)
  }

  /// numpy 2.4 in float64: explicit projections of pix by the left singular vectors of its
  /// covariance with kar, Z[L == c].var(0).sum(), medians over the 45 pairs of digits.
  @Test(.enabled(if: RealFeatures.arePresent))
  func `of handwritten digits agrees with numpy`() throws {
    let x = try RealFeatures.load("mfeat/pix.npy")
    let subspace = try SharedSubspace(between: x, and: RealFeatures.load("mfeat/kar.npy"))
    let classes = ContentClasses(
      labels: try RealFeatures.labels("mfeat/labels.npy"), name: "digits")
    let two = try measure(x, classes, basis: subspace.first.leadingColumns(2), subspaces: 20)
    #expect(abs(try #require(two.medianRatio) - 7.268080842236236) < 1e-9)
    #expect(abs(try #require(two.shareBelowOne) - 3.0 / 45) < 1e-12)
    let eight = try measure(x, classes, basis: subspace.first.leadingColumns(8), subspaces: 20)
    #expect(abs(try #require(eight.medianRatio) - 19.998933899293625) < 1e-9)
    #expect(abs(try #require(eight.parallel) - 1.4826323078199048) < 1e-10)
    #expect(abs(try #require(eight.perpendicular) - 0.07944362599757453) < 1e-10)
    #expect(abs(try #require(eight.traceRatioParallel) - 1.4306372959161064) < 1e-10)
    #expect(abs(try #require(eight.traceRatioPerpendicular) - 0.07296928250869798) < 1e-10)
    // The shared directions of two descriptors of a digit are where the digits differ.
    #expect(eight.randomPercentile == 100)
  }
}
