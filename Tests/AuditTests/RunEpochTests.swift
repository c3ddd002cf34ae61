import Audit
import Foundation
import Testing

@Suite("Epoch of a run")
struct RunEpochTests {
  private func decoded(_ line: String) throws -> RunEpoch {
    try JSONDecoder().decode(RunEpoch.self, from: Data(line.utf8))
  }

  @Test func `is read from a line that says more than it needs`() throws {
    let epoch = try decoded(
      #"{"epoch": 3, "improved": true, "loss": 0.5, "valid": {"recall@20": 0.1}}"#)
    #expect(
      epoch
        == RunEpoch(
          epoch: 3, improved: true, valid: ["recall@20": 0.1], test: nil, redundancy: nil))
  }

  @Test func `needs its number and whether it improved`() {
    #expect(throws: DecodingError.self) { try decoded(#"{"improved": true}"#) }
    #expect(throws: DecodingError.self) { try decoded(#"{"epoch": 3}"#) }
  }
}
