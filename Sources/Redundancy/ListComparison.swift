import LinearAlgebra
import Neighbors

/// Throws unless both sets of lists belong to the same anchors and name existing items.
///
/// - Returns: The longest length at which the lists can be compared.
@discardableResult
package func requireComparable(
  _ first: NeighborLists, _ second: NeighborLists, itemCount: Int
) throws(OverlapError) -> Int {
  guard first.anchors == second.anchors else {
    throw .anchorsDiffer(first: first.anchors.count, second: second.anchors.count)
  }
  guard !first.anchors.isEmpty else { throw .empty }
  for lists in [first, second] {
    if let index = lists.indices.firstIndex(where: { $0 < 0 || Int($0) >= itemCount }) {
      throw .neighborOutOfRange(
        neighbor: Int(lists.indices[index]), row: index / lists.width, items: itemCount)
    }
  }
  return min(first.width, second.width, itemCount - 1)
}

/// As ``requireComparable(_:_:itemCount:)``, and that a list of `length` can be compared.
///
/// - Returns: `length`, or what the lists have where that is less.
func comparedLength(
  _ first: NeighborLists, _ second: NeighborLists, itemCount: Int, length: Int
) throws(OverlapError) -> Int {
  let available = try requireComparable(first, second, itemCount: itemCount)
  guard length >= 1, available >= 1 else {
    throw .noListLength(requested: [length], available: available)
  }
  return min(length, available)
}

/// Where an item stands in both lists of an anchor, counted from 0.
package struct CommonPlace: Sendable, Equatable {
  package let first: Int
  package let second: Int

  package init(first: Int, second: Int) {
    self.first = first
    self.second = second
  }
}

/// The results of `body` for every row of two sets of comparable lists, in row order.
///
/// - Parameter body: Takes the row and the items that both its lists have among the nearest
///   `length`, in the order of the second list.
/// - Complexity: O(M·length), and O(N) memory for each thread.
package func mapCommonPlaces<Value: Sendable>(
  _ first: NeighborLists, _ second: NeighborLists, itemCount: Int, length: Int,
  _ body: @Sendable (_ row: Int, _ common: [CommonPlace]) -> Value
) -> [Value] {
  let grid = BlockGrid(count: first.anchors.count, size: 256)
  return Parallel.map(grid.blockCount) { block in
    var places = [Int](repeating: length, count: itemCount)
    return grid.range(block).map { row in
      let a = first.neighbors(ofRow: row).prefix(length)
      for (place, item) in a.enumerated() { places[Int(item)] = place }
      var common: [CommonPlace] = []
      for (place, item) in second.neighbors(ofRow: row).prefix(length).enumerated()
      where places[Int(item)] < length {
        common.append(CommonPlace(first: places[Int(item)], second: place))
      }
      for item in a { places[Int(item)] = length }
      return body(row, common)
    }
  }.flatMap { $0 }
}

extension Invariance {
  /// What leaves cosines, and lists searched by them, unchanged. Equal cosines are ordered by
  /// item, so another order of the items can change lists with ties.
  static let ofCosines: Set<Invariance> = [
    .itemOrder, .uniformScaling, .itemScaling, .rotation, .commonRotation,
  ]
}
