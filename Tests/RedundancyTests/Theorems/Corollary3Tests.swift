import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Corollary 3")
struct Corollary3Tests {
  func verdict(_ context: TheoremContext) throws -> TheoremVerdict {
    TheoremChecks.corollary3(try TheoremEvidence(context))
  }

  /// ⟨‖x∥‖²⟩ and ⟨‖x⊥‖²⟩ by definition.
  func energies(_ x: Matrix<Float>, _ basis: Matrix<Double>) -> (Double, Double) {
    var centered = Matrix<Double>(x)
    let mean = columnMeans(x)
    for row in 0..<x.rowCount {
      for column in mean.indices { centered[row, column] -= mean[column] }
    }
    let shared = product(product(centered, basis), .none, basis, .transposed)
    let n = Double(x.rowCount)
    return (
      shared.squaredFrobeniusNorm / n, (centered - shared).squaredFrobeniusNorm / n
    )
  }

  @Test func `holds where most energy is shared`() throws {
    let world = TheoremWorlds.sharedLatent()
    let context = try TheoremWorlds.context(world, rank: 4)
    let result = try verdict(context)
    #expect(result.verdict == .holds)
    let (a, b) = energies(world.first, context.subspace.first.leadingColumns(4))
    let (_, d) = energies(world.second, context.subspace.second.leadingColumns(4))
    let expected = 4 * a / (b + d)
    #expect(abs(try #require(result.measured) / expected - 1) < 1e-10)
  }

  @Test func `lacks its premise where little energy is shared`() throws {
    let result = try verdict(
      TheoremWorlds.context(TheoremWorlds.sharedLatent(signal: 0.2, noise: 1), rank: 4))
    #expect(result.verdict == .premiseNotMet)
    #expect(try #require(result.measured) < 2)
    #expect(result.check("r at α = β = 1, k = 4, both")?.verdict == .premiseNotMet)
  }

  @Test func `finds the smallest rank that meets the condition`() throws {
    let result = try verdict(TheoremWorlds.context(TheoremWorlds.sharedLatent(), rank: 4))
    let smallest = Int(try #require(result.check("smallest rank")?.measured))
    #expect((2...4).contains(smallest))
    let before = try verdict(
      TheoremWorlds.context(TheoremWorlds.sharedLatent(), rank: smallest - 1))
    let at = try verdict(TheoremWorlds.context(TheoremWorlds.sharedLatent(), rank: smallest))
    #expect(before.verdict == .premiseNotMet)
    #expect(at.verdict == .holds)
  }

  @Test func `works for modalities of different widths`() throws {
    let world = TheoremWorlds.sharedLatent(widths: (20, 6))
    #expect(try verdict(TheoremWorlds.context(world)).verdict == .holds)
  }

  @Test func `never contradicts the claim when nothing is specific`() throws {
    let world = TheoremWorlds.sharedLatent(items: 50, widths: (1, 1), noise: 0)
    let result = try verdict(TheoremWorlds.context(world, rank: 1))
    // All the energy lies in the only direction: B + D is zero or a rounding error.
    switch result.verdict {
    case .notApplicable: #expect(result.measured == nil)
    case .holds: #expect(try #require(result.measured) > 1e12)
    case .fails, .premiseNotMet: Issue.record("\(result)")
    }
  }

  @Test func `equivalence has no counterexample in random draws`() {
    let test = EnergyEquivalence(draws: 100_000, using: SeededGenerator(seed: 4))
    #expect(test.mismatches == 0)
    #expect(test.correlatedMismatches == 0)
    #expect(test.largestTieError > 0)
    #expect(test.largestTieError < 1e-12)
    #expect(test.smallestBound > 1)
  }

  @Test func `comparison tells a disagreement from a tie`() {
    #expect(EnergyEquivalence.disagree((2, 1), (1, 2)))
    #expect(!EnergyEquivalence.disagree((2, 1), (5, 4)))
    #expect(!EnergyEquivalence.disagree((1, 1 + 1e-14), (2, 1)))
  }
}
