import LinearAlgebra
import Recommenders

/// Validation and test metrics of one state of a model.
public struct Evaluation: Sendable, Equatable {
  public let valid: MetricTable
  public let test: MetricTable

  public init(valid: MetricTable, test: MetricTable) {
    self.valid = valid
    self.test = test
  }
}

/// Evaluates representations by ranking all items for every user.
///
/// User u gives item i the score ⟨u, i⟩. All items compete, also those that never occur in
/// training, except the user's training items; equal scores rank by lower index. Validation items
/// are not left out of the test's ranking, so one ranking serves both parts.
///
/// - Reference: [Zhou23].
public struct Evaluator: Sendable {
  private let data: TrainingData
  private let metrics: RankingMetrics
  /// Users with something held out in either part, ascending.
  private let users: [Int32]
  /// What was held out from each of them.
  private let heldOut: ItemLists

  /// - Parameters:
  ///   - keys: What is measured.
  ///   - normalization: What the discounted gain is divided by in NDCG.
  public init(
    _ data: TrainingData, keys: [MetricKey] = MetricKey.standard,
    normalization: GainNormalization = .ideal
  ) {
    self.data = data
    metrics = RankingMetrics(keys, itemCount: data.itemCount, normalization: normalization)
    let users = Set(data.validation.users + data.test.users).sorted()
    var places = [Int32](repeating: -1, count: data.userCount)
    for (place, user) in users.enumerated() { places[Int(user)] = Int32(place) }
    let parts = [data.validation, data.test]
    heldOut = ItemLists(
      count: users.count,
      owners: parts.flatMap { part in
        part.users.indices.flatMap { row in
          part.items[row].map { _ in places[Int(part.users[row])] }
        }
      },
      items: parts.flatMap { $0.items.items })
    self.users = users
  }

  /// The metrics of both parts.
  ///
  /// - Shapes: users are n_u × d, items n_i × d.
  /// - Throws: ``EvaluationError``.
  /// - Complexity: at most 2·m·n_i·d operations for m evaluated users, in parallel over blocks of
  ///   users, each of whom meets items until the ranks that count are known; the same bits for every
  ///   thread count.
  public func evaluate(_ representations: Representations) throws(EvaluationError) -> Evaluation {
    let ranking = try FullSortRanking(representations, data)
    let validation = PartRecorder(data.validation, metrics, userCount: data.userCount)
    let test = PartRecorder(data.test, metrics, userCount: data.userCount)
    ranking.forEachRanks(users, of: heldOut, depth: metrics.depth) { place, ranks in
      guard ranks.contains(where: { $0 > 0 }) else { return }
      let ranked = zip(heldOut[place], ranks).filter { $0.1 > 0 }
        .map { (item: $0.0, rank: $0.1) }
      validation.record(ranked, user: users[place])
      test.record(ranked, user: users[place])
    }
    return Evaluation(valid: validation.table(), test: test.table())
  }

  /// The best `count` items of each of `chosen`, best first, without their training items; fewer
  /// where a user has fewer candidates.
  ///
  /// - Throws: ``EvaluationError``.
  public func topItems(
    for chosen: [Int], count: Int, in representations: Representations
  ) throws(EvaluationError) -> [[ScoredItem]] {
    guard (1...data.itemCount).contains(count) else {
      throw .countOutOfRange(count, itemCount: data.itemCount)
    }
    if let user = chosen.first(where: { !(0..<data.userCount).contains($0) }) {
      throw .unknownUser(user, userCount: data.userCount)
    }
    let ranking = try FullSortRanking(representations, data)
    guard !chosen.isEmpty else { return [] }
    var result = [[ScoredItem]](repeating: [], count: chosen.count)
    result.withUnsafeMutableBufferPointer { buffer in
      let lists = SharedBuffer(buffer)
      ranking.forEach(chosen.map { Int32($0) }, count: count) { place, best in
        lists.base[place] = best
      }
    }
    return result
  }
}

/// Takes down the metrics of one part, each user once, from any thread.
private final class PartRecorder: @unchecked Sendable {
  private let heldOut: HeldOutItems
  private let metrics: RankingMetrics
  /// Each user's row in the table, or -1.
  private let rows: [Int32]
  /// users × keys; a user's row is written by the one thread that ranks the user.
  private let values: UnsafeMutableBufferPointer<Double>

  init(_ heldOut: HeldOutItems, _ metrics: RankingMetrics, userCount: Int) {
    self.heldOut = heldOut
    self.metrics = metrics
    var rows = [Int32](repeating: -1, count: userCount)
    for (row, user) in heldOut.users.enumerated() { rows[Int(user)] = Int32(row) }
    self.rows = rows
    values = .allocate(capacity: heldOut.users.count * metrics.keys.count)
    values.initialize(repeating: 0)
  }

  deinit { values.deallocate() }

  func record(_ ranked: [(item: Int32, rank: Int)], user: Int32) {
    let row = Int(rows[Int(user)])
    guard row >= 0 else { return }
    let hitRanks = ranked.filter { heldOut.items.contains($0.item, in: row) }.map { $0.rank }
      .sorted()
    let found = metrics.values(hitRanks: hitRanks, relevantCount: heldOut.items[row].count)
    for (column, value) in found.enumerated() { values[row * found.count + column] = value }
  }

  func table() -> MetricTable {
    MetricTable(
      keys: metrics.keys, users: heldOut.users,
      relevantCounts: heldOut.users.indices.map { heldOut.items[$0].count },
      perUser: Matrix(
        rowCount: heldOut.users.count, columnCount: metrics.keys.count,
        elements: Array(values)))
  }
}
