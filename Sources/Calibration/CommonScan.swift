import Neighbors
import Redundancy

/// One list of the first modality spread out over the items, and what another list has in common
/// with it.
struct CommonScan {
  /// The place of every item in the list, `depth` for items that are not in it; two bytes so that
  /// the table stays in the nearest cache.
  private var places: [UInt16]
  private let depth: Int
  private var all: [CommonPlace]
  /// How many common items the last list had.
  private(set) var found = 0
  /// Working memory of ``longestIncreasingSubsequence(_:tails:)``.
  var tails: [Int] = []

  init(itemCount: Int, depth: Int) {
    precondition(depth < Int(UInt16.max), "lists of \(depth) are longer than can be compared")
    places = [UInt16](repeating: UInt16(depth), count: itemCount)
    all = [CommonPlace](repeating: CommonPlace(first: 0, second: 0), count: depth)
    self.depth = depth
  }

  /// The common items of the last list, in its order.
  var common: ArraySlice<CommonPlace> { all[..<found] }

  mutating func spread(_ lists: NeighborLists, row: Int) {
    for (place, item) in lists.neighbors(ofRow: row).prefix(depth).enumerated() {
      places[Int(item)] = UInt16(place)
    }
  }

  mutating func clear(_ lists: NeighborLists, row: Int) {
    for item in lists.neighbors(ofRow: row).prefix(depth) { places[Int(item)] = UInt16(depth) }
  }

  /// Finds the items that a list of the second modality has in common with the one spread out.
  mutating func collect(
    _ lists: NeighborLists, row: Int, naming names: UnsafeBufferPointer<Int32>
  ) {
    found = 0
    let absent = UInt16(depth)
    lists.indices.withUnsafeBufferPointer { indices in
      places.withUnsafeBufferPointer { places in
        let start = row * lists.width
        for place in 0..<depth {
          let other = places[Int(names[Int(indices[start + place])])]
          // Rare, so that the branch is nearly free.
          if other != absent {
            all[found] = CommonPlace(first: Int(other), second: place)
            found += 1
          }
        }
      }
    }
  }
}
