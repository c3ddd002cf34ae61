import Foundation
import Information
import LinearAlgebra
import Statistics
import Testing

@Suite("Co-information")
struct CoInformationTests {
  @Test func `is positive for redundancy, negative for synergy and zero for unique bits`() {
    #expect(CoInformation(InformationWorlds.redundant).coInformation == 1)
    #expect(CoInformation(InformationWorlds.exclusiveOr).coInformation == -1)
    #expect(CoInformation(InformationWorlds.unique).coInformation == 0)
    #expect(CoInformation(InformationWorlds.copy).coInformation == 0)
    // R 0.3113 and S 0.5 of the AND gate.
    let and = CoInformation(InformationWorlds.and)
    #expect(abs(and.coInformation - (0.3112781244591328 - 0.5)) < 1e-12)
    #expect(abs(and.jointTask - 0.8112781244591328) < 1e-15)
  }

  @Test func `obeys the chain rule on random tables`() {
    for seed in 0..<50 as Range<UInt64> {
      let table = InformationWorlds.random(3, 4, 2, exponent: 4, seed: seed)
      let information = CoInformation(table)
      let other = information.firstTask + information.secondTask - information.jointTask
      #expect(abs(information.coInformation - other) < 1e-13)
      #expect(information.jointTask >= max(information.firstTask, information.secondTask) - 1e-14)
    }
  }

  /// The mean of many small samples of an independent table is its excess.
  @Test func `has a Miller–Madow excess that small samples confirm`() {
    let (v, t, y, n) = (3, 4, 2, 200)
    var means = [Double](repeating: 0, count: 5)
    var excesses = means
    let samples = 400
    for seed in 0..<UInt64(samples) {
      var generator = SeededGenerator(seed: seed)
      var counts = [Double](repeating: 0, count: v * t * y)
      for _ in 0..<n {
        let cell = (generator.index(below: v) * t + generator.index(below: t)) * y
        counts[cell + generator.index(below: y)] += 1
      }
      let table = JointTable(v: v, t: t, y: y, weights: counts)
      for (index, pair) in zip(
        fields(CoInformation(table)), fields(CoInformation.excess(in: table, itemCount: n))
      ).enumerated() {
        means[index] += pair.0 / Double(samples)
        excesses[index] += pair.1 / Double(samples)
      }
    }
    for (mean, excess) in zip(means, excesses) {
      #expect(excess > 0)
      #expect(abs(mean - excess) < 0.1 * excess)
    }
    // All cells occupied: ((v − 1)(t − 1))/(2n ln 2).
    #expect(abs(excesses[0] - 6 / (400 * log(2))) < 1e-9)
  }

  @Test func `less its excess is the difference field by field`() {
    let table = InformationWorlds.random(2, 3, 2, seed: 3)
    let information = CoInformation(table)
    let excess = CoInformation.excess(in: table, itemCount: 50)
    let difference = information.subtracting(excess)
    for (index, value) in fields(difference).enumerated() {
      #expect(value == fields(information)[index] - fields(excess)[index])
    }
    #expect(
      abs(difference.coInformation - (information.coInformation - excess.coInformation)) < 1e-15)
  }

  private func fields(_ value: CoInformation) -> [Double] {
    [
      value.modalities, value.firstTask, value.secondTask, value.jointTask,
      value.modalitiesGivenTask,
    ]
  }
}
