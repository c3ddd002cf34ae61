import Audit
import Testing

@Suite("Audit errors")
struct AuditErrorTests {
  @Test func `say what was asked for, what there is, and what to do`() {
    #expect(
      "\(AuditError.tooManyAnchors(count: 301, items: 300))"
        == "301 anchors were asked for, but there are 300 items; choose --anchors up to 300, or "
        + "leave it out to take all")
  }
}
