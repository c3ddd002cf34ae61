import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Theorem context")
struct TheoremContextTests {
  let world = TheoremWorlds.sharedLatent(items: 40, widths: (6, 4))

  @Test func `names widths that the subspace was not fitted for`() throws {
    let other = TheoremWorlds.sharedLatent(items: 40, widths: (4, 6))
    let wrong = try SharedSubspace(between: other.first, and: other.second)
    #expect(
      throws: TheoremError.subspaceShape(
        first: 4, second: 6, expectedFirst: 6, expectedSecond: 4)
    ) { try TheoremChecks.all(TheoremWorlds.context(world, subspace: wrong)) }
  }

  @Test func `refuses ranks and strengths out of range`() throws {
    #expect(throws: RedundancyError.rankOutOfRange(rank: 5, available: 4)) {
      try TheoremChecks.all(TheoremWorlds.context(world, rank: 5))
    }
    #expect(throws: RedundancyError.strengthOutOfRange(1.5)) {
      try TheoremChecks.all(TheoremWorlds.context(world, rank: 2, strength: 1.5))
    }
  }

  @Test func `counts items, labels and names`() throws {
    var context = try TheoremWorlds.context(world, classes: [1, 2])
    #expect(throws: RedundancyError.labelCountMismatch(labels: 2, items: 40)) {
      try TheoremEvidence(context)
    }
    context.classes = nil
    context.names = ["image"]
    #expect(throws: TheoremError.nameCount(1)) { try TheoremEvidence(context) }
    context.names = ["image", "text"]
    context.second = context.second.rows(0..<39)
    #expect(throws: RedundancyError.itemCountMismatch(first: 40, second: 39)) {
      try TheoremEvidence(context)
    }
  }

  @Test func `points at the first choice that does not exist`() throws {
    var context = try TheoremWorlds.context(world)
    context.choices = ItemChoices(
      userCount: 2, users: [0, 1], items: [3, 40], isTest: [false, true])
    let error = TheoremError.choiceOutOfRange(
      position: 1, user: 1, item: 40, users: 2, items: 40)
    #expect(throws: error) { try TheoremEvidence(context) }
    #expect(error.description.contains("choice 1 is user 1, item 40"))
    context.choices = ItemChoices(userCount: 2, users: [0], items: [], isTest: [])
    #expect(throws: TheoremError.choiceCountMismatch(users: 1, items: 0, marks: 0)) {
      try TheoremEvidence(context)
    }
  }

  @Test func `accepts no choices, no classes and three items`() throws {
    let tiny = TheoremWorlds.sharedLatent(items: 3, widths: (2, 2))
    var context = try TheoremWorlds.context(tiny, rank: 1, classes: [0, 1, -1])
    context.choices = ItemChoices(userCount: 0, users: [], items: [], isTest: [])
    #expect(try TheoremChecks.all(context).count == 12)
  }
}
