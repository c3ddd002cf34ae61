import Foundation
import Statistics
import Testing

/// Values from scipy, see Fixtures/paired_tests.py.
struct PairedTestsReference: Decodable {
  struct Case: Decodable {
    let name: String
    let first: [Double]
    let second: [Double]
    let t: Double
    let tP: Double
    let wilcoxon: Double
    let wilcoxonP: Double
  }

  struct Beta: Decodable {
    let a: Double
    let b: Double
    let x: Double
    let value: Double
  }

  let cases: [Case]
  let betas: [Beta]

  static func read() throws -> PairedTestsReference {
    let url = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/paired_tests.json")
    return try JSONDecoder().decode(PairedTestsReference.self, from: Data(contentsOf: url))
  }
}

@Suite("Paired tests")
struct PairedTestsTests {
  @Test func `Student's agrees with scipy`() throws {
    for reference in try PairedTestsReference.read().cases {
      let found = try #require(PairedTTest(reference.first, reference.second))
      #expect(abs(found.statistic - reference.t) < 1e-10 * abs(reference.t), "\(reference.name)")
      #expect(abs(found.pValue - reference.tP) < 1e-8 * reference.tP, "\(reference.name)")
      #expect(found.degreesOfFreedom == reference.first.count - 1)
    }
  }

  @Test func `Wilcoxon's agrees with scipy, ties and zeros too`() throws {
    for reference in try PairedTestsReference.read().cases {
      let found = try #require(WilcoxonSignedRank(reference.first, reference.second))
      #expect(found.statistic == reference.wilcoxon, "\(reference.name)")
      #expect(
        abs(found.pValue - reference.wilcoxonP) < 1e-10 * reference.wilcoxonP, "\(reference.name)")
      let zeros = zip(reference.first, reference.second).count { $0 == $1 }
      #expect(found.count == reference.first.count - zeros)
    }
  }

  @Test func `neither depends on which side comes first`() throws {
    let reference = try #require(try PairedTestsReference.read().cases.first)
    let there = try #require(PairedTTest(reference.first, reference.second))
    let back = try #require(PairedTTest(reference.second, reference.first))
    #expect(there.statistic == -back.statistic && there.pValue == back.pValue)
    #expect(
      WilcoxonSignedRank(reference.first, reference.second)
        == WilcoxonSignedRank(reference.second, reference.first))
  }

  @Test func `are undefined where there is nothing to test`() {
    #expect(PairedTTest([1], [2]) == nil)
    #expect(PairedTTest([1, 2, 3], [2, 3, 4]) == nil)
    #expect(PairedTTest([1, .nan], [1, 2]) == nil)
    #expect(WilcoxonSignedRank([1, 2], [1, 2]) == nil)
    #expect(WilcoxonSignedRank([1, .infinity], [1, 2]) == nil)
  }
}
