import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Equations 2, 4, 12 and 13")
struct EquationsTests {
  @Test func `Equation 2 is an identity whose second part can be negative`() throws {
    let world = TheoremWorlds.sharedLatent(items: 400)
    let classes = (0..<400).map { $0 % 3 }
    let result = TheoremChecks.equation2(
      try TheoremEvidence(TheoremWorlds.context(world, classes: classes)))
    #expect(result.verdict == .fails)
    #expect(result.measured == -1)
    #expect(result.check("largest error")?.verdict == .holds)
    #expect(result.check("Y = V xor T")?.verdict == .fails)
    #expect(result.check("in the data")?.measured != nil)
  }

  @Test func `the data's bracket is an amount where classes are the shared sign`() throws {
    let world = TheoremWorlds.sharedLatent(items: 400, offset: 0)
    let context = try TheoremWorlds.context(world)
    let classes = coordinates(of: world.first, in: context.subspace.first.leadingColumns(1))
      .elements.map { $0 > 0 ? 1 : 0 }
    let result = TheoremChecks.equation2(
      try TheoremEvidence(TheoremWorlds.context(world, classes: classes)))
    #expect(result.check("in the data")?.verdict == .holds)
    #expect(try #require(result.check("in the data")?.measured) > 0.2)
  }

  @Test func `Equation 4 is biased by the factor (N − 1)/N`() throws {
    let world = TheoremWorlds.sharedLatent(items: 50)
    let result = TheoremChecks.equation4(try TheoremEvidence(TheoremWorlds.context(world)))
    #expect(result.verdict == .fails)
    // 0.08 of bias over a standard error of √((1 + 0.64)·0.09/2·10⁵).
    let distance = try #require(result.measured)
    #expect(distance > 85 && distance < 102)
    #expect(result.check("(N − 1)/N")?.verdict == .holds)
  }

  @Test func `Equation 12 compares the numerical rank with the number of classes`() throws {
    let clean = TheoremWorlds.sharedLatent(items: 2000, noise: 0, offset: 0)
    let noisy = TheoremWorlds.sharedLatent(items: 2000)
    func verdict(
      _ world: (first: Matrix<Float>, second: Matrix<Float>), _ classes: [Int]?
    ) throws -> TheoremVerdict {
      TheoremChecks.equation12(
        try TheoremEvidence(TheoremWorlds.context(world, classes: classes)))
    }
    let five = (0..<2000).map { $0 % 5 }
    let many = (0..<2000).map { $0 % 20 }
    #expect(try verdict(noisy, five).verdict == .fails)
    #expect(try verdict(noisy, five).measured == 16)
    #expect(try verdict(noisy, five).check("stable rank")?.verdict == .holds)
    #expect(try verdict(noisy, five).check("90 %")?.verdict == .holds)
    #expect(try verdict(noisy, many).verdict == .holds)
    #expect(try verdict(noisy, nil).verdict == .notApplicable)
    // Stored in single precision, four directions are sixteen with twelve near rounding.
    #expect(try verdict(clean, five).check("stable rank")?.measured ?? 9 < 4)
  }

  @Test func `Equation 12 holds for few directions on few classes`() throws {
    let world = TheoremWorlds.sharedLatent(items: 200, widths: (2, 3))
    let classes = (0..<200).map { $0 % 4 }
    let result = TheoremChecks.equation12(
      try TheoremEvidence(TheoremWorlds.context(world, rank: 2, classes: classes)))
    #expect(result.verdict == .holds)
    #expect(result.measured == 2)
  }

  @Test func `Equation 13 is exact for a sorted spectrum`() throws {
    let world = TheoremWorlds.sharedLatent(items: 200)
    let result = TheoremChecks.equation13(try TheoremEvidence(TheoremWorlds.context(world)))
    #expect(result.verdict == .holds)
    #expect(result.measured == 0)
    #expect(result.explanation.contains("to 0 at 2 σ₁²"))
  }

  @Test func `Equation 13's search differs from the closed form out of order`() {
    #expect(TheoremChecks.searchedRank([1, 3], 2) == 2)
    #expect(TheoremChecks.closedRank([1, 3], 2) == 1)
    #expect(TheoremChecks.searchedRank([3, 2, 1], 2) == 2)
    #expect(TheoremChecks.searchedRank([], 1) == 0)
  }
}
