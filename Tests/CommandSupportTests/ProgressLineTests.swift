import CommandSupport
import Synchronization
import Testing

/// What was written, in order.
final class Record: Sendable {
  private let texts = Mutex<[String]>([])
  func add(_ text: String) { texts.withLock { $0.append(text) } }
  var all: [String] { texts.withLock(\.self) }
}

@Suite("Progress line")
struct ProgressLineTests {
  @Test func `replaces itself and is cleared in the end`() {
    let record = Record()
    let line = ProgressLine(isVisible: true, delay: .zero) { record.add($0) }
    line.show("one")
    line.show("two")
    line.finish()
    #expect(record.all == ["\r\u{1B}[Kone", "\r\u{1B}[Ktwo", "\r\u{1B}[K"])
  }

  @Test func `is silent when nobody watches`() {
    let record = Record()
    let line = ProgressLine(isVisible: false, delay: .zero) { record.add($0) }
    line.show("one")
    line.finish()
    #expect(record.all.isEmpty)
  }

  @Test func `is silent at first`() {
    let record = Record()
    let line = ProgressLine(isVisible: true, delay: .seconds(3600)) { record.add($0) }
    line.show("one")
    line.finish()
    #expect(record.all.isEmpty)
  }
}
