import LinearAlgebra
import Synchronization
import Testing

@Suite("Parallel")
struct ParallelTests {
  @Test(arguments: [0, 1, 2, 3, 1000])
  func `visits every block once`(count: Int) {
    let visits = Mutex([Int](repeating: 0, count: count))
    Parallel.forEach(count) { block in visits.withLock { $0[block] += 1 } }
    #expect(visits.withLock { $0 } == [Int](repeating: 1, count: count))
  }

  @Test(arguments: [0, 1, 2, 500])
  func `maps in block order`(count: Int) {
    #expect(Parallel.map(count) { "\($0)" } == (0..<count).map(String.init))
  }

  @Test func `may be nested`() {
    let sums = Parallel.map(20) { outer in
      Parallel.map(30) { outer * $0 }.reduce(0, +)
    }
    #expect(sums == (0..<20).map { $0 * 435 })
  }

  @Test func `loops of several threads at once each visit every block once`() async {
    let isRight = await withTaskGroup(of: Bool.self) { group in
      for count in [2, 3, 40, 700] {
        group.addTask {
          (0..<2000).allSatisfy { round in
            Parallel.map(count) { $0 + round }.reduce(0, +)
              == count * (count - 1) / 2 + round * count
          }
        }
      }
      return await group.reduce(true) { $0 && $1 }
    }
    #expect(isRight)
  }

  @Test func `takes the number of threads it is given, and at least one`() async {
    let threads = Parallel.threadCount
    #expect(threads >= 1)
    await #expect(processExitsWith: .success) {
      Parallel.threadCount = 3
      precondition(Parallel.threadCount == 3)
    }
    await #expect(processExitsWith: .failure) { Parallel.threadCount = 0 }
  }

  @Test(arguments: [(0, 5), (1, 5), (5, 5), (11, 5), (12, 1)])
  func `cuts a count into blocks without gap or overlap`(count: Int, size: Int) {
    let grid = BlockGrid(count: count, size: size)
    let items = (0..<grid.blockCount).flatMap { Array(grid.range($0)) }
    #expect(items == Array(0..<count))
    for block in 0..<grid.blockCount {
      #expect((1...size).contains(grid.range(block).count))
    }
  }
}
