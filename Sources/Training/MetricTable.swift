import LinearAlgebra

/// The metrics of one part, validation or test: each user's and their averages.
public struct MetricTable: Sendable, Equatable {
  /// What was measured; the columns of ``perUser``.
  public let keys: [MetricKey]
  /// Who was measured; the rows of ``perUser``.
  public let users: [Int32]
  /// users × keys, each in 0...1.
  public let perUser: Matrix<Double>
  /// The average of each key over users, not rounded.
  public let averages: [Double]

  /// - Parameter relevantCounts: p of each user, which `recall2` is weighted by.
  /// - Precondition: there is a count and a row for each user.
  package init(
    keys: [MetricKey], users: [Int32], relevantCounts: [Int], perUser: Matrix<Double>
  ) {
    precondition(
      relevantCounts.count == users.count && perUser.rowCount == users.count,
      "\(users.count) users, \(relevantCounts.count) counts and \(perUser.rowCount) rows")
    self.keys = keys
    self.users = users
    self.perUser = perUser
    var sums = [Double](repeating: 0, count: keys.count)
    let relevantTotal = Double(relevantCounts.reduce(0, +))
    let isPooled = keys.map { $0.metric == .recall2 }
    // Most users have no hit: to leave out their zeros changes no sum.
    for (row, count) in relevantCounts.enumerated() {
      let values = perUser.row(row)
      guard values.contains(where: { $0 != 0 }) else { continue }
      for (column, value) in values.enumerated() {
        sums[column] += value * (isPooled[column] ? Double(count) : 1)
      }
    }
    averages = zip(sums, isPooled).map { $0 / ($1 ? relevantTotal : Double(users.count)) }
  }

  /// The average of `key` over users, not rounded; nil if it was not measured.
  public subscript(key: MetricKey) -> Double? {
    keys.firstIndex(of: key).map { averages[$0] }
  }

  /// Each user's value of `key`, in the order of ``users``; nil if it was not measured.
  public func values(of key: MetricKey) -> [Double]? {
    keys.firstIndex(of: key).map { perUser.column($0) }
  }

  /// Averages by name, such as `recall@20`; not rounded.
  public var averagesByName: [String: Double] {
    Dictionary(zip(keys.map(\.description), averages)) { first, _ in first }
  }
}
