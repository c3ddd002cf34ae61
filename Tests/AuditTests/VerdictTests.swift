import Audit
import Foundation
import Redundancy
import Testing

@Suite("Verdict")
struct VerdictTests {
  /// A measured value, made from its JSON.
  func decoded<Value: Decodable>(_ json: String) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(json.utf8))
  }

  func overlap(k: Int, mean: Double) throws -> RetrievalOverlap {
    try decoded(
      """
      {"k": \(k), "mean": \(mean), "standardError": 0.001, "random": \(Double(k) / 1000),
       "lift": \(mean * 1000 / Double(k))}
      """)
  }

  func verdict(_ overlap: [RetrievalOverlap]?) -> Verdict {
    Verdict(
      names: ["image", "text"], overlap: overlap, spectrum: nil, similarity: nil, fisher: nil,
      tsne: nil, theorems: nil)
  }

  @Test(
    arguments: [
      (0.021, .none), (0.024, .small), (0.0499, .small), (0.05, .moderate), (0.2499, .moderate),
      (0.25, .large), (1, .large),
    ] as [(Double, Verdict.Redundancy)])
  func `is judged by the overlap of twenty neighbours against chance`(
    mean: Double, expected: Verdict.Redundancy
  ) throws {
    // Chance is 2 %, the standard error 0.1 %.
    #expect(verdict([try overlap(k: 20, mean: mean)]).redundancy == expected)
  }

  @Test func `takes the longest length up to twenty, or the shortest there is`() throws {
    let short = verdict([try overlap(k: 5, mean: 0.9), try overlap(k: 9, mean: 0.01)])
    #expect(short.redundancy == .none)
    let long = verdict([try overlap(k: 50, mean: 0.9), try overlap(k: 100, mean: 0.1)])
    #expect(long.redundancy == .large)
    #expect(long.headline.contains("50 items"))
  }

  @Test func `is not given without paired evidence, whatever the maps show`() throws {
    let map = """
      {"klDivergence": 1, "trustworthinessAnchors": 0, "overlap": 0.95, "ceiling": 0.96,
       "marginalX": 1, "marginalY": 1, "mapSlicedWasserstein": 0, "directionalOverlap": 1,
       "points": 100}
      """
    let maps: MapComparison = try decoded(
      "{\"pairing\": \"marginal\", \"before\": \(map), \"after\": \(map)}")
    let verdict = Verdict(
      names: ["image", "text"], overlap: nil, spectrum: nil, similarity: nil, fisher: nil,
      tsne: maps, theorems: nil)
    #expect(verdict.redundancy == .undetermined)
    #expect(verdict.headline.contains("No verdict"))
    #expect(verdict.findings.map(\.pairing) == [.marginal])
  }

  @Test func `says its number, chance and lift`() throws {
    let headline = verdict([try overlap(k: 20, mean: 0.117)]).headline
    for part in ["11.7 %", "chance 2.00 %", "lift 5.85", "text", "image"] {
      #expect(headline.contains(part), "\(part) in \(headline)")
    }
  }
}
