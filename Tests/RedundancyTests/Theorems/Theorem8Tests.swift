import LinearAlgebra
import Redundancy
import Testing

@Suite("Theorem 8")
struct Theorem8Tests {
  func verdict(_ context: TheoremContext) throws -> TheoremVerdict {
    TheoremChecks.theorem8(try TheoremEvidence(context))
  }

  @Test(arguments: [(16, 16), (24, 5), (5, 24)])
  func `holds for the data's own subspace`(p: Int, q: Int) throws {
    let world = TheoremWorlds.sharedLatent(widths: (p, q))
    for rank in [1, 4, 5] {
      let result = try verdict(TheoremWorlds.context(world, rank: rank))
      #expect(result.verdict == .holds, "\(result.checks)")
      #expect(try #require(result.check("relative error of the derivative")?.measured) > 1e-12)
      #expect(try #require(result.check("below zero")?.measured) < 0)
    }
  }

  @Test func `does not judge the Pareto frontier`() throws {
    let result = try verdict(TheoremWorlds.context(TheoremWorlds.sharedLatent(items: 100)))
    #expect(result.check("Pareto")?.verdict == .notApplicable)
  }

  @Test func `fails for a subspace of other data`() throws {
    let world = TheoremWorlds.sharedLatent()
    let other = TheoremWorlds.sharedLatent(seed: 70)
    let wrong = try SharedSubspace(between: other.first, and: other.second)
    let result = try verdict(TheoremWorlds.context(world, subspace: wrong))
    #expect(result.verdict == .fails)
    #expect(result.check("error of the formula")?.verdict == .fails)
    #expect(result.check("error of the derivative")?.verdict == .fails)
  }

  @Test func `is not applicable to modalities that do not covary`() throws {
    let world = TheoremWorlds.sharedLatent(items: 100)
    let constant = Matrix<Float>(rowCount: 100, columnCount: 16, repeating: 1)
    #expect(
      try verdict(TheoremWorlds.context((world.first, constant))).verdict == .notApplicable)
  }
}
