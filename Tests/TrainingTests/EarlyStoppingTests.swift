import Foundation
import Testing
import Training

@Suite("Early stopping")
struct EarlyStoppingTests {
  /// The epoch after which training ends, and what it ends with.
  func run(_ values: [Double], patience: Int = 20) -> (epochs: Int, state: EarlyStopping.State) {
    var stopping = EarlyStopping(patience: patience)
    for (index, value) in values.enumerated() {
      stopping.record(value, epoch: index + 1)
      if stopping.shouldStop { return (index + 1, stopping.state) }
    }
    return (values.count, stopping.state)
  }

  @Test func `comes with the 21st evaluation that is no better`() {
    let (epochs, state) = run([0.01, 0.02] + [Double](repeating: 0.01, count: 50))
    #expect(epochs == 23 && state.bestEpoch == 2 && state.bestValue == 0.02)
    #expect(run([0.5, 0.5], patience: 0).epochs == 2)
  }

  @Test func `does not take a tie for an improvement, nor a gain that rounds away`() {
    var values = (1...31).map { Double($0) / 31 * 0.0957 }
    values += [Double](repeating: 0.09, count: 40)
    // LGMRec's log on Baby: best 0.0957 in epoch 31, again in epoch 38, end after epoch 52.
    values[37] = 0.09574
    let (epochs, state) = run(values)
    #expect(epochs == 52 && state.bestEpoch == 31 && state.bestValue == 0.0957)
    // Half of the last decimal more is an improvement.
    values[37] = 0.09576
    #expect(run(values).epochs == 59)
  }

  @Test func `tells an improvement, the first value included`() {
    var stopping = EarlyStopping(patience: 3)
    #expect([0, 0, 0.1, 0.05, 0.2].enumerated().map { stopping.record($1, epoch: $0 + 1) } == [
      true, false, true, false, true,
    ])
    #expect(stopping.state.badEvaluations == 0 && !stopping.shouldStop)
  }

  @Test func `goes on from a stored state as if it had not been interrupted`() throws {
    let values = (0..<60).map { 0.05 + 0.01 * sin(Double($0) / 4) }
    let whole = run(values, patience: 9)
    var stopping = EarlyStopping(patience: 9)
    var epoch = 0
    while !stopping.shouldStop {
      stopping.record(values[epoch], epoch: epoch + 1)
      epoch += 1
      let stored = try JSONEncoder().encode(stopping.state)
      stopping = EarlyStopping(
        patience: 9, state: try JSONDecoder().decode(EarlyStopping.State.self, from: stored))
    }
    #expect(epoch == whole.epochs && stopping.state == whole.state)
  }

  @Test func `counts a value that is no number as bad`() {
    var stopping = EarlyStopping(patience: 0)
    #expect(!stopping.record(.nan, epoch: 1) && stopping.shouldStop)
  }
}
