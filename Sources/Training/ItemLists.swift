/// A set of items for each of several users, in one array.
public struct ItemLists: Sendable, Equatable {
  /// The lists one after another; each ascending and without repetition.
  public let items: [Int32]
  /// Where each list starts in ``items``, and where the last one ends.
  public let offsets: [Int]

  /// Gathers item `items[k]` into list `owners[k]`.
  ///
  /// - Precondition: owners are in `0..<count`.
  /// - Complexity: O(n log n) for n items, less for many short lists.
  package init(count: Int, owners: [Int32], items: [Int32]) {
    var ends = [Int](repeating: 0, count: count + 1)
    for owner in owners { ends[Int(owner) + 1] += 1 }
    for list in 0..<count { ends[list + 1] += ends[list] }
    var next = ends
    var gathered = [Int32](repeating: 0, count: items.count)
    for (owner, item) in zip(owners, items) {
      gathered[next[Int(owner)]] = item
      next[Int(owner)] += 1
    }
    var distinct: [Int32] = []
    distinct.reserveCapacity(items.count)
    var offsets = [0]
    offsets.reserveCapacity(count + 1)
    for list in 0..<count {
      let start = distinct.count
      for item in gathered[ends[list]..<ends[list + 1]].sorted()
      where distinct.count == start || distinct[distinct.count - 1] != item {
        distinct.append(item)
      }
      offsets.append(distinct.count)
    }
    self.items = distinct
    self.offsets = offsets
  }

  /// Number of lists.
  public var count: Int { offsets.count - 1 }

  /// The items of `list`, ascending.
  public subscript(list: Int) -> ArraySlice<Int32> { items[offsets[list]..<offsets[list + 1]] }

  /// Whether `item` is in `list`.
  ///
  /// - Complexity: O(log n) for a list of n items.
  public func contains(_ item: Int32, in list: Int) -> Bool {
    var low = offsets[list]
    var high = offsets[list + 1]
    while low < high {
      let middle = (low + high) / 2
      if items[middle] < item { low = middle + 1 } else { high = middle }
    }
    return low < offsets[list + 1] && items[low] == item
  }
}
