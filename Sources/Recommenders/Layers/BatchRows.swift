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

  private let userCount: Int
  private let itemCount: Int
  private var users: Places
  private var items: Places
  /// What the last call returned: memory for the next one once nobody holds it.
  private var nodes: [Int32] = []

  package init(userCount: Int, itemCount: Int) {
    self.userCount = userCount
    self.itemCount = itemCount
    users = Places(count: userCount)
    items = Places(count: itemCount)
  }

  /// - Complexity: O(triples + (users + items)/64).
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

  /// The nodes of a graph of users and items, the users first, that are the batch's own users and
  /// its own items, or all items, ascending.
  package func nodes(_ own: Own, allItems: Bool = false) -> [Int32] {
    nodes.removeAll(keepingCapacity: true)
    nodes.append(contentsOf: own.users)
    let first = Int32(userCount)
    if allItems {
      nodes.append(contentsOf: first..<first + Int32(itemCount))
    } else {
      nodes.append(contentsOf: own.items.lazy.map { first + $0 })
    }
    return nodes
  }

  /// The distinct items of a list, ascending, and the place of each of its items among them.
  package func items(_ list: ArraySlice<Int32>) -> (distinct: [Int32], places: [Int32]) {
    items.number([list])
  }

  /// The place of every index among the distinct ones of the last lists.
  private struct Places {
    /// A bit for every index, set where it is in a list; none is between two calls.
    private var isListed: [UInt64]
    private var places: [Int32]
    /// What the last call returned: memory for the next one once nobody holds it.
    private var distinct: [Int32] = []
    private var result: [Int32] = []

    init(count: Int) {
      isListed = [UInt64](repeating: 0, count: (count + 63) / 64)
      places = [Int32](repeating: 0, count: count)
    }

    /// The distinct indices of `lists`, ascending, and the place of each index among them.
    mutating func number(_ lists: [ArraySlice<Int32>]) -> (distinct: [Int32], places: [Int32]) {
      distinct.removeAll(keepingCapacity: true)
      result.removeAll(keepingCapacity: true)
      for list in lists {
        for index in list { isListed[Int(index >> 6)] |= 1 << UInt64(index & 63) }
      }
      for word in isListed.indices where isListed[word] != 0 {
        var bits = isListed[word]
        isListed[word] = 0
        while bits != 0 {
          let index = word << 6 | bits.trailingZeroBitCount
          places[index] = Int32(distinct.count)
          distinct.append(Int32(index))
          bits &= bits - 1
        }
      }
      for list in lists {
        for index in list { result.append(places[Int(index)]) }
      }
      return (distinct, result)
    }
  }
}
