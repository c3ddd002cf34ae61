import Neighbors
import Statistics

/// The accuracy of classifying anchors by a vote of their neighbours, leaving each anchor out.
///
/// The label most frequent in the list wins; among equally frequent ones the one that comes
/// nearest.
///
/// - Parameter labels: The class of every item; any integers.
/// - Returns: nil for no anchors.
/// - Complexity: O(M·width).
package func neighborVoteAccuracy(_ lists: NeighborLists, labels: [Int]) -> MeasuredShare? {
  MeasuredShare(
    lists.anchors.enumerated().map { row, anchor in
      var votes: [Int: Int] = [:]
      for item in lists.neighbors(ofRow: row) { votes[labels[Int(item)], default: 0] += 1 }
      let most = votes.values.max() ?? 0
      let winner = lists.neighbors(ofRow: row).lazy.map { labels[Int($0)] }
        .first { votes[$0] == most }
      return winner == labels[anchor] ? 1 : 0
    })
}
