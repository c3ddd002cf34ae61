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
  private let validation: Part
  private let test: Part

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
    validation = Part(data.validation, userCount: data.userCount)
    test = Part(data.test, userCount: data.userCount)
  }

  /// The metrics of both parts.
  ///
  /// - Shapes: users are n_u × d, items n_i × d.
  /// - Throws: ``EvaluationError``.
  /// - Complexity: at most 2·m·n_i·d operations for m evaluated users, in parallel over blocks of
  ///   users, each of whom meets items until the ranks that count are known; the same bits for
  ///   every thread count.
  public func evaluate(_ representations: Representations) throws(EvaluationError) -> Evaluation {
    let ranking = try FullSortRanking(representations, data)
    var values = (validation.zeros(metrics), test.zeros(metrics))
    values.0.withUnsafeMutableBufferPointer { first in
      values.1.withUnsafeMutableBufferPointer { second in
        nonisolated(unsafe) let rows = (first, second)
        ranking.forEachRanks(users, of: heldOut, depth: metrics.depth) { place, ranks in
          let ranked = zip(heldOut[place], ranks).filter { $0.1 > 0 }
            .map { (item: $0.0, rank: $0.1) }
          validation.record(ranked, user: users[place], metrics, into: rows.0)
          test.record(ranked, user: users[place], metrics, into: rows.1)
        }
      }
    }
    return Evaluation(
      valid: validation.table(values.0, metrics), test: test.table(values.1, metrics))
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

/// One part of what is held out, and where the metrics of its users go: users × keys, a user's row
/// written by the one thread that ranks the user.
private struct Part: Sendable {
  private let heldOut: HeldOutItems
  /// Each user's row in the table, or -1.
  private let rows: [Int32]
  private let relevantCounts: [Int]

  init(_ heldOut: HeldOutItems, userCount: Int) {
    self.heldOut = heldOut
    var rows = [Int32](repeating: -1, count: userCount)
    for (row, user) in heldOut.users.enumerated() { rows[Int(user)] = Int32(row) }
    self.rows = rows
    relevantCounts = heldOut.users.indices.map { heldOut.items[$0].count }
  }

  func zeros(_ metrics: RankingMetrics) -> [Double] {
    [Double](repeating: 0, count: heldOut.users.count * metrics.keys.count)
  }

  func record(
    _ ranked: [(item: Int32, rank: Int)], user: Int32, _ metrics: RankingMetrics,
    into values: UnsafeMutableBufferPointer<Double>
  ) {
    let row = Int(rows[Int(user)])
    guard row >= 0 else { return }
    let hitRanks = ranked.filter { heldOut.items.contains($0.item, in: row) }.map { $0.rank }
      .sorted()
    guard !hitRanks.isEmpty else { return }
    let found = metrics.values(hitRanks: hitRanks, relevantCount: relevantCounts[row])
    for (column, value) in found.enumerated() { values[row * found.count + column] = value }
  }

  func table(_ values: [Double], _ metrics: RankingMetrics) -> MetricTable {
    MetricTable(
      keys: metrics.keys, users: heldOut.users, relevantCounts: relevantCounts,
      perUser: Matrix(
        rowCount: heldOut.users.count, columnCount: metrics.keys.count, elements: values))
  }
}
