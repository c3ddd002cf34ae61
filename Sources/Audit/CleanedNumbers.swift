/// Headline numbers with all items and without the suspicious ones.
public struct CleanedNumbers: Codable, Sendable, Equatable {
  /// One number both ways.
  public struct Row: Codable, Sendable, Equatable {
    public let label: String
    public let all: Double
    public let cleaned: Double
    /// Standard error of the number with all items, where known.
    public let standardError: Double?
  }

  /// Number of items left out.
  public let removed: Int
  /// Number of items left.
  public let items: Int
  public let rows: [Row]
  /// What else is to be known of the comparison, each a sentence.
  public let notes: [String]

  init(removed: Int, items: Int, rows: [Row], notes: [String] = []) {
    self.removed = removed
    self.items = items
    self.rows = rows
    self.notes = notes
  }

  /// The numbers that both reports have.
  package init(removed: Int, items: Int, all: [HeadlineNumber], cleaned: [HeadlineNumber]) {
    let others = Dictionary(cleaned.map { ($0.label, $0.value) }, uniquingKeysWith: { $1 })
    self.init(
      removed: removed, items: items,
      rows: all.compactMap { number in
        others[number.label].map {
          Row(
            label: number.label, all: number.value, cleaned: $0,
            standardError: number.standardError)
        }
      })
  }
}
