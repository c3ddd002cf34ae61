import Neighbors

/// Neighbour lists of several modalities as they would be had some items never been there.
///
/// A list that is cut to the first `width` of what is left is exact: whoever came next had to be
/// in it. Lists of which less is left are left out, in all modalities alike, as nobody knows who
/// came next; wider searches lose fewer.
public struct CleanedLists: Sendable, Equatable {
  /// One for each modality, of the same anchors; anchors and neighbours are numbered anew.
  public let lists: [NeighborLists]
  /// Number of items that are left, which is what random overlap is relative to.
  public let itemCount: Int
  /// Anchors that are left out because too little of a list is left.
  public let shortened: Int

  /// Takes `items` out of `lists`.
  ///
  /// - Parameters:
  ///   - lists: One for each modality, with the same anchors in the same order.
  ///   - itemCount: Number of items, those to be removed included.
  ///   - width: Neighbours per list in the result.
  /// - Precondition: the anchors agree; anchors, neighbours and `items` lie in `0..<itemCount`.
  /// - Complexity: O(n + M·w) for M lists of w in each modality.
  public init(
    removing items: Set<Int>, from lists: [NeighborLists], itemCount: Int, width: Int
  ) {
    precondition(
      lists.allSatisfy { $0.anchors == lists[0].anchors }, "the modalities differ in anchors")
    precondition(width >= 0, "lists of \(width) do not exist")
    var newIDs = [Int32](repeating: -1, count: itemCount)
    var count: Int32 = 0
    for item in 0..<itemCount where !items.contains(item) {
      newIDs[item] = count
      count += 1
    }
    let anchors = lists.first?.anchors ?? []
    let staying = anchors.indices.filter { newIDs[anchors[$0]] >= 0 }
    let kept = staying.filter { row in
      lists.allSatisfy { lists in
        lists.neighbors(ofRow: row).count { newIDs[Int($0)] >= 0 } >= width
      }
    }
    self.itemCount = Int(count)
    shortened = staying.count - kept.count
    self.lists = lists.map { lists in
      let places = kept.flatMap { row -> [Int] in
        let left = (row * lists.width..<(row + 1) * lists.width)
          .filter { newIDs[Int(lists.indices[$0])] >= 0 }
        return Array(left.prefix(width))
      }
      return NeighborLists(
        anchors: kept.map { Int(newIDs[anchors[$0]]) }, width: width,
        indices: places.map { newIDs[Int(lists.indices[$0])] },
        scores: places.map { lists.scores[$0] })
    }
  }
}
