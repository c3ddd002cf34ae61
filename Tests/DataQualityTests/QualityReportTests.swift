import DataQuality
import Datasets
import Foundation
import LinearAlgebra
import Neighbors
import Statistics
import Testing

@Suite("Quality report")
struct QualityReportTests {
  typealias Worlds = QualityWorlds

  @Test func `has nothing to say against clean features`() throws {
    let worlds = [
      Worlds.dataset(Worlds.gaussian(1200, 64, seed: 1), Worlds.gaussian(1200, 32, seed: 2)),
      Worlds.dataset(Worlds.gaussian(50, 8, seed: 3), Worlds.gaussian(50, 5, seed: 4)),
      Worlds.dataset(Worlds.sparse(1200, 256, seed: 5), Worlds.gaussian(1200, 2, seed: 6)),
      Worlds.dataset(Worlds.gaussian(12, 4, seed: 7), Worlds.gaussian(12, 1, seed: 8)),
    ]
    for dataset in worlds {
      let report = try Worlds.report(dataset)
      #expect(report.issues.isEmpty, "\(report.issues.map(\.finding))")
      #expect(report.suspiciousItems.isEmpty && report.missingAny.count == 0)
    }
  }

  @Test func `says of sparse features 4096 wide only that they are wider than the items`() throws {
    let dataset = Worlds.dataset(
      Worlds.sparse(1000, 4096, seed: 1), Worlds.gaussian(1000, 384, seed: 2))
    let report = try Worlds.report(dataset)
    #expect(report.kinds == [.wide], "\(report.issues.map(\.finding))")
    #expect(report.issues[0].severity == .note)
    let features = try #require(report.modalities[0].features)
    #expect(features.values.areNonNegative && !features.values.areIntegers)
  }

  /// Two modalities with one of each defect.
  func flawed() -> FeatureDataset {
    var a = Worlds.gaussian(2000, 20, seed: 11)
    var b = Worlds.gaussian(2000, 12, seed: 12)
    a[40, 3] = .nan
    a[40, 4] = .infinity
    for item in [7, 1300] { a.setRow(item, [Float](repeating: 0, count: 20)) }
    for item in [1300, 1999] { b.setRow(item, [Float](repeating: .nan, count: 12)) }
    for item in 100..<120 { a.setRow(item, Array(a.row(99))) }
    for item in 100..<109 { b.setRow(item, Array(b.row(99))) }
    a.setRow(501, Array(a.row(500)))
    b.setRow(501, Array(b.row(500)))
    for row in 0..<2000 where a[row, 0].isFinite { a[row, 17] = a[row, 2] }
    for row in 0..<2000 where !b[row, 0].isNaN { b[row, 5] = 3 }
    return Worlds.dataset(a, b, dtypes: ["float32", "float64"])
  }

  @Test(arguments: [1, 4])
  func `finds each planted defect with its items`(threads: Int) throws {
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    Parallel.threadCount = threads
    let report = QualityReport(flawed())
    let a = try #require(report.modalities[0].features)
    let b = try #require(report.modalities[1].features)
    #expect(a.nonFiniteValues == 2 && a.nonFiniteRows.first == [40])
    #expect(a.zeroRows.first == [7, 1300] && a.absentRows.count == 0)
    #expect(b.absentRows.first == [1300, 1999] && b.zeroRows.count == 0)
    #expect(report.missingAny.first == [7, 1300, 1999] && report.missingAll.first == [1300])
    #expect(report.pairs[0].missingInBoth.first == [1300])
    #expect(a.columns.duplicated.first == [17] && a.columns.duplicateGroups[0].first == [2, 17])
    #expect(a.columns.constant.count == 0 && b.columns.constant.first == [5])
    #expect(b.columns.duplicated.count == 0)
    #expect(report.modalities[0].sharedVectors.map(\.kind) == [.placeholder])
    #expect(report.modalities[0].sharedVectors[0].items.count == 21)
    #expect(report.modalities[0].sharedVectors[0].items.first == Array(99...108))
    #expect(report.modalities[1].sharedVectors.map(\.items.count) == [10])
    #expect(report.modalities[0].duplicates.repeated == 21)
    #expect(report.modalities[0].duplicates.largest.map(\.count) == [21, 2])
    #expect(report.modalities[0].duplicates.largest[1].first == [500, 501])
    // The lone pair is no suspect, but it counts where it agrees in both modalities.
    #expect(report.suspiciousItems == [7] + Array(99..<120) + [1300, 1999])
    #expect(report.pairs[0].equalInBoth.count == 12)
    #expect(report.pairs[0].suspiciousInBoth.count == 11)
    #expect(report.pairs[0].differingTypes == ["float32", "float64"])
    #expect(
      report.kinds == [
        .missing, .nonFinite, .missing, .constantColumns, .sharedVector, .sharedVector,
        .suspiciousInBoth, .equalInBoth, .duplicates, .duplicateColumns, .duplicates,
        .differingTypes,
      ])
    #expect(report.issues.map(\.severity) == report.issues.map(\.severity).sorted())
  }

  @Test func `has the same bits for any number of threads`() throws {
    let before = Parallel.threadCount
    defer { Parallel.threadCount = before }
    let dataset = flawed()
    let reports = [1, 2, 5].map { threads in
      Parallel.threadCount = threads
      return QualityReport(dataset)
    }
    #expect(reports[0] == reports[1] && reports[1] == reports[2])
  }

  @Test func `survives JSON`() throws {
    let report = QualityReport(flawed())
    let encoder = JSONEncoder()
    let decoded = try JSONDecoder().decode(QualityReport.self, from: encoder.encode(report))
    #expect(decoded == report)
  }

  @Test func `states facts and what to do`() throws {
    let report = QualityReport(flawed())
    let missing = try #require(report.issue(.missing))
    #expect(
      missing.finding
        == "a has no features for 2 items (7, 1300): 2 rows of zeros, 0 of NaN.")
    #expect(missing.advice.contains("--missing drop") && missing.severity == .blocking)
    #expect(report.issue(.nonFinite)?.advice.contains("--drop-nonfinite") == true)
    #expect(report.issue(.constantColumns)?.finding == "b has 1 constant column (5).")
    #expect(
      report.issue(.sharedVector)?.finding
        == "a has one vector for 21 items (first: 99, 100, 101, 102, 103).")
    #expect(report.issues.allSatisfy { $0.finding.hasSuffix(".") && $0.advice.hasSuffix(".") })
  }

  @Test func `does not depend on the order of items and columns`() throws {
    let dataset = flawed()
    var generator = SeededGenerator(seed: 5)
    let order = generator.permutation(2000)
    let shuffled = dataset.featureMatrices.map { features in
      let columns = generator.permutation(features.matrix.columnCount)
      let rows = features.matrix.rows(order)
      return Matrix(
        rowCount: 2000, columnCount: columns.count,
        elements: (0..<2000).flatMap { row in columns.map { rows[row, $0] } })
    }
    let one = QualityReport(dataset)
    let other = QualityReport(
      Worlds.dataset(shuffled[0], shuffled[1], dtypes: ["float32", "float64"]))
    #expect(other.suspiciousItems.map { order[$0] }.sorted() == one.suspiciousItems)
    #expect(one.kinds == other.kinds)
    for (first, second) in zip(one.modalities, other.modalities) {
      #expect(first.sharedVectors.map(\.items.count) == second.sharedVectors.map(\.items.count))
      #expect(first.duplicates.repeated == second.duplicates.repeated)
      let scales = [first, second].compactMap(\.features?.scale)
      #expect(abs(scales[0].rms! / scales[1].rms! - 1) < 1e-12)
      #expect(abs(scales[0].columnSpread! / scales[1].columnSpread! - 1) < 1e-9)
    }
  }

  @Test func `has an answer for degenerate data`() throws {
    let shapes = [(0, 3), (1, 3), (2, 2), (3, 1), (4, 0), (5, 5)]
    for (items, width) in shapes {
      for value: Float in [0, 1, .nan, .infinity] {
        let flat = Matrix(rowCount: items, columnCount: width, repeating: value)
        let report = QualityReport(
          Worlds.dataset(flat, Worlds.gaussian(items, 2, seed: UInt64(items))))
        // What is undefined is absent: JSON knows no NaN.
        _ = try JSONEncoder().encode(report)
        #expect(report.modalities[0].features?.meanRows == nil)
        #expect(report.modalities[1].missing.count == 0)
      }
    }
  }

  @Test func `takes one vector for all items as shared`() {
    let flat = Matrix<Float>(rowCount: 20, columnCount: 3, repeating: 1.5)
    let report = QualityReport(Worlds.dataset(flat, Worlds.gaussian(20, 6, seed: 1)))
    #expect(report.modalities[0].sharedVectors.map(\.kind) == [.placeholder])
    #expect(report.suspiciousItems == Array(0..<20))
  }

  @Test func `does not hold its values against a modality of few vectors`() throws {
    var generator = SeededGenerator(seed: 3)
    let centers = Worlds.gaussian(7, 9, seed: 4)
    let discrete = centers.rows((0..<700).map { _ in generator.index(below: 7) })
    let report = QualityReport(Worlds.dataset(discrete, Worlds.gaussian(700, 6, seed: 5)))
    #expect(report.modalities[0].isDiscrete && report.modalities[0].sharedVectors.count == 7)
    #expect(report.suspiciousItems.isEmpty && report.kinds == [.discrete])
    // An imputed vector among them still counts.
    var imputed = discrete
    let mean = Worlds.mean(imputed, rows: Array(0..<50) + Array(90..<700))
    for item in 50..<90 { imputed.setRow(item, mean) }
    let second = QualityReport(Worlds.dataset(imputed, Worlds.gaussian(700, 6, seed: 5)))
    #expect(second.suspiciousItems == Array(50..<90))
  }

  @Test func `pairs all modalities`() {
    let matrices = (1...3).map { Worlds.gaussian(40, 6, seed: $0) }
    let report = QualityReport(Worlds.dataset(matrices[0], matrices[1], matrices[2]))
    #expect(report.pairs.map { $0.first + $0.second } == ["ab", "ac", "bc"])
  }
}
