import DataQuality
import LinearAlgebra
import Statistics
import Testing

@Suite("Scale of features")
struct ScaleSummaryTests {
  typealias Worlds = QualityWorlds

  @Test func `is that of plain sums`() throws {
    var matrix = Worlds.gaussian(700, 7, seed: 1)
    for index in matrix.elements.indices { matrix.elements[index] += Float(index % 7) }
    for row in 0..<700 { matrix[row, 4] *= 30 }
    let report = QualityReport(Worlds.dataset(matrix, Worlds.gaussian(700, 6, seed: 2)))
    let scale = try #require(report.modalities[0].features?.scale)
    let norms = (0..<700).map { row in
      matrix.row(row).reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
    let meanNorm = try #require(mean(norms))
    let variances = (0..<7).map { column -> Double in
      let values = matrix.column(column).map(Double.init)
      return sampleVariance(values)! * 699 / 700
    }
    #expect(abs(scale.meanNorm! - meanNorm) < 1e-9)
    let spread = (norms.reduce(0) { $0 + ($1 - meanNorm) * ($1 - meanNorm) } / 700).squareRoot()
    #expect(abs(scale.normVariation! - spread / meanNorm) < 1e-12)
    #expect(abs(scale.rms! - (matrix.squaredFrobeniusNorm / 4900).squareRoot()) < 1e-9)
    #expect(scale.largestColumn == 4)
    #expect(abs(scale.largestColumnShare! - variances[4] / variances.reduce(0, +)) < 1e-12)
    let deviations = variances.map { $0.squareRoot() }
    #expect(abs(scale.columnSpread! - deviations[4] / median(deviations)!) < 1e-9)
    #expect(report.kinds == [.dominantColumn])
  }

  @Test func `keeps variances beside large means`() throws {
    var matrix = Worlds.gaussian(5000, 4, seed: 3)
    for row in 0..<5000 { matrix[row, 2] = 65_536 + (matrix[row, 2] * 128).rounded() / 128 }
    let exact = sampleVariance(matrix.column(2).map { Double($0) - 65_536 })! * 4999 / 5000
    let report = QualityReport(Worlds.dataset(matrix, Worlds.gaussian(5000, 6, seed: 2)))
    let scale = try #require(report.modalities[0].features?.scale)
    let others = [0, 1, 3].map { column in
      sampleVariance(matrix.column(column).map(Double.init))! * 4999 / 5000
    }
    let largest = max(exact, others.max()!)
    let share = largest / (exact + others.reduce(0, +))
    #expect(abs(scale.largestColumnShare! - share) < 1e-10)
  }

  @Test func `is compared between modalities`() throws {
    var large = Worlds.gaussian(300, 8, seed: 4)
    for index in large.elements.indices { large.elements[index] *= 150 }
    let report = QualityReport(Worlds.dataset(Worlds.gaussian(300, 6, seed: 5), large))
    #expect(abs(report.pairs[0].rmsRatio! - 150) < 10)
    #expect(report.kinds == [.scaleRatio] && report.issues[0].severity == .serious)
    for index in large.elements.indices { large.elements[index] /= 3 }
    #expect(
      QualityReport(Worlds.dataset(Worlds.gaussian(300, 6, seed: 5), large)).issues.isEmpty)
  }

  @Test func `knows whole, binary and non-negative values`() throws {
    func kinds(_ matrix: Matrix<Float>) throws -> ValueKinds {
      let other = Worlds.gaussian(matrix.rowCount, 5, seed: 99)
      return try #require(QualityReport(Worlds.dataset(matrix, other)).modalities[0].features)
        .values
    }
    var matrix = Worlds.gaussian(600, 5, seed: 6)
    #expect(try kinds(matrix) == kinds(Worlds.gaussian(9, 2, seed: 1)))
    for index in matrix.elements.indices { matrix.elements[index] = index % 3 == 0 ? 1 : 0 }
    var found = try kinds(matrix)
    #expect(found.areZeroOrOne && found.areIntegers && found.areNonNegative)
    matrix[599, 4] = 77_526
    found = try kinds(matrix)
    #expect(!found.areZeroOrOne && found.areIntegers && found.areNonNegative)
    matrix[599, 4] = -0.25
    found = try kinds(matrix)
    #expect(!found.areZeroOrOne && !found.areIntegers && !found.areNonNegative)
  }
}
