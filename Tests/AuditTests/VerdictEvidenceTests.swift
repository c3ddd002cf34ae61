import Audit
import Redundancy
import Testing

@Suite("Evidence of a verdict")
struct VerdictEvidenceTests {
  func evidence(
    _ overlaps: [(k: Int, mean: Double)], cleaned: CleanedNumbers? = nil
  ) throws -> VerdictEvidence {
    VerdictEvidence(
      names: ["image", "text"],
      overlap: try overlaps.map { try VerdictTests().overlap(k: $0.k, mean: $0.mean) },
      cleaned: cleaned)
  }

  @Test func `judges the overlap at twenty neighbours or nearest below`() throws {
    #expect(try evidence([(5, 0.1), (20, 0.2), (50, 0.3)]).judged?.k == 20)
    #expect(try evidence([(50, 0.3), (10, 0.2), (5, 0.1)]).judged?.k == 10)
    #expect(try evidence([(100, 0.3), (50, 0.2)]).judged?.k == 50)
    #expect(VerdictEvidence(names: []).judged == nil)
  }

  @Test func `counts what is gone of the overlap beyond chance`() throws {
    func cleaned(_ label: String, _ value: Double) -> CleanedNumbers {
      func numbers(_ value: Double) -> [HeadlineNumber] {
        [HeadlineNumber(path: "p", label: label, value: value, standardError: nil)]
      }
      return CleanedNumbers(removed: 1, items: 99, all: numbers(0.22), cleaned: numbers(value))
    }
    // Chance at 20 of these worlds is 0.02.
    let lost = try evidence([(20, 0.22)], cleaned: cleaned("overlap@20", 0.12))
    #expect(abs(try #require(lost.lostWithoutSuspicious) - 0.5) < 1e-12)
    let other = try evidence([(20, 0.22)], cleaned: cleaned("overlap@5", 0.12))
    #expect(other.lostWithoutSuspicious == nil)
    #expect(try evidence([(20, 0.22)]).lostWithoutSuspicious == nil)
    let chance = try evidence([(20, 0.01)], cleaned: cleaned("overlap@20", 0.005))
    #expect(chance.lostWithoutSuspicious == nil)
  }
}
