import Reporting
import Testing

@Suite("Fail condition")
struct FailConditionTests {
  @Test(
    arguments: [
      ("overlap@20>0", true), ("overlap@20 > 1", false), ("lift@5>=1e-3", true),
      ("dataset.items==220", true), ("dataset.items!=220", false), ("retrievalOverlap[1].k<=20", true),
      ("retrievalOverlap[1].k<20", false), ("spectrum.projected.singularValues[0]<100", true),
    ])
  func `holds as its numbers do`(text: String, isMet: Bool) throws {
    #expect(try FailCondition(text).isMet(by: DemoReport.make()) == isMet)
  }

  @Test(arguments: ["", "overlap@20", "overlap@20>", ">1", "overlap@20>many", "overlap@20=0.2"])
  func `is refused when malformed`(text: String) {
    #expect(throws: FailConditionError.malformed(text)) { try FailCondition(text) }
  }

  @Test(
    arguments: [
      ("overlap@33>0", "K = 5, 20"), ("spectrum.nothing>0", "there is no nothing"),
      ("retrievalOverlap[9].k>0", "[9] is outside a list of 2"), ("dataset.name>0", "not a number"),
      ("dataset[0]>0", "does not fit"), ("dataset.items.more>0", "does not fit"),
    ])
  func `is refused when the report has no such number`(text: String, reason: String) throws {
    let condition = try FailCondition(text)
    let error = try #require(throws: FailConditionError.self) {
      try condition.isMet(by: DemoReport.make())
    }
    #expect(error.description.contains(reason) && error.description.contains(text))
  }

  @Test func `cannot pass on a diagnostic that did not run`() throws {
    let condition = try FailCondition("overlap@20>0.5")
    #expect(throws: FailConditionError.self) {
      try condition.isMet(by: DemoReport.make { $0.retrievalOverlap = nil })
    }
  }
}
