import DataQuality
import Datasets
import LinearAlgebra
import Neighbors
import Statistics
import Testing

@Suite("Quality of pairs")
struct PairQualityTests {
  typealias Worlds = QualityWorlds

  @Test func `knows the overlap that one imputed vector in both modalities fakes`() throws {
    // Independent features; 30 items have one vector in both, 9 have no companion in the other.
    var first = Worlds.gaussian(1500, 16, seed: 1)
    var second = Worlds.gaussian(1500, 12, seed: 2)
    for item in 1..<30 {
      first.setRow(item, Array(first.row(0)))
      second.setRow(item, Array(second.row(0)))
    }
    for item in 500..<509 { first.setRow(item, Array(first.row(499))) }
    let dataset = Worlds.dataset(first, second)
    let report = try Worlds.report(dataset)
    let pair = report.pairs[0]
    #expect(pair.equalInBoth.count == 30 && pair.suspiciousInBoth.count == 30)
    #expect(abs(pair.equalOverlap - 30.0 / 1500) < 1e-12)
    #expect(report.issue(.equalInBoth)?.severity == .serious)
    #expect(report.suspiciousItems == Array(0..<30) + Array(499..<509))
    // The overlap falls to chance without the suspicious items.
    func overlap(_ lists: [NeighborLists]) -> Double {
      let common = lists[0].anchors.indices.reduce(0) { sum, row in
        sum + Set(lists[0].neighbors(ofRow: row)).intersection(lists[1].neighbors(ofRow: row)).count
      }
      return Double(common) / Double(10 * lists[0].anchors.count)
    }
    let raw = try [first, second].map { try cosineNeighbors($0, count: 10) }
    let wide = try [first, second].map { try cosineNeighbors($0, count: 50) }
    let cleaned = CleanedLists(
      removing: Set(report.suspiciousItems), from: wide, itemCount: 1500, width: 10)
    #expect(cleaned.shortened == 0)
    let chance = 10.0 / Double(cleaned.itemCount - 1)
    #expect(overlap(raw) > pair.equalOverlap && overlap(raw) > 3.5 * chance)
    #expect(abs(overlap(cleaned.lists) - chance) < 4 * (chance / 14_600).squareRoot())
  }

  @Test func `agrees with a plain search for common companions`() throws {
    var generator = SeededGenerator(seed: 3)
    for seed in 0..<10 as Range<UInt64> {
      let sources = [Worlds.gaussian(30, 6, seed: seed), Worlds.gaussian(30, 7, seed: seed + 50)]
      let matrices = sources.map { source in
        source.rows((0..<80).map { _ in generator.index(below: 30) })
      }
      let pair = QualityReport(Worlds.dataset(matrices[0], matrices[1])).pairs[0]
      let companions = (0..<80).map { i in
        (0..<80).count { j in i != j && matrices.allSatisfy { $0.row(i) == $0.row(j) } }
      }
      let plain = companions.indices.filter { companions[$0] > 0 }
      #expect(pair.equalInBoth.count == plain.count)
      #expect(pair.equalInBoth.first == Array(plain.prefix(10)))
      let overlap = companions.reduce(0) { $0 + min($1, 10) }
      #expect(abs(pair.equalOverlap - Double(overlap) / 800) < 1e-12)
    }
  }

  @Test func `has no scale where one side is zero`() {
    let zeros = Matrix<Float>(rowCount: 8, columnCount: 3)
    let report = QualityReport(Worlds.dataset(zeros, Worlds.gaussian(8, 6, seed: 1)))
    #expect(report.pairs[0].rmsRatio == nil && report.pairs[0].equalInBoth.count == 0)
  }
}
