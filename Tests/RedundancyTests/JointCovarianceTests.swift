import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite("Joint covariance")
struct JointCovarianceTests {
  @Test func `holds the covariances of both modalities and of the pair`() throws {
    let x = MeasureWorlds.mapped(MeasureWorlds.gaussian(700, 30, seed: 91)) { value, column in
      value + 10 * Double(column)
    }
    let y = MeasureWorlds.gaussian(700, 8, seed: 92)
    let joint = try JointCovariance(between: x, and: y)
    #expect((joint.first - covariance(x)).maximumMagnitude < 1e-6)
    #expect((joint.second - covariance(y)).maximumMagnitude < 1e-6)
    #expect(joint.cross == crossCovariance(x, y).matrix)
    let trace = (0..<30).reduce(0) { $0 + joint.first[$1, $1] }
    #expect(abs(joint.firstEnergies.reduce(0, +) / 700 - trace) < 1e-5)
    #expect(joint.secondEnergies.count == 700)
  }

  @Test func `needs items that line up`() {
    #expect(throws: RedundancyError.itemCountMismatch(first: 9, second: 8)) {
      try JointCovariance(
        between: MeasureWorlds.gaussian(9, 2, seed: 1), and: MeasureWorlds.gaussian(8, 2, seed: 1))
    }
    #expect(throws: RedundancyError.tooFewItems(count: 2, needed: 3)) {
      try JointCovariance(
        between: MeasureWorlds.gaussian(2, 2, seed: 1), and: MeasureWorlds.gaussian(2, 2, seed: 1))
    }
  }
}
