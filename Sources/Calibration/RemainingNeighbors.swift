import Neighbors
import Redundancy

extension NeighborLists {
  /// These lists without some items, neither as anchors nor as neighbours, as a search of the
  /// remaining items would find them; items are renumbered in their order.
  ///
  /// The lists become as short as the shortest one: how far they reach is known no further.
  ///
  /// - Parameters:
  ///   - removed: Whether each item is left out.
  /// - Complexity: O(N + M·width).
  public func removing(_ removed: [Bool]) -> NeighborLists {
    var numbers = [Int32](repeating: 0, count: removed.count)
    var remaining: Int32 = 0
    for item in removed.indices where !removed[item] {
      numbers[item] = remaining
      remaining += 1
    }
    let rows = anchors.indices.filter { !removed[anchors[$0]] }
    let shortest = rows.map { row in neighbors(ofRow: row).count { !removed[Int($0)] } }.min() ?? 0
    var indices: [Int32] = []
    var scores: [Float] = []
    indices.reserveCapacity(rows.count * shortest)
    scores.reserveCapacity(rows.count * shortest)
    for row in rows {
      let end = indices.count + shortest
      for index in row * width..<(row + 1) * width where indices.count < end {
        let item = Int(self.indices[index])
        guard !removed[item] else { continue }
        indices.append(numbers[item])
        scores.append(self.scores[index])
      }
    }
    return NeighborLists(
      anchors: rows.map { Int(numbers[anchors[$0]]) }, width: shortest, indices: indices,
      scores: scores)
  }
}

/// The overlap of two modalities' neighbour lists without some items, neither as anchors nor as
/// neighbours: what is left when suspicious items do not count.
///
/// Exact at every length that all lists still have; other lengths are left out and noted. Lists
/// are best searched longer by the number of items that may go.
///
/// - Parameters:
///   - first: Lists of the first modality.
///   - second: Lists of the second modality, for the same anchors in the same order.
///   - itemCount: Number of items N that the lists were chosen from, anchors included.
///   - items: The items left out; others than 0..<N do not count.
/// - Returns: nil when no length can be compared.
/// - Throws: as ``retrievalOverlaps(_:_:itemCount:listLengths:)`` for the lists as they are.
/// - Complexity: O(N + M·width).
public func retrievalOverlaps(
  _ first: NeighborLists, _ second: NeighborLists, itemCount: Int,
  listLengths: [Int] = defaultListLengths, without items: Set<Int>
) throws(OverlapError) -> RetrievalOverlaps? {
  try requireComparable(first, second, itemCount: itemCount)
  let removed = (0..<itemCount).map(items.contains)
  return remainingOverlaps(first, second, listLengths: listLengths, removed: removed)
}

/// The overlaps without some items, of lists that are known to be comparable.
func remainingOverlaps(
  _ first: NeighborLists, _ second: NeighborLists, listLengths: [Int], removed: [Bool]
) -> RetrievalOverlaps? {
  try? retrievalOverlaps(
    first.removing(removed), second.removing(removed), itemCount: removed.count { !$0 },
    listLengths: listLengths)
}
