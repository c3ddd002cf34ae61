import LinearAlgebra
import Redundancy
import Statistics
import Testing

@Suite struct ContentOrderTests {
  private let streams = RandomStreams(seed: 2)

  private func order(_ cloud: Matrix<Float>, seed: UInt64 = 2) -> [Int] {
    contentOrder(cloud, purpose: "test", streams: RandomStreams(seed: seed))
  }

  @Test func `gives shuffled rows the same order`() {
    var cloud = MeasureWorlds.gaussian(600, 3, seed: 1)
    // Repeated rows too: one vector that many items share.
    for row in 0..<90 { for column in 0..<3 { cloud[row * 6, column] = 7 } }
    var generator = SeededGenerator(seed: 3)
    let shuffled = cloud.rows(generator.permutation(600))
    #expect(cloud.rows(order(cloud)) == shuffled.rows(order(shuffled)))
    #expect(order(cloud).sorted() == Array(0..<600))
    #expect(order(cloud) != order(cloud, seed: 4))
  }

  @Test func `gives a part of it its share of repeated rows`() {
    var cloud = MeasureWorlds.gaussian(4000, 2, seed: 5)
    for row in 0..<1000 { for column in 0..<2 { cloud[row, column] = 1 } }
    let repeated = order(cloud).prefix(400).count { $0 < 1000 }
    // 100 ± 8.2 of a random sample.
    #expect(abs(repeated - 100) < 30)
  }

  @Test func `does not follow the size of the elements`() throws {
    let cloud = MeasureWorlds.gaussian(2000, 1, seed: 6)
    let places = order(cloud).map(Double.init)
    let values = order(cloud).map { Double(cloud[$0, 0]) }
    #expect(abs(try #require(spearmanCorrelation((0..<2000).map(Double.init), places))) < 0.1)
    #expect(abs(try #require(spearmanCorrelation((0..<2000).map(Double.init), values))) < 0.1)
  }

  @Test func `takes both zeros for one value and no rows for none`() {
    let zeros = Matrix<Float>(rows: [[0, 1], [-0.0, 1], [5, 1]])
    let others = Matrix<Float>(rows: [[-0.0, 1], [0, 1], [5, 1]])
    #expect(order(zeros) == order(others))
    #expect(order(Matrix(rowCount: 0, columnCount: 2)).isEmpty)
  }
}
