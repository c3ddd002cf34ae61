import Audit
import Foundation
import Testing

@Suite("Comparison of runs")
struct RunComparisonTests {
  static let provenance = Provenance(
    version: "test", command: "redundancy-report --compare a", seed: nil, threads: 1,
    openblas: "OpenBLAS", digests: [:], date: "2026-01-01T00:00:00Z")

  func compare(_ runs: [RunHistory]) -> RunComparison {
    RunComparison(runs, provenance: Self.provenance)
  }

  @Test func `holds a run against the one of its kind without projection`() throws {
    let world = try RunWorld()
    let plain = try world.run("plain", metrics: RunWorld.line(1, strength: 0) + RunWorld.line(
      2, values: [2, 1, 0.5, 0.25], strength: 0))
    let other = try world.run(
      "other", config: "model: freedom\ndataset: tiny\nseed: 999\n",
      metrics: RunWorld.line(1, strength: 0))
    let projected = try world.run(
      "projected", metrics: RunWorld.line(1) + RunWorld.line(2, values: [6, 3, 0.5, 0.25]))
    let answer = try #require(compare([other, projected, plain]).answers.first)
    #expect(answer.reference == .unprojectedRun)
    #expect(answer.referenceRun == "plain" && answer.referenceEpoch == 2)
    // (36 + 9)/(4 + 1) against what (1 − 0.9)⁴ leaves of it.
    #expect(answer.growth == 9)
    #expect(abs(try #require(answer.effectiveShare) - 9e-4) < 1e-15)
    #expect(abs(try #require(answer.undoneShare) - log(9) / log(1e4)) < 1e-12)
    #expect(abs(try #require(answer.relativeGrowth) - 9) < 1e-12)
    #expect(answer.verdict == .partial)
    #expect(answer.text.contains("in part") && answer.text.contains("9.00 times that of plain"))
  }

  @Test func `prefers the run of the same seed`() throws {
    let world = try RunWorld()
    func plain(_ seed: Int) throws -> RunHistory {
      try world.run(
        "plain-\(seed)", config: "model: clear\ndataset: tiny\nseed: \(seed)\n",
        metrics: RunWorld.line(1, strength: 0))
    }
    let runs = try [plain(1), plain(999), world.run("projected", metrics: RunWorld.line(1))]
    #expect(compare(runs).answers.first?.referenceRun == "plain-999")
    #expect(compare([runs[0], runs[2]]).answers.first?.referenceRun == "plain-1")
  }

  @Test func `holds a run alone against its own first epoch`() throws {
    let world = try RunWorld()
    let run = try world.run(
      "alone",
      metrics: RunWorld.line(1) + RunWorld.line(2, values: [4, 2, 1, 1])
        + RunWorld.line(3, improved: false, values: [900, 2, 1, 1]))
    let comparison = compare([run])
    let answer = try #require(comparison.answers.first)
    #expect(answer.reference == .ownFirstEpoch && answer.referenceEpoch == 1 && answer.epoch == 2)
    #expect(answer.growth == 1 && answer.verdict == .none)
    #expect(comparison.headline == answer.text && answer.text.contains("no, the encoder"))
  }

  @Test func `sees a projection that the encoder has undone, and one that nothing undoes`() throws {
    let world = try RunWorld()
    let plain = try world.run("plain", metrics: RunWorld.line(1, strength: 0))
    let undone = try world.run("undone", metrics: RunWorld.line(1, values: [401, 201, 1, 0.5]))
    let hard = try world.run("hard", metrics: RunWorld.line(1, strength: 1))
    let comparison = compare([plain, undone, hard])
    #expect(comparison.answers.map(\.verdict) == [.full, .notInvertible])
    #expect(comparison.answers[0].text.contains("entirely"))
    #expect(comparison.answers[1].text.contains("no growth brings them back"))
    #expect(comparison.answers[1].undoneShare == nil)
    #expect(comparison.headline.contains("in 1 of 1 runs"))
    #expect(compare([plain]).headline.contains("None of the runs has a projection"))
    #expect(compare([hard, plain]).headline == comparison.answers[1].text)
  }

  @Test func `has nothing to say where the reference has no covariance`() throws {
    let world = try RunWorld()
    let plain = try world.run("plain", metrics: RunWorld.line(1, values: [0, 0, 0], strength: 0))
    let run = try world.run("run", metrics: RunWorld.line(1, values: [3, 2, 1]))
    let answer = try #require(compare([plain, run]).answers.first)
    #expect(answer.verdict == .undefined && answer.growth == nil && answer.relativeGrowth == nil)
  }

  @Test func `lists settings that differ, notes what is missing, keeps leading values`() throws {
    let world = try RunWorld()
    let first = try world.run(
      "first", config: "model: clear\nseed: 1\nlr: 0.1\n",
      metrics: RunWorld.line(1) + "{\"epoch\":2,\"im")
    let second = try world.run(
      "second", config: "model: clear\nseed: 2\n",
      metrics: #"{"epoch":1,"improved":true,"valid":{"recall@20":0.5}}"# + "\n")
    let comparison = compare([first, second])
    #expect(comparison.differences.map(\.key) == ["seed", "lr"])
    #expect(comparison.differences.map(\.values) == [["1", "2"], ["0.1", nil]])
    #expect(comparison.notes.count == 2)
    #expect(comparison.notes[0].contains("first") && comparison.notes[0].contains("epoch 1"))
    #expect(comparison.notes[1].contains("second"))
    #expect(comparison.runs[0].best?.leadingBefore == [4, 2])
    #expect(comparison.runs[1].best?.recallValid == 0.5 && comparison.runs[1].rank == nil)
  }
}
