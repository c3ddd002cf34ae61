import LinearAlgebra
import ProjectionCost
import Statistics
import Testing

@Suite("Linear probe")
struct LinearProbeTests {
  let none = (
    readings: { Matrix<Double>(rowCount: $0, columnCount: 0) },
    written: { Matrix<Double>(rowCount: 0, columnCount: $0) }
  )

  /// RidgeClassifier of scikit-learn 1.9, fold by fold.
  @Test func `predicts what scikit-learn predicts`() throws {
    let known = try CostReference.read().probe
    let z = Matrix(rows: known.coordinates)
    let probe = try #require(
      LinearProbe(coordinates: z, labels: known.labels, folds: known.folds, ridge: 0.05))
    let before = try probe.predictions(
      readings: none.readings(90), written: none.written(5), strength: 0)
    #expect(before == known.before)
    let after = try probe.predictions(
      readings: product(z, Matrix(rows: known.b)), written: Matrix(rows: known.a).transposed(),
      strength: known.strength)
    #expect(after == known.after)
    #expect(before != after)
  }

  /// Coordinates with class centres, labels of three classes and folds.
  func world(items: Int, width: Int, spread: Double, seed: UInt64) -> (
    z: Matrix<Double>, labels: [Int], folds: [Int]
  ) {
    let centers = CostWorlds.gaussian(3, width, seed: seed)
    var z = CostWorlds.gaussian(items, width, seed: seed + 1)
    let labels = (0..<items).map { [5, -1, 2][$0 % 3] }
    for item in 0..<items {
      for column in 0..<width { z[item, column] += spread * centers[item % 3, column] }
    }
    return (z, labels, stratifiedFolds(labels: labels, count: 5, streams: .init(seed: seed)))
  }

  @Test(arguments: [1, 3])
  func `after a map is that of the mapped coordinates`(rank: Int) throws {
    let (z, labels, folds) = world(items: 200, width: 8, spread: 0.6, seed: 1)
    let readings = CostWorlds.gaussian(200, rank, seed: 3)
    let written = CostWorlds.gaussian(rank, 8, seed: 4)
    let mapped = z - CostWorlds.scaled(product(readings, written), 0.3)
    // A ridge next to nothing, so that its scale does not matter.
    let ridge = 1e-10
    let plain = try #require(
      LinearProbe(coordinates: mapped, labels: labels, folds: folds, ridge: ridge))
    let probe = try #require(
      LinearProbe(coordinates: z, labels: labels, folds: folds, ridge: ridge))
    #expect(
      try probe.predictions(readings: readings, written: written, strength: 0.3)
        == plain.predictions(
          readings: none.readings(200), written: none.written(8), strength: 0))
  }

  @Test func `reads separate classes and guesses noise`() throws {
    for (spread, range) in [(4.0, 0.99...1.0), (0, 0.2...0.47)] {
      let (z, labels, folds) = world(items: 300, width: 6, spread: spread, seed: 5)
      let probe = try #require(LinearProbe(coordinates: z, labels: labels, folds: folds))
      let accuracy = try #require(
        try probe.accuracy(
          readings: none.readings(300), written: none.written(6), strength: 0))
      #expect(range.contains(accuracy.value))
      let binomial = (accuracy.value * (1 - accuracy.value) / 299).squareRoot()
      #expect(abs((accuracy.standardError ?? 1) - binomial) < 1e-12)
    }
  }

  @Test func `without a ridge cannot lose by an invertible map`() throws {
    let (z, labels, folds) = world(items: 240, width: 6, spread: 0.7, seed: 6)
    let basis = CostWorlds.basis(6, 2, seed: 7)
    let probe = try #require(
      LinearProbe(coordinates: z, labels: labels, folds: folds, ridge: 1e-11))
    func found(_ strength: Double) throws -> [Int] {
      try probe.predictions(
        readings: product(z, basis), written: basis.transposed(), strength: strength)
    }
    #expect(try found(0) == found(0.99))
    #expect(try found(0) != found(1))
  }

  @Test func `does not see the order of items`() throws {
    let (z, labels, folds) = world(items: 120, width: 5, spread: 0.7, seed: 8)
    var generator = SeededGenerator(seed: 9)
    let order = generator.permutation(120)
    let probe = try #require(LinearProbe(coordinates: z, labels: labels, folds: folds))
    let turned = try #require(
      LinearProbe(
        coordinates: z.rows(order), labels: order.map { labels[$0] },
        folds: order.map { folds[$0] }))
    let found = try probe.predictions(
      readings: none.readings(120), written: none.written(5), strength: 0)
    #expect(
      try turned.predictions(
        readings: none.readings(120), written: none.written(5), strength: 0)
        == order.map { found[$0] })
  }

  @Test func `has no value for one class, one fold or no variance`() {
    let z = CostWorlds.gaussian(10, 2, seed: 10)
    let labels = (0..<10).map { $0 % 2 }
    let folds = (0..<10).map { $0 % 5 }
    #expect(LinearProbe(coordinates: z, labels: labels, folds: folds) != nil)
    let one = [Int](repeating: 3, count: 10)
    #expect(LinearProbe(coordinates: z, labels: one, folds: folds) == nil)
    #expect(LinearProbe(coordinates: z, labels: labels, folds: one) == nil)
    let constant = Matrix<Double>(rowCount: 10, columnCount: 2)
    #expect(LinearProbe(coordinates: constant, labels: labels, folds: folds) == nil)
    let empty = Matrix<Double>(rowCount: 0, columnCount: 2)
    #expect(LinearProbe(coordinates: empty, labels: [], folds: []) == nil)
  }
}
