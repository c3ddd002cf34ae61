import Neighbors
import Statistics

/// How far apart items of a modality usually are: the median of 1 − s for the tenth neighbour of
/// each list, or the last of a shorter one.
///
/// Lists that end within 10⁻⁶ of a cosine of 1 are passed over: they are full of copies, and many
/// of them would make copies usual.
///
/// - Returns: Nil where no list is left.
/// - Complexity: O(M·log M) for M lists.
func usualGap(_ lists: NeighborLists) -> Double? {
  guard lists.width >= 1 else { return nil }
  let last = min(10, lists.width) - 1
  return median(
    lists.anchors.indices.map { 1 - Double(lists.scores[$0 * lists.width + last]) }
      .filter { $0 > 1e-6 })
}
