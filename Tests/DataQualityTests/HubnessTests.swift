import DataQuality
import Foundation
import Neighbors
import Statistics
import Testing

@Suite("Hubness")
struct HubnessTests {
  func lists(_ rows: [[Int32]], anchors: [Int]? = nil) -> NeighborLists {
    NeighborLists(
      anchors: anchors ?? Array(rows.indices), width: rows[0].count,
      indices: rows.flatMap { $0 },
      scores: [Float](repeating: 0.5, count: rows.count * rows[0].count))
  }

  @Test func `of a star is that of one item in all lists`() throws {
    // Item 0 is first in every list but its own, which names item 1; 1 is N − 1 zeros away.
    let star = lists([[1]] + [[Int32]](repeating: [0], count: 99))
    let hubness = Hubness(star, items: 100)
    #expect(hubness.k == 1 && hubness.lists == 100)
    #expect(hubness.largestCount == 99 && hubness.largestItem == 0)
    #expect(hubness.neverRetrieved == 0.98)
    // Counts 99, 1 and 98 zeros about their mean 1.
    let second = (98.0 * 98 + 98) / 100
    let third = (98.0 * 98 * 98 - 98) / 100
    #expect(abs(try #require(hubness.skewness) - third / (second * second.squareRoot())) < 1e-12)
  }

  @Test func `is nothing where all items turn up alike`() {
    let ring = lists((0..<30).map { row in (1...3).map { Int32((row + $0) % 30) } })
    let hubness = Hubness(ring, items: 30)
    #expect(hubness.skewness == nil && hubness.neverRetrieved == 0)
    #expect(hubness.largestCount == 3 && hubness.largestItem == 0)
  }

  @Test func `agrees with a plain count of the first ten neighbours`() throws {
    var generator = SeededGenerator(seed: 4)
    let rows = (0..<300).map { row in
      generator.permutation(300).filter { $0 != row }.prefix(14).map { Int32($0 * $0 / 300) }
    }
    let hubness = Hubness(lists(rows), items: 300)
    var counts = [Double](repeating: 0, count: 300)
    for row in rows { for item in row.prefix(10) { counts[Int(item)] += 1 } }
    let center = try #require(mean(counts))
    let deviation = (try #require(sampleVariance(counts)) * 299 / 300).squareRoot()
    let skewness = counts.reduce(0) { $0 + pow(($1 - center) / deviation, 3) } / 300
    #expect(abs(try #require(hubness.skewness) - skewness) < 1e-10)
    #expect(Double(hubness.largestCount) == counts.max())
    #expect(hubness.neverRetrieved == Double(counts.count { $0 == 0 }) / 300)
  }

  @Test func `of some anchors says nothing of items never retrieved`() {
    let some = lists([[1, 2], [3, 2]], anchors: [0, 5])
    let hubness = Hubness(some, items: 6)
    #expect(hubness.neverRetrieved == nil && hubness.largestItem == 2 && hubness.k == 2)
    let none = NeighborLists(anchors: [], width: 3, indices: [], scores: [])
    #expect(Hubness(none, items: 6).largestItem == nil && Hubness(none, items: 6).skewness == nil)
    #expect(Hubness(none, items: 0).neverRetrieved == nil)
  }

  @Test func `names a hub in the report, and whether it is suspicious`() throws {
    // Imputed means of features with a common mean are near everything.
    var matrix = QualityWorlds.gaussian(600, 40, seed: 5)
    for index in matrix.elements.indices { matrix.elements[index] += 0.7 }
    let mean = QualityWorlds.mean(matrix, rows: 8..<600)
    for item in 0..<8 { matrix.setRow(item, mean) }
    let report = try QualityWorlds.report(
      QualityWorlds.dataset(matrix, QualityWorlds.gaussian(600, 6, seed: 6)))
    let issue = try #require(report.issue(.hub))
    #expect(issue.finding.hasPrefix("a: item 0, which is suspicious, is among the 10 nearest of"))
    #expect(report.modalities[0].hubness!.skewness! > report.modalities[1].hubness!.skewness!)
  }
}
