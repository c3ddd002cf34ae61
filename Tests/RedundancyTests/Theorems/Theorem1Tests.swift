import LinearAlgebra
import Redundancy
import Testing

@Suite("Theorem 1")
struct Theorem1Tests {
  /// Two modalities that share two strong directions, with class means along `axis` of the image.
  func world(classAxis axis: Int) -> (first: Matrix<Float>, second: Matrix<Float>, classes: [Int]) {
    let items = 900
    var first = TheoremWorlds.gaussian(1, items, 8)
    var second = TheoremWorlds.gaussian(2, items, 8)
    let classes = (0..<items).map { $0 % 3 }
    for item in 0..<items {
      for shared in 0..<2 { second[item, shared] = 5 * first[item, shared] }
      first[item, axis] += 3 * Double(classes[item])
    }
    return (Matrix<Float>(first), Matrix<Float>(second), classes)
  }

  func verdict(_ axis: Int) throws -> TheoremVerdict {
    let world = world(classAxis: axis)
    var context = try TheoremWorlds.context(
      (world.first, world.second), rank: 2, classes: world.classes)
    context.fisher = [
      TheoremWorlds.fisher(
        world.first, basis: context.subspace.first.leadingColumns(2), classes: world.classes,
        modality: "image")
    ]
    return TheoremChecks.theorem1(try TheoremEvidence(context))
  }

  @Test func `holds where class means differ outside the shared subspace only`() throws {
    let verdict = try verdict(5)
    #expect(verdict.verdict == .holds)
    #expect(verdict.check("image: share")?.verdict == .holds)
  }

  @Test func `fails where class means differ inside the shared subspace`() throws {
    let verdict = try verdict(0)
    #expect(verdict.verdict == .fails)
    #expect(try #require(verdict.measured) > 1)
    #expect(verdict.check("image: share")?.verdict == .fails)
  }

  @Test func `is judged by the worst modality`() throws {
    let world = TheoremWorlds.sharedLatent(items: 100)
    var context = try TheoremWorlds.context(world)
    context.fisher = [
      FisherSummary(
        modality: "a", medianRatio: 0.01, shareBelowOne: 1, randomPercentile: 1),
      FisherSummary(
        modality: "b", medianRatio: 0.3, shareBelowOne: 0.9, randomPercentile: 60),
      FisherSummary(
        modality: "c", medianRatio: nil, shareBelowOne: nil, randomPercentile: nil),
    ]
    let verdict = TheoremChecks.theorem1(try TheoremEvidence(context))
    #expect(verdict.verdict == .fails)
    #expect(verdict.measured == 0.3)
    #expect(verdict.check("a: percentile")?.verdict == .holds)
    #expect(verdict.check("b: percentile")?.verdict == .fails)
    #expect(verdict.check("c: percentile")?.verdict == .notApplicable)
  }

  @Test func `is not applicable without classes and still measures orthogonality`() throws {
    let world = TheoremWorlds.sharedLatent(items: 600)
    let verdict = TheoremChecks.theorem1(
      try TheoremEvidence(TheoremWorlds.context(world)))
    #expect(verdict.verdict == .notApplicable)
    #expect(verdict.check("image: largest |x∥·x⊥|")?.verdict == .holds)
    #expect(verdict.check("image: |S_total − S_B − S_W| / S_total in")?.measured == nil)
  }

  @Test func `adds scatter up exactly in both subspaces and modalities`() throws {
    let verdict = try verdict(0)
    for name in ["image: |S_total", "text: |S_total"] {
      let identities = verdict.checks.filter { $0.name.hasPrefix(name) }
      #expect(identities.count == 2)
      for identity in identities {
        #expect(identity.verdict == .holds)
        #expect(try #require(identity.measured) < 1e-12)
      }
    }
  }

  @Test func `has no orthogonality error for a constant modality`() throws {
    let world = TheoremWorlds.sharedLatent(items: 300)
    let constant = Matrix<Float>(rowCount: 300, columnCount: 16, repeating: 2)
    let verdict = TheoremChecks.theorem1(
      try TheoremEvidence(TheoremWorlds.context((world.first, constant))))
    #expect(verdict.check("text: largest |x∥·x⊥|")?.measured == 0)
  }
}
