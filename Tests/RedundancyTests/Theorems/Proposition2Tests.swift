import LinearAlgebra
import Redundancy
import Testing

@Suite("Proposition 2")
struct Proposition2Tests {
  func verdict(_ context: TheoremContext) throws -> TheoremVerdict {
    TheoremChecks.proposition2(try TheoremEvidence(context))
  }

  @Test func `holds for one modality taken twice`() throws {
    let world = TheoremWorlds.sharedLatent(noise: 0.05)
    let result = try verdict(TheoremWorlds.context((world.first, world.first)))
    #expect(result.verdict == .holds)
    #expect(abs(try #require(result.check("ρ")?.measured) - 1) < 1e-12)
  }

  @Test func `fails for modalities in unrelated coordinates, while the identities hold`() throws {
    let result = try verdict(TheoremWorlds.context(TheoremWorlds.sharedLatent()))
    #expect(result.verdict == .fails)
    #expect(abs(try #require(result.check("ρ")?.measured)) < 0.9)
    let identities = result.checks.filter { $0.tolerance == 1e-10 }
    #expect(identities.count == 6)
    for identity in identities { #expect(identity.verdict == .holds, "\(identity)") }
    #expect(result.check("without centring")?.verdict == .holds)
  }

  @Test func `fails for Equation 21 alone when much of one repeated modality is specific`() throws {
    let world = TheoremWorlds.sharedLatent(noise: 2)
    let result = try verdict(TheoremWorlds.context((world.first, world.first)))
    #expect(result.check("ρ")?.verdict == .holds)
    #expect(result.check("relative error of Equation 21")?.verdict == .fails)
    #expect(result.verdict == .fails)
  }

  @Test func `says that mixed terms need no centring where the means are zero`() throws {
    // Every row beside its negative: the mean is zero to the last bit.
    let half = TheoremWorlds.sharedLatent(items: 200, offset: 0)
    func mirrored(_ x: Matrix<Float>) -> Matrix<Float> {
      x.stacked(
        above: Matrix(
          rowCount: x.rowCount, columnCount: x.columnCount, elements: x.elements.map { -$0 }))
    }
    let result = try verdict(
      TheoremWorlds.context((mirrored(half.first), mirrored(half.second))))
    #expect(result.check("without centring")?.verdict == .premiseNotMet)
  }

  @Test func `breaks its identities for a subspace of other data`() throws {
    let world = TheoremWorlds.sharedLatent()
    let other = TheoremWorlds.sharedLatent(seed: 70)
    let wrong = try SharedSubspace(between: other.first, and: other.second)
    let result = try verdict(TheoremWorlds.context(world, subspace: wrong))
    #expect(result.check("|⟨v∥·t⊥⟩|, zero")?.verdict == .fails)
    #expect(result.check("|⟨v⊥·t∥⟩|, zero")?.verdict == .fails)
    #expect(result.check("error of ⟨v∥·t∥⟩")?.verdict == .fails)
    #expect(result.check("error of ⟨v⊥·t⊥⟩")?.verdict == .fails)
    // What does not depend on the subspace stays true.
    #expect(result.check("error of ⟨v·t⟩")?.verdict == .holds)
  }

  @Test func `is not applicable to modalities of different widths and names them`() throws {
    let world = TheoremWorlds.sharedLatent(items: 100, widths: (12, 5))
    let result = try verdict(TheoremWorlds.context(world))
    #expect(result.verdict == .notApplicable)
    #expect(result.measured == nil)
    #expect(result.explanation.contains("12 (image) and 5 (text)"))
  }
}
