import Datasets
import LinearAlgebra
import Recommenders
import Statistics
import Testing
import Training

@Suite("Evaluator")
struct EvaluatorTests {
  /// The definition: all candidates sorted, ties by lower index, metrics from flags.
  func plainRanking(_ representations: Representations, _ data: TrainingData, user: Int) -> [Int] {
    let scores = (0..<data.itemCount).map { item in
      zip(representations.users.row(user), representations.items.row(item)).reduce(Float(0)) {
        $0 + $1.0 * $1.1
      }
    }
    return (0..<data.itemCount).filter { !data.itemsByUser.contains(Int32($0), in: user) }
      .sorted { (scores[$0], $1) > (scores[$1], $0) }
  }

  func plainTable(
    _ representations: Representations, _ data: TrainingData, _ heldOut: HeldOutItems,
    _ metrics: RankingMetrics
  ) -> [[Double]] {
    heldOut.users.indices.map { row in
      let ranking = plainRanking(representations, data, user: Int(heldOut.users[row]))
      let ranks = ranking.prefix(50).indices.filter {
        heldOut.items[row].contains(Int32(ranking[$0]))
      }
      return metrics.values(hitRanks: ranks.map { $0 + 1 }, relevantCount: heldOut.items[row].count)
    }
  }

  @Test(arguments: [
    (300, 1100, 9, 3), (513, 512, 40, 64), (20, 60, 14, 1), (5, 16, 10, 7), (60, 2600, 30, 5),
  ])
  func `equals a full sort, ties by lower index`(
    users: Int, items: Int, degree: Int, width: Int
  ) throws {
    let data = try TrainingWorlds.random(users: users, items: items, degree: degree, seed: 11)
    try expectFullSort(
      of: TrainingWorlds.exactRepresentations(users: users, items: items, width: width, seed: 12),
      data)
  }

  @Test(arguments: [1, 2, 5, 40])
  func `equals a full sort where the longest items settle most users`(width: Int) throws {
    let (users, items) = (300, 1900)
    let data = try TrainingWorlds.random(users: users, items: items, degree: 12, seed: 23)
    let equal = TrainingWorlds.exactRepresentations(
      users: users, items: items, width: width, seed: 24)
    var scaled = equal.items
    // Powers of two keep scores exact; with one column the bound is the score itself.
    for item in 0..<items {
      let length = Float(sign: .plus, exponent: -(item * 7 % 23), significand: 1)
      for column in 0..<width { scaled[item, column] *= length }
    }
    try expectFullSort(of: Representations(users: equal.users, items: scaled), data)
  }

  func expectFullSort(of representations: Representations, _ data: TrainingData) throws {
    let (users, items) = (data.userCount, data.itemCount)
    let metrics = RankingMetrics(MetricKey.standard, itemCount: items)
    let found = try Evaluator(data).evaluate(representations)
    for (table, heldOut) in [(found.valid, data.validation), (found.test, data.test)] {
      let expected = plainTable(representations, data, heldOut, metrics)
      #expect(table.users == heldOut.users && table.keys == MetricKey.standard)
      #expect(table.perUser.elements == expected.flatMap { $0 })
      for column in table.keys.indices {
        #expect(table.averages[column] == mean(expected.map { $0[column] }))
      }
    }
    let top = try Evaluator(data).topItems(
      for: Array(0..<users), count: items, in: representations)
    for user in 0..<users {
      #expect(top[user].map(\.item) == plainRanking(representations, data, user: user))
    }
  }

  @Test func `has the same bits for any number of threads and any company`() throws {
    let data = try TrainingWorlds.random(users: 700, items: 900, degree: 12, seed: 13)
    var generator = SeededGenerator(seed: 14)
    func table(_ rows: Int) -> Matrix<Float> {
      Matrix(
        rowCount: rows, columnCount: 48, elements: generator.normals(rows * 48).map { Float($0) })
    }
    let representations = Representations(users: table(700), items: table(900))
    let evaluator = Evaluator(data)
    let threads = Parallel.threadCount
    defer { Parallel.threadCount = threads }
    Parallel.threadCount = 1
    let one = try evaluator.evaluate(representations)
    let lists = try evaluator.topItems(
      for: Array(0..<700), count: 10, in: representations)
    for count in [2, 5] {
      Parallel.threadCount = count
      #expect(try evaluator.evaluate(representations) == one)
      #expect(
        try evaluator.topItems(for: [699, 3, 3], count: 10, in: representations)
          == [lists[699], lists[3], lists[3]])
    }
  }

  @Test func `leaves out training items in both parts and validation items in neither`() throws {
    // The user scores items in their order: 0 and 1 are training, 2 validation, 3 test.
    let world = TrainingWorlds.interactions(
      users: 2, items: 5, [(0, 0, 0), (0, 1, 0), (0, 2, 1), (0, 3, 2), (1, 4, 0)])
    let representations = Representations(
      users: Matrix(rows: [[1], [0]]), items: Matrix(rows: [[9], [8], [7], [6], [5]]))
    let keys = MetricKey.all([.precision, .ndcg], at: [1, 2])
    let found = try Evaluator(TrainingData(world), keys: keys).evaluate(representations)
    #expect(found.valid.averages == [1, 0.5, 1, 1])
    #expect(found.test.averages[0] == 0 && found.test.averages[1] == 0.5)
    #expect(found.test.users == [0])
  }

  @Test func `lists what to recommend, with scores`() throws {
    let world = TrainingWorlds.interactions(
      users: 3, items: 4, [(0, 3, 0), (0, 1, 1), (0, 2, 2), (1, 0, 0)])
    let evaluator = Evaluator(try TrainingData(world))
    let representations = Representations(
      users: Matrix(rows: [[2], [-1], [0]]), items: Matrix(rows: [[1], [3], [2], [4]]))
    let lists = try evaluator.topItems(for: [1, 0, 2], count: 4, in: representations)
    #expect(lists[0] == [(2, -2), (1, -3), (3, -4)].map { ScoredItem(item: $0.0, score: $0.1) })
    #expect(lists[1].map(\.item) == [1, 2, 0] && lists[1].map(\.score) == [6, 4, 2])
    // A user without training items may have any; equal scores rank by index.
    #expect(lists[2].map(\.item) == [0, 1, 2, 3])
    #expect(try evaluator.topItems(for: [], count: 2, in: representations).isEmpty)
    #expect(throws: EvaluationError.unknownUser(3, userCount: 3)) {
      try evaluator.topItems(for: [0, 3], count: 2, in: representations)
    }
    for count in [0, 5] {
      #expect(throws: EvaluationError.countOutOfRange(count, itemCount: 4)) {
        try evaluator.topItems(for: [0], count: count, in: representations)
      }
    }
  }

  @Test func `refuses what has no ranking`() throws {
    let data = try TrainingWorlds.random(users: 30, items: 20, degree: 5, seed: 15)
    let evaluator = Evaluator(data)
    let good = TrainingWorlds.exactRepresentations(users: 30, items: 20, width: 4, seed: 16)
    func error(_ change: (inout Matrix<Float>, inout Matrix<Float>) -> Void) -> EvaluationError? {
      var (users, items) = (good.users, good.items)
      change(&users, &items)
      do throws(EvaluationError) {
        _ = try evaluator.evaluate(Representations(users: users, items: items))
        return nil
      } catch { return error }
    }
    #expect(error { _, _ in } == nil)
    #expect(error { users, _ in users[17, 2] = .nan } == .nonFinite(.users, row: 17))
    #expect(error { _, items in items[19, 0] = -.infinity } == .nonFinite(.items, row: 19))
    #expect(
      error { users, items in
        users[4, 1] = 1e25
        items[0, 1] = 1e25
      } == .overflow(user: 4))
    #expect(error { users, _ in users[4, 1] = 1e37 } == nil)
    #expect(
      error { users, _ in users = users.stacked(above: users) }
        == .rowCountMismatch(.users, rows: 60, expected: 30))
    #expect(
      error { _, items in items = Matrix(rowCount: 19, columnCount: 4) }
        == .rowCountMismatch(.items, rows: 19, expected: 20))
  }

  @Test func `ranks items of equal content by index, wherever they stand`() throws {
    let data = try TrainingWorlds.random(users: 40, items: 1300, degree: 5, seed: 18)
    var generator = SeededGenerator(seed: 19)
    // Copies of one item are 100 rows apart, which is a different place in each tile.
    let contents = (0..<100).map { _ in generator.normals(50).map { Float($0) } }
    let representations = Representations(
      users: Matrix(rows: (0..<40).map { _ in generator.normals(50).map { Float($0) } }),
      items: Matrix(rows: (0..<1300).map { contents[$0 % 100] }))
    let lists = try Evaluator(data).topItems(
      for: Array(0..<40), count: 60, in: representations)
    for list in lists {
      for (better, worse) in zip(list, list.dropFirst())
      where better.item % 100 == worse.item % 100 {
        #expect(better.item < worse.item && better.score == worse.score)
      }
      #expect(Set(list.map { $0.item % 100 }).count <= 6)
    }
  }

  @Test func `ranks items by index where a model tells none apart`() throws {
    let data = try TrainingWorlds.random(users: 10, items: 80, degree: 6, seed: 17)
    let zero = Representations(
      users: Matrix(rowCount: 10, columnCount: 3), items: Matrix(rowCount: 80, columnCount: 3))
    let lists = try Evaluator(data).topItems(for: [4], count: 50, in: zero)
    let expected = (0..<80).filter { !data.itemsByUser.contains(Int32($0), in: 4) }.prefix(50)
    #expect(lists[0].map(\.item) == Array(expected))
  }

  @Test(arguments: [0, 1e-7, 1e-6, 1] as [Float])
  func `ranks items whose scores round alike by their exact scores`(spread: Float) throws {
    let (users, items, width) = (300, 700, 33)
    let data = try TrainingWorlds.random(users: users, items: items, degree: 12, seed: 21)
    var generator = SeededGenerator(seed: 22)
    let base = generator.normals(width).map { Float($0) }
    let representations = Representations(
      users: Matrix(
        rowCount: users, columnCount: width,
        elements: generator.normals(users * width).map { Float($0) }),
      items: Matrix(
        rowCount: items, columnCount: width,
        elements: generator.normals(items * width).enumerated().map {
          base[$0.offset % width] * (1 + spread * Float($0.element))
        }))
    let found = try Evaluator(data).evaluate(representations)
    let metrics = RankingMetrics(MetricKey.standard, itemCount: items)
    for (table, heldOut) in [(found.valid, data.validation), (found.test, data.test)] {
      for (row, user) in heldOut.users.enumerated() {
        let scores = (0..<items).map { item in
          VectorKernels.dot(
            Array(representations.users.row(Int(user))), Array(representations.items.row(item)),
            count: width)
        }
        let ranking = (0..<items)
          .filter { !data.itemsByUser.contains(Int32($0), in: Int(user)) }
          .sorted { (scores[$0], $1) > (scores[$1], $0) }
        let ranks = (1...50).filter { heldOut.items[row].contains(Int32(ranking[$0 - 1])) }
        #expect(
          Array(table.perUser.row(row))
            == metrics.values(hitRanks: ranks, relevantCount: heldOut.items[row].count))
      }
    }
  }
}
