import LinearAlgebra
import Redundancy
import Testing

@Suite("Theorem 4")
struct Theorem4Tests {
  func verdict(_ context: TheoremContext) throws -> TheoremVerdict {
    try TheoremChecks.theorem4(TheoremEvidence(context))
  }

  @Test func `fails because the smallest eigenvalue is zero`() throws {
    let result = try verdict(TheoremWorlds.context(TheoremWorlds.sharedLatent(items: 100)))
    #expect(result.verdict == .fails)
    #expect(abs(try #require(result.measured)) < 1e-12)
    #expect(result.check("above rounding")?.verdict == .fails)
    for name in ["central second", "positive semidefinite", "1 ⊗ z", "column sum"] {
      #expect(result.check(name)?.verdict == .holds, "\(name)")
    }
  }

  @Test func `does not measure speed without interactions`() throws {
    let result = try verdict(TheoremWorlds.context(TheoremWorlds.sharedLatent(items: 100)))
    for name in ["mean curvature", "rank correlation", "one step", "rate of convergence"] {
      #expect(result.check(name)?.verdict == .notApplicable, "\(name)")
    }
    #expect(result.explanation.contains("Without interactions"))
  }

  @Test func `finds larger curvature inside where users follow strong shared directions`() throws {
    let world = TheoremWorlds.sharedLatent(items: 500, noise: 0.05)
    let choices = TheoremWorlds.choices(users: 200, items: 500, classes: 5, loyalty: 0)
    let result = try verdict(TheoremWorlds.context(world, choices: choices))
    #expect(result.check("mean curvature")?.verdict == .holds)
    #expect(result.check("one step")?.verdict == .holds)
  }

  @Test func `finds no such curvature where the shared directions are weak`() throws {
    let world = TheoremWorlds.sharedLatent(items: 500, signal: 0.1, noise: 1)
    let choices = TheoremWorlds.choices(users: 200, items: 500, classes: 5, loyalty: 0)
    let result = try verdict(TheoremWorlds.context(world, choices: choices))
    #expect(result.check("mean curvature")?.verdict == .fails)
    #expect(result.check("rate of convergence")?.verdict == .fails)
    let rates = try #require(result.check("rate of convergence")?.measured)
    #expect(rates > 0.2 && rates < 5)
  }

  @Test func `curvature does not depend on the scale of the features`() throws {
    let world = TheoremWorlds.sharedLatent(items: 300)
    let larger = Matrix<Float>(
      rowCount: 300, columnCount: 16, elements: world.first.elements.map { 64 * $0 })
    let choices = TheoremWorlds.choices(users: 50, items: 300, classes: 5, loyalty: 0.5)
    let one = try verdict(TheoremWorlds.context(world, choices: choices))
    let other = try verdict(
      TheoremWorlds.context((larger, world.second), choices: choices))
    let before = try #require(one.check("mean curvature")?.measured)
    let after = try #require(other.check("mean curvature")?.measured)
    #expect(abs(after / before - 1) < 1e-9)
  }

  @Test func `survives users who chose everything`() throws {
    let world = TheoremWorlds.sharedLatent(items: 10)
    let choices = ItemChoices(
      userCount: 2, users: [Int32](repeating: 1, count: 10), items: (0..<10).map(Int32.init),
      isTest: [Bool](repeating: false, count: 10))
    let result = try verdict(TheoremWorlds.context(world, choices: choices))
    #expect(result.check("rate of convergence")?.verdict == .notApplicable)
  }
}
