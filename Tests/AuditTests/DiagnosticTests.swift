import Audit
import Testing

@Suite("Diagnostic cards")
struct DiagnosticTests {
  @Test(arguments: Diagnostic.allCases)
  func `say what is asked, how to read the answer and where the formula stands`(
    diagnostic: Diagnostic
  ) {
    let card = diagnostic.card
    #expect(card.question.hasSuffix("?"))
    for text in [card.title, card.formula, card.source, card.reading, card.caveats] {
      #expect(!text.isEmpty)
    }
    if card.pairing == .marginal { #expect(card.caveats.contains("shuffling")) }
  }
}
