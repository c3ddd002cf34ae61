import LinearAlgebra
import Redundancy
import Testing

@Suite("Theorem 6")
struct Theorem6Tests {
  func verdict(_ context: TheoremContext) throws -> TheoremVerdict {
    try TheoremChecks.theorem6(TheoremEvidence(context))
  }

  func world(noise: Double) -> (
    world: (first: Matrix<Float>, second: Matrix<Float>), classes: [Int]
  ) {
    // Orthogonal corners: every difference of classes is a strong shared direction.
    var first = Matrix<Double>(rowCount: 4, columnCount: 10)
    var second = Matrix<Double>(rowCount: 4, columnCount: 7)
    for c in 0..<4 {
      first[c, c] = 3
      second[c, 6 - c] = 3
    }
    return TheoremWorlds.classWorld(items: 1200, classes: 4, means: (first, second), noise: noise)
  }

  @Test func `holds where classes make the shared directions`() throws {
    let world = world(noise: 0.2)
    let result = try verdict(
      TheoremWorlds.context(world.world, rank: 3, classes: world.classes))
    #expect(result.verdict == .holds)
    let bound = try #require(result.tolerance)
    #expect(try #require(result.measured) < bound)
    #expect(result.check("Equation 42")?.verdict == .holds)
    #expect(result.check("trivial √k")?.verdict == .holds)
    #expect(result.check("⟨‖v_c‖²⟩")?.verdict == .holds)
    #expect(result.check("‖C_c‖_F / ‖E‖_F")?.verdict == .holds)
    #expect(result.check("numerical rank of C_c")?.measured == 3)
  }

  @Test func `lacks its premise for classes that mean nothing`() throws {
    let world = world(noise: 0.2)
    let shuffled = world.classes.indices.map { ($0 / 4) % 4 }
    let result = try verdict(TheoremWorlds.context(world.world, rank: 3, classes: shuffled))
    #expect(result.verdict == .premiseNotMet)
    #expect(result.tolerance == nil)
    #expect(result.check("cross terms")?.verdict == .holds)
    #expect(result.check("Equation 42")?.verdict == .fails)
    #expect(result.check("⟨‖v_c‖²⟩")?.verdict == .fails)
    #expect(result.check("‖C_c‖_F / ‖E‖_F")?.verdict == .fails)
    #expect(result.check("σ₁(C_c) / ‖E‖₂")?.verdict == .fails)
  }

  @Test func `lacks its premise beyond the rank of the class means`() throws {
    let world = world(noise: 0.2)
    let result = try verdict(
      TheoremWorlds.context(world.world, rank: 5, classes: world.classes))
    #expect(result.verdict == .premiseNotMet)
  }

  @Test func `fails for a subspace of other data`() throws {
    let world = world(noise: 0.2)
    let other = TheoremWorlds.sharedLatent(widths: (10, 7), seed: 70)
    let wrong = try SharedSubspace(between: other.first, and: other.second)
    let result = try verdict(
      TheoremWorlds.context(world.world, rank: 3, subspace: wrong, classes: world.classes))
    #expect(result.verdict == .fails)
    #expect(result.check("largest |σᵢ(C) − σᵢ(C_c)|")?.verdict == .fails)
  }

  @Test func `treats unclassified items as a class of their own`() throws {
    let world = world(noise: 0.2)
    let classes = world.classes.map { $0 == 3 ? -1 : $0 }
    let result = try verdict(TheoremWorlds.context(world.world, rank: 3, classes: classes))
    #expect(result.verdict == .holds)
    #expect(result.check("cross terms")?.verdict == .holds)
  }

  @Test func `is not applicable without classes but tests random pairs`() throws {
    let result = try verdict(TheoremWorlds.context(TheoremWorlds.sharedLatent(items: 50)))
    #expect(result.verdict == .notApplicable)
    #expect(result.checks.count == 1)
    #expect(result.checks[0].verdict == .holds)
    let tested = result.explanation.split(separator: " ").compactMap { Int($0) }.max() ?? 0
    #expect(tested > 3000)
  }
}
