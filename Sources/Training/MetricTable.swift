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
  package init(
    keys: [MetricKey], users: [Int32], relevantCounts: [Int], perUser: Matrix<Double>
  ) {
    self.keys = keys
    self.users = users
    self.perUser = perUser
    var sums = [Double](repeating: 0, count: keys.count)
    let relevantTotal = Double(relevantCounts.reduce(0, +))
    let isPooled = keys.map { $0.metric == .recall2 }
    for row in users.indices {
      for column in keys.indices {
        sums[column] += perUser[row, column] * (isPooled[column] ? Double(relevantCounts[row]) : 1)
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
