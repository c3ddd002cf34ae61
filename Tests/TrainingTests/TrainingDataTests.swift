import Datasets
import Testing
import Training

@Suite("Training data")
struct TrainingDataTests {
  /// User 3 has no training row, user 4 no row at all, item 5 is only held out.
  static let rows: [(Int32, Int32, UInt8)] = [
    (2, 4, 0), (0, 1, 0), (2, 5, 2), (2, 0, 0), (0, 0, 1), (0, 2, 2), (1, 1, 0), (3, 1, 2),
    (2, 1, 1), (1, 4, 2), (3, 0, 1), (0, 4, 2),
  ]
  static let world = TrainingWorlds.interactions(users: 5, items: 6, rows)

  @Test func `keep training rows in order and lists sorted`() throws {
    let data = try TrainingData(Self.world)
    #expect(data.userCount == 5 && data.itemCount == 6)
    #expect(data.trainingUsers == [2, 0, 2, 1] && data.trainingItems == [4, 1, 0, 1])
    #expect((0..<5).map { Array(data.itemsByUser[$0]) } == [[1], [1], [0, 4], [], []])
    #expect(data.distinctItems == [0, 1, 4])
  }

  @Test func `list evaluated users in order of first appearance, without cold ones`() throws {
    let data = try TrainingData(Self.world)
    #expect(data.validation.users == [0, 2] && data.test.users == [2, 0, 1])
    #expect((0..<3).map { Array(data.test.items[$0]) } == [[5], [2, 4], [4]])
    #expect(
      data.notes == [
        "2 validation and test interactions of 1 users without a training interaction were dropped"
      ])
  }

  @Test func `without the filter refuse to evaluate a cold user`() {
    #expect(throws: TrainingDataError.coldUser(user: 3, .validation)) {
      try TrainingData(Self.world, filterColdStart: false)
    }
  }

  @Test func `without the filter are the same where nobody is cold`() throws {
    let warm = TrainingWorlds.interactions(users: 5, items: 6, Self.rows.filter { $0.0 != 3 })
    let data = try TrainingData(warm, filterColdStart: false)
    #expect(try data == TrainingData(warm))
    #expect(data.notes.isEmpty)
  }

  @Test(arguments: [Split.training, .validation, .test])
  func `need every part`(split: Split) {
    let rest = Self.rows.filter { $0.2 != split.rawValue }
    #expect(throws: TrainingDataError.empty(split, dropped: 0)) {
      try TrainingData(TrainingWorlds.interactions(users: 5, items: 6, rest))
    }
  }

  @Test func `say that a part consists of cold users`() {
    let rows: [(Int32, Int32, UInt8)] = [(0, 0, 0), (0, 1, 2), (1, 2, 0), (2, 1, 1), (3, 0, 1)]
    let error = TrainingDataError.empty(.validation, dropped: 2)
    #expect(throws: error) {
      try TrainingData(TrainingWorlds.interactions(users: 4, items: 3, rows))
    }
    #expect(
      error.description
        == "all 2 validation interactions are of users without a training interaction and were "
        + "dropped; label some rows of these users 0")
  }

  @Test func `refuse a user who leaves no negative`() {
    let rows: [(Int32, Int32, UInt8)] = [
      (0, 0, 0), (1, 0, 0), (1, 2, 0), (0, 1, 1), (1, 1, 2),
    ]
    #expect(throws: TrainingDataError.noNegative(user: 1, items: 2)) {
      try TrainingData(TrainingWorlds.interactions(users: 2, items: 3, rows))
    }
  }

  @Test(
    .enabled(if: RealInteractions.areThere, "needs the real data sets"),
    arguments: [
      ("baby", 118_551, 7_048, 19_445, 19_445), ("sports", 218_409, 18_344, 35_598, 35_598),
      ("tiktok", 59_541, 6_245, 3_046, 6_125),
    ])
  func `have the sizes of the real sets`(
    name: String, training: Int, distinct: Int, validation: Int, test: Int
  ) throws {
    let data = try TrainingData(RealInteractions.load(name))
    #expect(data.trainingUsers.count == training && data.distinctItems.count == distinct)
    #expect(data.validation.users.count == validation && data.test.users.count == test)
    #expect(data.notes.isEmpty == (name != "tiktok"))
  }
}
