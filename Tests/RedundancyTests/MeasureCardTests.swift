import Foundation
import Redundancy
import Testing

@Suite struct MeasureCardTests {
  private func card(_ invariances: Set<Invariance>) -> MeasureCard {
    MeasureCard(
      name: "any", title: "Any", direction: .growsWithLikeness, lowerBound: 0, upperBound: 1,
      isSymmetric: true, invariances: invariances, source: "[ET93]")
  }

  @Test func `what ignores the pairing is marginal`() {
    #expect(card([.itemOrder, .brokenPairing]).pairing == .marginal)
    #expect(card([.itemOrder, .rotation]).pairing == .paired)
  }

  @Test func `invariances have one order, whatever order they were given in`() throws {
    let all = card(Set(Invariance.allCases))
    #expect(all.invariances == Invariance.allCases)
    #expect(
      try JSONDecoder().decode(MeasureCard.self, from: JSONEncoder().encode(all)) == all)
  }
}
