import Neighbors

/// Items that have a neighbour in all but the same direction without being equal to it bit for
/// bit, ascending.
///
/// The cosine s must be 1 − 10⁻⁵ or more, and the gap 1 − s a thousandth at most of
/// ``usualGap(_:)``. Without the second condition a modality whose items all point the same way
/// would be full of near duplicates.
///
/// - Parameters:
///   - lists: Cosine neighbours of all items or of some, the items themselves left out.
///   - groups: For each item the number of its group of equal items, nil for items without equal.
///   - width: Number of features.
/// - Returns: Nil for fewer than five features, where close directions are common, and where gaps
///   are usually so small that single precision does not resolve a thousandth of them.
/// - Complexity: O(M·log M) for M lists.
package func nearDuplicates(_ lists: NeighborLists, groups: [Int?], width: Int) -> [Int]? {
  guard width >= 5, let usual = usualGap(lists), 1e-3 * usual >= 0x1p-24 else { return nil }
  let gap = min(1e-5, 1e-3 * usual)
  return lists.anchors.indices.filter { row in
    let anchor = lists.anchors[row]
    for place in row * lists.width..<(row + 1) * lists.width {
      guard 1 - Double(lists.scores[place]) <= gap else { return false }
      let neighbor = Int(lists.indices[place])
      guard let group = groups[anchor], groups[neighbor] == group else { return true }
    }
    return false
  }.map { lists.anchors[$0] }.sorted()
}
