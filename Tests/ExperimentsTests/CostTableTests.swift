import Experiments
import Testing
import Training

@Suite("Table of costs")
struct CostTableTests {
  func record(_ epoch: Int, training: Double, projection: Double = 0.5) -> EpochRecord {
    EpochRecord(
      epoch: epoch, improved: false, learningRate: 0, losses: [:], valid: nil, test: nil,
      seconds: .init(training: training, evaluation: 2, projection: projection, redundancy: 9),
      redundancy: nil)
  }

  @Test func `the median leaves out the first epoch`() {
    let cost = SystemCost(
      [100, 3, 1, 2].enumerated().map { record($0 + 1, training: $1) }, peakMemory: 7)
    #expect(cost.seconds.training == 2 && cost.epochs == 3 && cost.peakMemory == 7)
    #expect(SystemCost([record(1, training: 4)], peakMemory: 0).seconds.training == 4)
    let even = SystemCost(
      [9, 1, 2].enumerated().map { record($0 + 1, training: $1) }, peakMemory: 0)
    #expect(even.seconds.training == 1.5)
  }

  @Test func `stands beside what was published`() {
    let cost = SystemCost([record(1, training: 1.25)], peakMemory: 300 * 1_048_576)
    let table = CostTable(
      dataset: "baby", seed: 1, threads: 2,
      rows: [
        .init(Trial("MF-BPR", model: "mf-bpr"), cost),
        .init(Trial("own", model: "vbpr"), nil, problem: "own needs ears"),
      ])
    let lines = table.printed.markdown.split(separator: "\n")
    #expect(lines[2] == "| MF-BPR | 1.250 | 0.500 | 2.000 | 1.750 | 300 | 0.86 | 1.59 |")
    #expect(lines[3] == "| own | – | – | – | – | – |  |  |")
    #expect(table.missing == ["own: own needs ears."])
    #expect(table.csv.contains("MF-BPR,baby,2,1,1.25,0.5,2.0,314572800,0.86,1.59,\r\n"))
    #expect(table.markdown(command: "make").contains("- own: own needs ears."))
  }
}
