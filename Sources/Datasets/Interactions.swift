/// Who interacted with what, and for which part of the protocol.
public struct Interactions: Sendable, Equatable {
  /// Users; ids are `0..<userCount`.
  public let userCount: Int
  /// Items; ids are `0..<itemCount`.
  public let itemCount: Int
  /// User of each interaction.
  public let users: [Int32]
  /// Item of each interaction.
  public let items: [Int32]
  /// 0 training, 1 validation, 2 test.
  public let splits: [UInt8]
  /// Rows of the file that belong to no part: they number users and items and are not kept.
  public let ignoredCount: Int

  public init(
    userCount: Int, itemCount: Int, users: [Int32], items: [Int32], splits: [UInt8],
    ignoredCount: Int = 0
  ) {
    precondition(
      users.count == items.count && users.count == splits.count,
      "\(users.count) users, \(items.count) items and \(splits.count) splits")
    self.userCount = userCount
    self.itemCount = itemCount
    self.users = users
    self.items = items
    self.splits = splits
    self.ignoredCount = ignoredCount
  }

  /// Number of interactions.
  public var count: Int { users.count }

  /// Share of user-item pairs without an interaction, 1 − interactions/(users·items).
  public var sparsity: Double {
    1 - Double(count) / (Double(userCount) * Double(itemCount))
  }

  /// Interactions in training, validation and test.
  public var splitCounts: [Int] {
    var counts = [0, 0, 0]
    for split in splits { counts[Int(split)] += 1 }
    return counts
  }

  /// The interactions with the items at `kept` (ascending), which become items 0, 1, ….
  ///
  /// Users keep their ids, even those left without an interaction.
  func keepingItems(_ kept: [Int]) -> Interactions {
    var newIDs = [Int32](repeating: -1, count: itemCount)
    for (new, old) in kept.enumerated() where old < itemCount { newIDs[old] = Int32(new) }
    let rows = items.indices.filter { newIDs[Int(items[$0])] >= 0 }
    return Interactions(
      userCount: userCount, itemCount: kept.count, users: rows.map { users[$0] },
      items: rows.map { newIDs[Int(items[$0])] }, splits: rows.map { splits[$0] },
      ignoredCount: ignoredCount)
  }
}
