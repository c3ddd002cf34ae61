import CommandSupport
import Synchronization
import Testing
import Training
import clear_trainer

@Suite("Training progress")
struct TrainingProgressTests {
  /// What was written, in order.
  final class Record: Sendable {
    private let texts = Mutex<[String]>([])
    func add(_ text: String) { texts.withLock { $0.append(text) } }
    var all: [String] { texts.withLock(\.self) }
  }

  func epoch(
    _ number: Int, seconds: Double, recall: Double?, improved: Bool = true
  ) -> EpochRecord {
    EpochRecord(
      epoch: number, improved: improved, learningRate: 0.001, losses: ["total": 40.1],
      valid: recall.map { ["recall@20": $0] }, test: nil,
      seconds: .init(training: seconds, evaluation: 0, projection: 0, redundancy: 0),
      redundancy: nil)
  }

  @Test func `is a line for each epoch where nobody watches`() {
    let record = Record()
    var progress = TrainingProgress(
      epochs: 100, metric: "recall@20", line: ProgressLine(isVisible: false)
    ) { record.add($0) }
    progress.report(epoch(1, seconds: 2, recall: 0.05))
    progress.report(epoch(2, seconds: 1, recall: nil, improved: false))
    progress.finish()
    #expect(
      record.all == [
        "epoch 1/100  loss 40.1000  recall@20 0.0500  best 0.0500 in 1  2.00 s/epoch  "
          + "at most 3 min 18 s left\n",
        "epoch 2/100  loss 40.1000  best 0.0500 in 1  1.50 s/epoch  at most 2 min 27 s left\n",
      ])
  }

  @Test func `is one live line on a terminal`() {
    let live = Record()
    let plain = Record()
    var progress = TrainingProgress(
      epochs: 2, metric: "recall@20", best: (epoch: 1, value: 0.25),
      line: ProgressLine(isVisible: true, delay: .zero) { live.add($0) }
    ) { plain.add($0) }
    let text = progress.report(epoch(2, seconds: 12.4, recall: 0.1, improved: false))
    progress.finish()
    #expect(text.contains("best 0.2500 in 1  12 s/epoch  at most 0 s left"))
    #expect(live.all == ["\r\u{1B}[K\(text)", "\r\u{1B}[K"] && plain.all.isEmpty)
  }

  @Test(arguments: [(3, "9 s"), (1001, "16 min 47 s"), (10_000, "2 h 47 min")])
  func `counts the time left in units that say something`(epochs: Int, words: String) {
    var progress = TrainingProgress(
      epochs: epochs, metric: "recall@20", line: ProgressLine(isVisible: false)
    ) { _ in }
    let seconds = epochs == 3 ? 4.5 : 1.0070
    #expect(
      progress.report(epoch(1, seconds: seconds, recall: 0)).contains("at most \(words) left"))
  }

  @Test func `does not count to the end of time`() {
    var progress = TrainingProgress(
      epochs: .max, metric: "recall@20", line: ProgressLine(isVisible: false)
    ) { _ in }
    #expect(progress.report(epoch(1, seconds: 5, recall: 0)).hasSuffix("5.00 s/epoch"))
  }
}
