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

  private func calibrated(score: Double, p: Double) -> String {
    """
    {"observed": 0.1, "nullMean": 0.02, "nullStandardDeviation": 0.001, "permutations": 200,
     "pValue": 0.004, "correctedPValue": \(p), "threshold": 0.022, "maximum": 1, "score": \(score)}
    """
  }

  /// The overlap of 20 neighbours beside its nulls, and a recommended rank.
  func calibration(
    score: Double, p: Double, withinP: Double? = nil, areClusters: Bool = false, rank: Int? = 4
  ) throws -> AuditCalibration {
    let within = withinP.map { ", \"withinClasses\": \(calibrated(score: 0.01, p: $0))" } ?? ""
    let empty = "{\"k\": 10, \"statistic\": {}}"
    let rule = rank.map {
      "{\"rank\": \($0), \"smallest\": 1, \"median\": \($0), \"largest\": 9, \"agreement\": 1}"
    }
    let strengths = rank.map { $0 > 0 ? ", \"strengths\": {\"lower\": 0.5, \"upper\": 0.8}" : "" }
    let ranks = rule.map {
      """
      , "rank": {"aboveNull": \($0), "halves": 50, "rank": \(rank ?? 0),
        "largestRank": \((rank ?? 0) > 0 ? 6 : 0)\(strengths ?? "")}
      """
    }
    return try decoded(
      """
      {"permutations": 200, "level": 0.05, "classes": "colours",
       "areClassesClusters": \(areClusters),
       "neighbors": {"pairing": "paired", "anchorCount": 1000, "rankBiasedOverlap": \(empty),
         "subsequence": \(empty),
         "overlaps": [{"k": 20, "statistic": {"free": \(calibrated(score: score, p: p))\(within)}}]
       }\(ranks ?? "")}
      """)
  }

  private let names = ["image", "text"]

  @Test(
    arguments: [
      (0.021, .none), (0.024, .small), (0.0499, .small), (0.05, .moderate), (0.2499, .moderate),
      (0.25, .large), (1, .large),
    ] as [(Double, Verdict.Redundancy)])
  func `without relabelings is judged by the overlap of twenty neighbours and its error`(
    mean: Double, expected: Verdict.Redundancy
  ) throws {
    // Chance is 2 %, the standard error 0.1 %.
    let verdict = Verdict(
      VerdictEvidence(names: names, overlap: [try overlap(k: 20, mean: mean)]))
    #expect(verdict.redundancy == expected)
    #expect(verdict.advice == (expected == .none ? .leave : .undetermined))
  }

  @Test(
    arguments: [
      (0.9, 0.06, .none), (0.9, 0.05, .large), (0.25, 0.005, .large), (0.2499, 0.005, .moderate),
      (0.05, 0.005, .moderate), (0.0499, 0.005, .small),
    ] as [(Double, Double, Verdict.Redundancy)])
  func `is graded by the calibrated score where the corrected p-value allows`(
    score: Double, p: Double, expected: Verdict.Redundancy
  ) throws {
    let verdict = Verdict(
      VerdictEvidence(
        names: names, overlap: [try overlap(k: 20, mean: 0.5)],
        calibration: try calibration(score: score, p: p)))
    #expect(verdict.redundancy == expected)
    #expect(verdict.advice == (expected == .none ? .leave : .project))
  }

  @Test func `is of classes only where given classes explain it, not where clusters do`() throws {
    func verdict(withinP: Double, areClusters: Bool) throws -> Verdict {
      Verdict(
        VerdictEvidence(
          names: names, overlap: [try overlap(k: 20, mean: 0.5)],
          calibration: try calibration(
            score: 0.4, p: 0.005, withinP: withinP, areClusters: areClusters)))
    }
    let classes = try verdict(withinP: 0.3, areClusters: false)
    #expect(classes.redundancy == .classOnly)
    #expect(classes.advice == .leave)
    #expect(classes.recommendation.contains("what repeats is the class"))
    #expect(try verdict(withinP: 0.005, areClusters: false).redundancy == .large)
    #expect(try verdict(withinP: 0.3, areClusters: true).redundancy == .large)
  }

  @Test func `advises a rank and strengths, or to leave what has no direction`() throws {
    func verdict(rank: Int) throws -> Verdict {
      Verdict(
        VerdictEvidence(
          names: names, overlap: [try overlap(k: 20, mean: 0.5)],
          calibration: try calibration(score: 0.4, p: 0.005, rank: rank)))
    }
    let project = try verdict(rank: 4)
    #expect(project.advice == .project)
    for part in ["k in 4 to 6", "λ from 0.500 to 0.800"] {
      #expect(project.recommendation.contains(part), "\(project.recommendation)")
    }
    let leave = try verdict(rank: 0)
    #expect(leave.advice == .leave)
    #expect(leave.recommendation.contains("no linear direction stands above chance"))
  }

  @Test(arguments: [(0.1, Verdict.Advice.fixData), (0.42, .project), (0.6, .project)])
  func `sends to the data first when suspicious items account for the overlap`(
    cleaned: Double, expected: Verdict.Advice
  ) throws {
    // Of the overlap of 0.5, 0.48 is beyond chance.
    let numbers: CleanedNumbers = try decoded(
      """
      {"removed": 12, "items": 988, "notes": [],
       "rows": [{"label": "overlap@20", "all": 0.5, "cleaned": \(cleaned)}]}
      """)
    let verdict = Verdict(
      VerdictEvidence(
        names: names, overlap: [try overlap(k: 20, mean: 0.5)],
        calibration: try calibration(score: 0.4, p: 0.005), cleaned: numbers))
    #expect(verdict.advice == expected)
    if expected == .fixData {
      #expect(verdict.recommendation.hasPrefix("Fix the data first: without 12 suspicious items"))
    }
  }

  @Test func `takes the longest length up to twenty, or the shortest there is`() throws {
    let short = Verdict(
      VerdictEvidence(
        names: names, overlap: [try overlap(k: 5, mean: 0.9), try overlap(k: 9, mean: 0.01)]))
    #expect(short.redundancy == .none)
    let long = Verdict(
      VerdictEvidence(
        names: names, overlap: [try overlap(k: 50, mean: 0.9), try overlap(k: 100, mean: 0.1)]))
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
    let verdict = Verdict(VerdictEvidence(names: names, tsne: maps))
    #expect(verdict.redundancy == .undetermined && verdict.advice == .undetermined)
    #expect(verdict.headline.contains("No verdict"))
    #expect(verdict.findings.map(\.pairing) == [.marginal])
  }

  @Test func `says its number, chance, lift and how sure it is`() throws {
    let headline = Verdict(
      VerdictEvidence(
        names: names, overlap: [try overlap(k: 20, mean: 0.117)],
        calibration: try calibration(score: 0.0972, p: 0.005))
    ).headline
    for part in [
      "11.7 %", "chance 2.00 %", "lift 5.85", "text", "image", "p = 0.00500", "calibrated 0.0972",
    ] {
      #expect(headline.contains(part), "\(part) in \(headline)")
    }
  }
}
