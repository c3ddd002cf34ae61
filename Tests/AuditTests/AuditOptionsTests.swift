import Audit
import Testing

@Suite("Audit options")
struct AuditOptionsTests {
  @Test func `sample many items without being asked for, and no more than there are`() {
    let few = AuditOptions().sampling(AuditOptions.exactLimit)
    #expect(few.anchors == nil && few.sample == nil)
    let many = AuditOptions().sampling(AuditOptions.exactLimit + 1)
    #expect(many.anchors == AuditOptions.usualAnchorCount)
    #expect(many.sample == AuditOptions.usualSampleSize)
    var asked = AuditOptions()
    asked.anchors = 300
    asked.sample = 1_000_000
    #expect(asked.sampling(1_000_000).anchors == 300)
    #expect(asked.sampling(1_000_000).sample == nil)
    #expect(asked.sampling(2_000_000).sample == 1_000_000)
  }
}
