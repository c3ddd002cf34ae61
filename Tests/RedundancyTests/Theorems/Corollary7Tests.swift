import Foundation
import Redundancy
import Statistics
import Testing

@Suite("Corollary 7")
struct Corollary7Tests {
  let items = 600
  let classes = 6

  func verdict(
    loyalty: Double, users: Int = 400, subspaceClasses: [Int]? = nil
  ) throws -> TheoremVerdict {
    let world = TheoremWorlds.sharedLatent(items: items)
    var context = try TheoremWorlds.context(
      world, classes: (0..<items).map { $0 % classes },
      choices: TheoremWorlds.choices(
        users: users, items: items, classes: classes, loyalty: loyalty))
    context.subspaceClasses = subspaceClasses
    return TheoremChecks.corollary7(try TheoremEvidence(context))
  }

  @Test func `fails where users keep to a category`() throws {
    let result = try verdict(loyalty: 0.9)
    #expect(result.verdict == .fails)
    // Nearly all of log₂6 bits: the user's class is known from eight choices.
    let gain = try #require(result.measured)
    #expect(gain > 1 && gain < log2(6))
    #expect(result.check("lower end")?.verdict == .fails)
    #expect(result.check("relative improvement")?.verdict == .fails)
  }

  @Test func `holds where choices do not depend on the category`() throws {
    let result = try verdict(loyalty: 0)
    #expect(result.verdict == .holds)
    #expect(result.check("information gain in bits")?.verdict == .holds)
    #expect(result.check("lower end")?.verdict == .holds)
  }

  @Test func `judges clusters of the shared directions beside the categories`() throws {
    let parity = (0..<items).map { $0 % classes }
    let result = try verdict(loyalty: 0.9, subspaceClasses: parity)
    #expect(result.check("clusters in the shared directions")?.verdict == .fails)
    let meaningless = (0..<items).map { $0 / 100 }
    #expect(
      try verdict(loyalty: 0.9, subspaceClasses: meaningless)
        .check("clusters in the shared directions")?.verdict == .holds)
  }

  @Test func `is not applicable without interactions or classes`() throws {
    let world = TheoremWorlds.sharedLatent(items: 100)
    let bare = TheoremChecks.corollary7(try TheoremEvidence(TheoremWorlds.context(world)))
    #expect(bare.verdict == .notApplicable)
    let choices = TheoremWorlds.choices(users: 5, items: 100, classes: 2, loyalty: 0)
    let unclassified = TheoremChecks.corollary7(
      try TheoremEvidence(TheoremWorlds.context(world, choices: choices)))
    #expect(unclassified.verdict == .notApplicable)
    #expect(unclassified.measured == nil)
  }

  @Test func `counts by hand in a world of two users`() throws {
    // Classes 0, 0, 1, 1. User 0 trains on items 0, 1 and is tested on 2; user 1 trains on 2 and
    // is tested on 3. π = (2/3, 1/3).
    let choices = ItemChoices(
      userCount: 2, users: [0, 0, 0, 1, 1], items: [0, 1, 2, 2, 3],
      isTest: [false, false, true, false, true])
    let preference = try #require(
      CategoryPreference(choices, classes: [0, 0, 1, 1], streams: RandomStreams(seed: 1)))
    // h(0, 1) = (0 + 1/3)/3 = 1/9, h(1, 1) = (1 + 1/3)/2 = 2/3.
    let expected = (log2(1.0 / 3) + log2(2.0)) / 2
    #expect(abs(preference.informationGain - expected) < 1e-15)
    #expect(preference.userCount == 2)
    #expect(abs(preference.interval.lower - log2(1.0 / 3)) < 1e-12)
    #expect(abs(preference.interval.upper - 1) < 1e-12)
    // Four items fit in the list of twenty, so all but masked ones are found.
    let recalls = try #require(preference.recalls())
    #expect(recalls.popularity == 1)
    #expect(recalls.byClass == 1)
  }
}
