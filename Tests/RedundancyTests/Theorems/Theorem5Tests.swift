import LinearAlgebra
import Redundancy
import Testing

@Suite("Theorem 5")
struct Theorem5Tests {
  func verdict(_ context: TheoremContext) throws -> TheoremVerdict {
    try TheoremChecks.theorem5(TheoremEvidence(context))
  }

  @Test(arguments: [(16, 16), (24, 5), (3, 30)])
  func `holds for uncentred features of any widths`(p: Int, q: Int) throws {
    let world = TheoremWorlds.sharedLatent(items: 3000, widths: (p, q), offset: 3)
    let result = try verdict(TheoremWorlds.context(world, rank: 3))
    #expect(result.verdict == .holds, "\(result.checks)")
    #expect(try #require(result.measured) > 0)
    #expect(result.check("single-precision")?.verdict == .holds)
  }

  @Test func `removes exactly the leading directions at full strength`() throws {
    let world = TheoremWorlds.sharedLatent()
    let context = try TheoremWorlds.context(world)
    let result = try verdict(context)
    let check = try #require(result.check("k = 4, against"))
    #expect(check.expected == context.subspace.singularValues[4])
    #expect(check.verdict == .holds)
  }

  @Test func `shows that the product without centring deviates`() throws {
    let world = TheoremWorlds.sharedLatent(offset: 3)
    #expect(
      try verdict(TheoremWorlds.context(world)).check("without centring")?.verdict == .fails)
  }

  @Test func `fails for a subspace that was fitted to other data`() throws {
    let world = TheoremWorlds.sharedLatent()
    let other = TheoremWorlds.sharedLatent(seed: 70)
    let wrong = try SharedSubspace(between: other.first, and: other.second)
    let result = try verdict(TheoremWorlds.context(world, subspace: wrong))
    #expect(result.verdict == .fails)
    #expect(result.check("largest |cov")?.verdict == .fails)
    #expect(result.check("sorted singular values")?.verdict == .fails)
    #expect(result.check("k = 4, against")?.verdict == .fails)
    #expect(result.check("single-precision")?.verdict == .fails)
  }

  @Test func `fails for a subspace fitted to half of the items`() throws {
    let world = TheoremWorlds.sharedLatent()
    let half = try SharedSubspace(
      between: world.first.rows(0..<1000), and: world.second.rows(0..<1000))
    #expect(try verdict(TheoremWorlds.context(world, subspace: half)).verdict == .fails)
  }

  @Test func `is not applicable to a constant modality`() throws {
    let world = TheoremWorlds.sharedLatent(items: 100)
    let constant = Matrix<Float>(rowCount: 100, columnCount: 16, repeating: 1)
    let result = try verdict(TheoremWorlds.context((world.first, constant)))
    #expect(result.verdict == .notApplicable)
    #expect(result.measured == nil)
  }
}
