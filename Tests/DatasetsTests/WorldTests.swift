import Datasets
import LinearAlgebra
import Statistics
import Testing

/// Singular values of the cross-covariance of two modalities.
func sharedSpectrum(_ first: Matrix<Float>, _ second: Matrix<Float>) throws -> [Double] {
  try singularValueDecomposition(crossCovariance(first, second).matrix).singularValues
}

/// Where the singular values of independent unit-variance noise end.
func noiseEdge(_ first: Matrix<Float>, _ second: Matrix<Float>) -> Double {
  (Double(first.columnCount).squareRoot() + Double(second.columnCount).squareRoot())
    / Double(first.rowCount).squareRoot()
}

@Suite("Named worlds")
struct WorldTests {
  @Test func `identical modalities are equal and independent ones are noise`() throws {
    let identical = World.identical(items: 400, width: 5, seed: 1)
    #expect(identical.first == identical.second)
    let independent = World.independent(items: 2000, firstWidth: 30, secondWidth: 12, seed: 1)
    let spectrum = try sharedSpectrum(independent.first, independent.second)
    let edge = noiseEdge(independent.first, independent.second)
    #expect(spectrum[0] < 1.15 * edge && spectrum[0] > 0.5 * edge)
    #expect(World.identical(items: 400, width: 5, seed: 2) != identical)
  }

  @Test(arguments: [(1, 4.0), (3, 2.0), (5, 1.5)])
  func `shared factors stand above the noise, as many and as strong as asked`(
    rank: Int, strength: Double
  ) throws {
    let world = World.sharedFactor(
      rank: rank, strength: strength, items: 4000, firstWidth: 24, secondWidth: 16, seed: 7)
    let spectrum = try sharedSpectrum(world.first, world.second)
    let edge = noiseEdge(world.first, world.second)
    #expect(spectrum.count { $0 > 2 * edge } == rank)
    for value in spectrum[..<rank] { #expect(abs(value / strength - 1) < 0.15) }
  }
}

@Suite("Demo world")
struct DemoWorldTests {
  @Test(arguments: [1, 999, 31337] as [UInt64])
  func `has the planted rank and strengths`(seed: UInt64) throws {
    let demo = DemoWorld.make(seed: seed)
    let (image, text) = (demo.featureMatrices[0].matrix, demo.featureMatrices[1].matrix)
    #expect(image.rowCount == 2000 && image.columnCount == 64 && text.columnCount == 32)
    let spectrum = try sharedSpectrum(image, text)
    let edge = noiseEdge(image, text)
    #expect(spectrum.count { $0 > 1.1 * edge } == DemoWorld.sharedRank)
    #expect(spectrum.count { $0 > 5 * edge } == DemoWorld.sharedRank)
    for (found, planted) in zip(spectrum, DemoWorld.sharedStrengths) {
      #expect(abs(found / planted - 1) < 0.03)
    }
    // What is left is noise of the size that theory gives, not zero.
    #expect(spectrum[4] > 0.6 * edge)
  }

  @Test func `is the same for a seed and any number of threads`() {
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    Parallel.threadCount = 1
    let one = DemoWorld.make(seed: 5)
    Parallel.threadCount = 4
    let four = DemoWorld.make(seed: 5)
    #expect(one.modalities == four.modalities && one.interactions == four.interactions)
    #expect(one.digests == four.digests && one.classes == four.classes)
    #expect(DemoWorld.make(seed: 6).digests != one.digests)
  }

  @Test func `passes the gate without duplicates and has all parts`() throws {
    let demo = DemoWorld.make(seed: 999)
    for found in try FeatureGate.requireUsable(demo) { #expect(found.duplicateRows == 0) }
    let table = try #require(demo.interactions)
    #expect(table.userCount == 800 && table.itemCount == 2000 && table.count == 9600)
    #expect(Set(table.items).count == 2000)
    #expect(table.splitCounts.allSatisfy { $0 > 500 })
    let classes = try #require(demo.classes)
    #expect(classes.names?.count == 8)
    #expect(Set(classes.ids.map { id in classes.ids.count { $0 == id } }) == [250])
  }

  @Test func `has users who prefer categories and categories that shape the features`() throws {
    let demo = DemoWorld.make(seed: 999)
    let table = try #require(demo.interactions)
    let ids = try #require(demo.classes).ids
    var counts = [[Int]](repeating: [Int](repeating: 0, count: 8), count: 800)
    for (user, item) in zip(table.users, table.items) { counts[Int(user)][ids[Int(item)]] += 1 }
    let loyal = counts.reduce(0) { $0 + ($1.max() ?? 0) }
    #expect(Double(loyal) / Double(table.count) > 0.5)
    // Share of the leading shared direction's variance that lies between categories.
    let matrix = demo.featureMatrices[0].matrix
    let covariance = crossCovariance(matrix, demo.featureMatrices[1].matrix)
    let leading = try singularValueDecomposition(covariance.matrix).u.column(0)
    let scores = (0..<2000).map { row in
      zip(matrix.row(row), zip(leading, covariance.firstMean)).reduce(0.0) {
        $0 + (Double($1.0) - $1.1.1) * $1.1.0
      }
    }
    let means = (0..<8).map { id in mean((0..<2000).filter { ids[$0] == id }.map { scores[$0] })! }
    let between = means.reduce(0) { $0 + $1 * $1 } / 8
    let total = scores.reduce(0) { $0 + $1 * $1 } / 2000
    #expect(between / total > 0.3 && between / total < 0.9)
  }
}
