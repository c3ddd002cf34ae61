import Neighbors

/// Groups of items that share one vector, or one direction, as neighbour lists alone tell it: two
/// or more items each, ascending, in order of their first items.
///
/// Items are linked where a list names the other with a cosine of 1 − 10⁻⁶ or more, or nearer
/// where that is no thousandth of ``usualGap(_:)``; a group is a connected component in which every
/// list holds as many of the others as it has room for. A component without that property is a
/// chain of near neighbours and no group. More items than a list is long are found together,
/// because lists that break ties alike meet in common entries.
///
/// Where gaps are usually so small that single precision does not resolve a thousandth of them,
/// nothing is told apart and there are no groups.
///
/// - Parameters:
///   - lists: One for each item or for some; an item in its own list is passed over.
///   - items: Number of items.
/// - Complexity: O(n·width).
package func tiedGroups(_ lists: NeighborLists, items: Int) -> [[Int]] {
  // Without any gap all lists are full of ties, and the modality has a few directions at all.
  let usual = usualGap(lists) ?? 1
  guard 1e-3 * usual >= 0x1p-23 else { return [] }
  let threshold = Float(1 - min(1e-6, 1e-3 * usual))
  var forest = DisjointSets(count: items)
  var ties = [Int](repeating: 0, count: items)
  var entries = [Int](repeating: 0, count: items)
  for (row, anchor) in lists.anchors.enumerated() {
    for place in row * lists.width..<(row + 1) * lists.width {
      let neighbor = Int(lists.indices[place])
      guard neighbor != anchor else { continue }
      entries[anchor] += 1
      guard lists.scores[place] >= threshold else { continue }
      ties[anchor] += 1
      forest.join(anchor, neighbor)
    }
  }
  let components = Dictionary(grouping: 0..<items) { forest.root(of: $0) }.values
  return components.filter { members in
    members.count > 1
      && members.allSatisfy { ties[$0] >= min(entries[$0], members.count - 1) }
  }.sorted { $0[0] < $1[0] }
}

/// A partition that grows coarser; every set is known by its smallest element.
private struct DisjointSets {
  private var parents: [Int]

  init(count: Int) { parents = Array(0..<count) }

  mutating func root(of element: Int) -> Int {
    var element = element
    while parents[element] != element {
      parents[element] = parents[parents[element]]
      element = parents[element]
    }
    return element
  }

  mutating func join(_ a: Int, _ b: Int) {
    let (first, second) = (root(of: a), root(of: b))
    parents[max(first, second)] = min(first, second)
  }
}
