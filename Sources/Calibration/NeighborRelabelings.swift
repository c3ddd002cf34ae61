import Statistics

/// Relabelings under which the neighbour lists of some anchors can be re-paired without another
/// search.
///
/// With lists of a sample of the items, relabelings take anchors to anchors and the rest to the
/// rest: the lists that an anchor is paired with are then at hand. Where the sample was drawn
/// without looking at the features, pairs are as exchangeable within both parts as in all.
///
/// - Parameters:
///   - itemCount: Number of items n.
///   - anchors: Items that have lists.
///   - labels: One for each item; items change places only with items of the same label. Nil for
///     free relabelings.
///   - count: Number of relabelings K.
///   - streams: Seeds the permutations.
///   - purpose: Names the streams.
/// - Precondition: anchors are items, and there is a label for each item.
/// - Complexity: O(n).
public func neighborRelabelings(
  itemCount: Int, anchors: [Int], within labels: [Int]? = nil, count: Int,
  streams: RandomStreams, purpose: String = "relabelings"
) -> Relabelings {
  var isAnchor = [Bool](repeating: false, count: itemCount)
  for anchor in anchors { isAnchor[anchor] = true }
  guard isAnchor.contains(false) else {
    return Relabelings(
      itemCount: itemCount, count: count, within: labels, streams: streams, purpose: purpose)
  }
  var places: [Int: Int] = [:]
  let parts = isAnchor.indices.map { item in
    let label = labels?[item] ?? 0
    let place = places[label] ?? places.count
    places[label] = place
    return 2 * place + (isAnchor[item] ? 1 : 0)
  }
  return Relabelings(
    itemCount: itemCount, count: count, within: parts, streams: streams, purpose: purpose)
}
