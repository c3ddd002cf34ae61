import Audit
import Testing

@Suite("Damping answer")
struct DampingAnswerTests {
  // The reference has Σσ² = 20 in its first two directions, and λ = 0.5 leaves a sixteenth.
  @Test(arguments: [
    ([4.2, 2], DampingAnswer.Verdict.none), ([4.3, 2], .partial), ([16, 7.9], .partial),
    ([16, 8], .full), ([17, 8], .full),
  ])
  func `depends on the growth of the energy and on what the projection leaves of it`(
    leading: [Double], verdict: DampingAnswer.Verdict
  ) throws {
    let world = try RunWorld()
    let plain = try world.run("plain", metrics: RunWorld.line(1, strength: 0))
    let run = try world.run(
      "run", metrics: RunWorld.line(1, values: leading + [1, 0.5], strength: 0.5))
    let comparison = RunComparison([plain, run], provenance: RunComparisonTests.provenance)
    let answer = try #require(comparison.answers.first)
    let energy = leading.reduce(0) { $0 + $1 * $1 }
    #expect(answer.verdict == verdict)
    #expect(answer.energy == energy && answer.referenceEnergy == 20)
    #expect(answer.growth == energy / 20 && answer.effectiveEnergy == energy / 16)
  }
}
