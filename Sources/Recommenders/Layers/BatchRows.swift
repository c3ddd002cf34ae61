/// Finds the users and the items of a batch, each once: a model whose loss looks at nothing else
/// needs only their rows.
package final class BatchRows {
  /// A batch in terms of its own users and items.
  package struct Own {
    /// The batch's users, ascending.
    package let users: [Int32]
    /// The batch's items, ascending: what is kept item by item is then read from front to back.
    package let items: [Int32]
    /// The triples by their places in ``users`` and ``items``.
    package let batch: Batch
  }

  private var users: Places
  private var items: Places

  package init(userCount: Int, itemCount: Int) {
    users = Places(count: userCount)
    items = Places(count: itemCount)
  }

  /// - Complexity: O(triples + users + items).
  package func callAsFunction(_ batch: Batch) -> Own {
    let (ownUsers, ofUsers) = users.number([batch.users])
    let (ownItems, ofItems) = items.number([batch.positives, batch.negatives])
    return Own(
      users: ownUsers, items: ownItems,
      batch: Batch(
        users: ofUsers[...], positives: ofItems.prefix(batch.count),
        negatives: ofItems.dropFirst(batch.count), epoch: batch.epoch, step: batch.step,
        fullCount: batch.fullCount))
  }

  /// The distinct items of a list, ascending, and the place of each of its items among them.
  package func items(_ list: ArraySlice<Int32>) -> (distinct: [Int32], places: [Int32]) {
    items.number([list])
  }

  /// The place of every index in a list, -1 for those without one between two calls.
  private struct Places {
    private var places: [Int32]

    init(count: Int) { places = [Int32](repeating: -1, count: count) }

    /// The distinct indices of `lists`, ascending, and the place of each index among them.
    mutating func number(_ lists: [ArraySlice<Int32>]) -> (distinct: [Int32], places: [Int32]) {
      var (distinct, result): ([Int32], [Int32]) = ([], [])
      let count = lists.reduce(0) { $0 + $1.count }
      distinct.reserveCapacity(count)
      result.reserveCapacity(count)
      for list in lists {
        for index in list { places[Int(index)] = 0 }
      }
      for index in places.indices where places[index] == 0 {
        places[index] = Int32(distinct.count)
        distinct.append(Int32(index))
      }
      for list in lists {
        for index in list { result.append(places[Int(index)]) }
      }
      for index in distinct { places[Int(index)] = -1 }
      return (distinct, result)
    }
  }
}
