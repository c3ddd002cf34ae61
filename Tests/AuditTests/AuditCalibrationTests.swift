import Audit
import Testing

@Suite("Audit calibration")
struct AuditCalibrationTests {
  @Test func `is absent without relabelings`() throws {
    let report = try sharedFactorReport([.overlap, .spectrum], permutations: 0)
    #expect(report.calibration == nil)
  }

  @Test func `holds the relabelings of what was measured alone`() throws {
    let overlap = try #require(sharedFactorReport([.overlap], permutations: 19).calibration)
    #expect(overlap.permutations == 19)
    #expect(overlap.neighbors != nil && overlap.spectrum == nil && overlap.similarity == nil)
    let spectrum = try #require(
      sharedFactorReport([.spectrum, .similarity], permutations: 39).calibration)
    #expect(spectrum.permutations == 39)
    #expect(spectrum.neighbors == nil && spectrum.spectrum != nil && spectrum.similarity != nil)
  }
}
