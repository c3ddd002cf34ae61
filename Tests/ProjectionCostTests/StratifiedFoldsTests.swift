import ProjectionCost
import Statistics
import Testing

@Suite("Stratified folds")
struct StratifiedFoldsTests {
  @Test(arguments: [1, 2, 5])
  func `spread every class evenly`(count: Int) {
    var generator = SeededGenerator(seed: 1)
    let labels = (0..<203).map { _ in 3 * generator.index(below: 7) - 4 }
    let folds = stratifiedFolds(labels: labels, count: count, streams: RandomStreams(seed: 2))
    func isEven(_ items: [Int]) -> Bool {
      let sizes = (0..<count).map { fold in items.count { folds[$0] == fold } }
      return (sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1
    }
    #expect(isEven(Array(labels.indices)))
    for label in Set(labels) { #expect(isEven(labels.indices.filter { labels[$0] == label })) }
  }

  @Test func `spread classes of single items`() {
    let folds = stratifiedFolds(
      labels: Array(0..<10), count: 5, streams: RandomStreams(seed: 2))
    for fold in 0..<5 { #expect(folds.count { $0 == fold } == 2) }
  }

  @Test func `are drawn by the seed`() {
    let labels = (0..<60).map { $0 % 3 }
    func folds(_ seed: UInt64) -> [Int] {
      stratifiedFolds(labels: labels, count: 5, streams: RandomStreams(seed: seed))
    }
    #expect(folds(1) == folds(1))
    #expect(folds(1) != folds(2))
    #expect(stratifiedFolds(labels: [], count: 5, streams: RandomStreams(seed: 1)).isEmpty)
  }
}
