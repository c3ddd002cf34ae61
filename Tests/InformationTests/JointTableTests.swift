import Information
import Testing

@Suite struct JointTableTests {
  @Test func `exclusive-or has minus one bit of redundancy`() {
    let table = JointTable.exclusiveOr
    #expect(table.modalities == 0)
    #expect(table.modalitiesGivenTask == 1)
    #expect(table.bracket == -1)
    #expect(table.jointTask == 1)
    #expect(table == InformationWorlds.exclusiveOr)
  }

  @Test func `three copies of a coin have one bit of redundancy`() {
    let table = InformationWorlds.redundant
    #expect(table.bracket == 1)
    #expect(table.modalitiesGivenTask == 0)
  }

  @Test func `sharing without a task is all in what remains given the task`() {
    // V = T, Y an independent coin.
    let table = JointTable(v: 2, t: 2, y: 2, weights: [1, 1, 0, 0, 0, 0, 1, 1])
    #expect(table.modalitiesGivenTask == 1)
    #expect(table.bracket == 0)
  }

  @Test func `marginals of a table of any shape are plain sums`() {
    let table = InformationWorlds.random(3, 4, 5, seed: 1)
    func p(_ v: Int, _ t: Int, _ y: Int) -> Double { table.probabilities[(v * 4 + t) * 5 + y] }
    for v in 0..<3 {
      for t in 0..<4 {
        let sum = (0..<5).reduce(0) { $0 + p(v, t, $1) }
        #expect(abs(table.modalityPairs[v * 4 + t] - sum) < 1e-15)
      }
      for y in 0..<5 {
        let sum = (0..<4).reduce(0) { $0 + p(v, $1, y) }
        #expect(abs(table.firstTaskPairs[v * 5 + y] - sum) < 1e-15)
      }
    }
    for t in 0..<4 {
      for y in 0..<5 {
        let sum = (0..<3).reduce(0) { $0 + p($1, t, y) }
        #expect(abs(table.secondTaskPairs[t * 5 + y] - sum) < 1e-15)
      }
    }
    #expect(abs(table.probabilities.reduce(0, +) - 1) < 1e-15)
    #expect(table.identityError < 1e-12)
  }
}
