import Foundation
import Information
import LinearAlgebra
import Statistics
import Testing

@Suite struct InformationSplitTests {
  private let streams = RandomStreams(seed: 17)

  /// Rows around one of two opposite points.
  private func coins(_ sides: [Int], seed: UInt64) -> Matrix<Float> {
    var generator = SeededGenerator(seed: seed)
    return Matrix(
      rows: sides.map { side in
        generator.normals(5).map { Float((side == 0 ? -1 : 1) + 0.1 * $0) }
      })
  }

  private func sides(_ n: Int, seed: UInt64) -> [Int] {
    var generator = SeededGenerator(seed: seed)
    return (0..<n).map { _ in generator.index(below: 2) }
  }

  private func split(_ v: [Int], _ t: [Int], _ y: [Int]) throws -> InformationSplit {
    let views = try DiscreteViews(
      clustering: coins(v, seed: 100), and: coins(t, seed: 200), clusterCount: 2,
      streams: streams)
    return try InformationSplit(
      views, about: DiscreteTask(labels: y, name: "coin"), permutations: 99, streams: streams)
  }

  @Test func `of features that show one coin is redundant`() throws {
    let coin = sides(400, seed: 1)
    let result = try split(coin, coin, coin)
    #expect(abs(result.parts.redundant - 1) < 0.01)
    #expect(result.information.coInformation > 0.99)
    #expect(try #require(result.shared).pValue == 0.01)
    #expect(result.itemCount == 400)
  }

  @Test func `of features whose exclusive-or is the task is synergistic`() throws {
    let (a, b) = (sides(400, seed: 2), sides(400, seed: 3))
    let result = try split(a, b, zip(a, b).map { $0 ^ $1 })
    #expect(result.parts.synergistic > 0.97)
    #expect(result.information.coInformation < -0.97)
    #expect(try #require(result.shared).pValue > 0.05)
  }

  @Test func `of one telling modality is unique to it`() throws {
    let (a, b) = (sides(400, seed: 4), sides(400, seed: 5))
    let result = try split(a, b, a)
    #expect(result.parts.uniqueFirst > 0.97)
    #expect(result.parts.uniqueSecond < 0.01)
  }

  @Test func `says how it was made and how much sampling adds`() throws {
    let coin = sides(100, seed: 6)
    let result = try split(coin, coin, coin)
    #expect(result.discretization.contains("2 clusters") && result.task == "coin")
    #expect(result.biasNote.contains("100 items in 2 x 2 x 2 cells"))
    #expect(result.biasNote.contains("Miller–Madow"))
    let excess = result.information.subtracting(result.corrected)
    #expect(abs(excess.modalities - -1 / (200 * log(2))) < 1e-12)
    #expect(
      try JSONDecoder().decode(
        InformationSplit.self, from: JSONEncoder().encode(result)) == result)
  }

  @Test func `counts only items with a value of the task`() throws {
    let coin = sides(60, seed: 7)
    let labels = coin.enumerated().map { $0 % 3 == 0 ? -1 : $1 }
    #expect(try split(coin, coin, labels).itemCount == 40)
    let views = try DiscreteViews(
      clustering: coins(coin, seed: 1), and: coins(coin, seed: 2), streams: streams)
    #expect(throws: InformationError.empty) {
      try InformationSplit(
        views, about: DiscreteTask(labels: Array(repeating: -1, count: 60), name: "none"),
        streams: streams)
    }
    #expect(throws: InformationError.taskCountMismatch(entries: 2, items: 60)) {
      try InformationSplit(
        views, about: DiscreteTask(labels: [1, 2], name: "short"), streams: streams)
    }
  }

  @Test func `of one item or one class is nothing`() throws {
    for n in [1, 2, 3] {
      let result = try split(sides(n, seed: 8).map { _ in 0 }, Array(0..<n).map { $0 % 2 },
        Array(repeating: 0, count: n))
      #expect(result.parts.redundant == 0 && result.parts.synergistic == 0)
    }
  }

  @Test func `has the same bits for any number of threads`() throws {
    let coin = sides(300, seed: 9)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let one = try split(coin, coin, coin)
    Parallel.threadCount = 3
    #expect(try split(coin, coin, coin) == one)
  }
}
