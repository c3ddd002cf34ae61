import Datasets

/// Users to evaluate and the items that were held out from them.
public struct HeldOutItems: Sendable, Equatable {
  /// The users in order of first appearance, each once.
  public let users: [Int32]
  /// The items of `users[k]` as list k; none is empty.
  public let items: ItemLists

  /// - Precondition: user ids are in `0..<userCount`.
  init(userCount: Int, users: [Int32], items: [Int32]) {
    var positions = [Int32](repeating: -1, count: userCount)
    var distinct: [Int32] = []
    for user in users where positions[Int(user)] < 0 {
      positions[Int(user)] = Int32(distinct.count)
      distinct.append(user)
    }
    self.users = distinct
    self.items = ItemLists(
      count: distinct.count, owners: users.map { positions[Int($0)] }, items: items)
  }
}

/// Interactions as training and evaluation use them.
///
/// T_u, the training items of user u, teach the model and leave the ranking; the items held out
/// for validation and test are what the ranking should find. Items that never occur in training
/// stay among the candidates and in what is held out.
///
/// - Reference: [Zhou23].
public struct TrainingData: Sendable, Equatable {
  /// Users; also those without an interaction in any part.
  public let userCount: Int
  /// Items; all of them are candidates.
  public let itemCount: Int
  /// User of each training interaction, in the order of the file.
  public let trainingUsers: [Int32]
  /// Item of each training interaction.
  public let trainingItems: [Int32]
  /// T_u for every user.
  public let itemsByUser: ItemLists
  /// The items that occur in training, ascending: negatives are drawn from these.
  public let distinctItems: [Int32]
  /// What is held out for validation.
  public let validation: HeldOutItems
  /// What is held out for the test.
  public let test: HeldOutItems
  /// What was left out, in sentences.
  public let notes: [String]

  /// Divides `interactions` by their labels.
  ///
  /// - Parameter filterColdStart: Drop validation and test interactions of users without a
  ///   training interaction; without it such a user is an error.
  /// - Throws: ``TrainingDataError``.
  /// - Complexity: O(n log n) for n interactions.
  public init(
    _ interactions: Interactions, filterColdStart: Bool = true
  ) throws(TrainingDataError) {
    userCount = interactions.userCount
    itemCount = interactions.itemCount
    func rows(_ split: Split) -> [Int] {
      interactions.splits.indices.filter { interactions.splits[$0] == split.rawValue }
    }
    let training = rows(.training)
    guard !training.isEmpty else { throw .empty(.training, dropped: 0) }
    trainingUsers = training.map { interactions.users[$0] }
    trainingItems = training.map { interactions.items[$0] }
    let lists = ItemLists(count: userCount, owners: trainingUsers, items: trainingItems)
    itemsByUser = lists
    var isTrained = [Bool](repeating: false, count: itemCount)
    for item in trainingItems { isTrained[Int(item)] = true }
    distinctItems = isTrained.indices.filter { isTrained[$0] }.map { Int32($0) }
    for user in 0..<userCount where lists[user].count == distinctItems.count {
      throw .noNegative(user: user, items: distinctItems.count)
    }

    var coldUsers: Set<Int32> = []
    var droppedCount = 0
    func heldOut(_ split: Split) throws(TrainingDataError) -> HeldOutItems {
      let all = rows(split)
      let kept = all.filter { !lists[Int(interactions.users[$0])].isEmpty }
      let dropped = all.filter { lists[Int(interactions.users[$0])].isEmpty }
      if !filterColdStart, let row = dropped.first {
        throw .coldUser(user: Int(interactions.users[row]), split)
      }
      guard !kept.isEmpty else { throw .empty(split, dropped: dropped.count) }
      coldUsers.formUnion(dropped.map { interactions.users[$0] })
      droppedCount += dropped.count
      return HeldOutItems(
        userCount: interactions.userCount, users: kept.map { interactions.users[$0] },
        items: kept.map { interactions.items[$0] })
    }
    validation = try heldOut(.validation)
    test = try heldOut(.test)
    notes =
      droppedCount == 0
      ? []
      : [
        "\(droppedCount) validation and test interactions of \(coldUsers.count) users without a "
          + "training interaction were dropped"
      ]
  }
}
