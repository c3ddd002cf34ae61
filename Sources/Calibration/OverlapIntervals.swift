import Foundation
import LinearAlgebra
import Neighbors
import Redundancy
import Statistics

/// Intervals of the retrieval overlap by leaving out groups of items.
///
/// A group is left out as anchors and as neighbours, so that both sources of chance count: which
/// items were asked about, and which were there to be found.
///
/// - Reference: [ET93], chapter 11; groups, [ST95].
public struct OverlapIntervals: Codable, Sendable, Equatable {
  /// The interval at one list length.
  public struct Level: Codable, Sendable, Equatable {
    /// List length K.
    public let k: Int
    /// Estimate, standard error and bounds; nil where a list runs out, and a note says so.
    public let interval: GroupJackknife?
  }

  /// One entry for each length that the lists have, in the order asked for.
  public let levels: [Level]
  /// Number of groups g.
  public let groups: Int
  /// Why lengths have no interval, one sentence each.
  public let notes: [String]

  /// Estimates the intervals.
  ///
  /// Exact where all lists still have K items without any of the groups; lists of
  /// ``listWidth(forLength:itemCount:anchorCount:groups:)`` do, but for one case in a thousand.
  ///
  /// - Parameters:
  ///   - first: Lists of the first modality.
  ///   - second: Lists of the second modality, for the same anchors in the same order.
  ///   - itemCount: Number of items N that the lists were chosen from, anchors included.
  ///   - listLengths: Lengths K.
  ///   - groups: Number of groups g, at least 2.
  ///   - streams: Draws the groups.
  /// - Throws: as ``retrievalOverlaps(_:_:itemCount:listLengths:)``.
  /// - Complexity: O(g·(N + M·width)), in parallel over groups.
  public init(
    _ first: NeighborLists, _ second: NeighborLists, itemCount: Int,
    listLengths: [Int] = defaultListLengths, groups: Int = GroupJackknife.usualGroupCount,
    streams: RandomStreams
  ) throws(OverlapError) {
    let all = try retrievalOverlaps(
      first, second, itemCount: itemCount, listLengths: listLengths)
    let members = GroupJackknife.groups(itemCount: itemCount, count: groups, streams: streams)
    let partial = Parallel.map(groups) { group in
      remainingOverlaps(
        first, second, listLengths: all.levels.map(\.k), removed: members.map { $0 == group })
    }
    self.groups = groups
    levels = all.levels.map { level in
      let means = partial.compactMap { $0?.levels.first { $0.k == level.k }?.mean }
      return Level(
        k: level.k,
        interval: means.count == groups
          ? GroupJackknife(estimate: level.mean, leaveOneOut: means) : nil)
    }
    notes = levels.filter { $0.interval == nil }.map { level in
      let wanted = Self.listWidth(
        forLength: level.k, itemCount: itemCount, anchorCount: first.anchors.count,
        groups: groups)
      return "K = \(level.k) has no interval: without a group of items some lists hold fewer than "
        + "\(level.k) of their \(min(first.width, second.width)) neighbours; "
        + "search lists of \(wanted)."
    }
  }

  /// How long lists must be so that, with probability 0.999 or more, each of them has `length`
  /// items left without any one group; at most N − 1.
  ///
  /// Of the W nearest a group holds W/g on average. By Bernstein's inequality it holds more than
  /// W/g + √(2·L·W/g) + 2L/3 with probability e^−L at most, and L is chosen for all lists and
  /// groups together.
  public static func listWidth(
    forLength length: Int, itemCount: Int, anchorCount: Int,
    groups: Int = GroupJackknife.usualGroupCount
  ) -> Int {
    let cases = 2 * Double(max(anchorCount, 1) * groups)
    let exponent = log(1000 * cases)
    let share = 1 / Double(groups)
    // Solved for √W: (1 − 1/g)·W − √(2·L/g)·√W − (K + 2L/3) = 0.
    let slope = (2 * exponent * share).squareRoot()
    let constant = Double(length) + 2 * exponent / 3
    let root =
      (slope + (slope * slope + 4 * (1 - share) * constant).squareRoot()) / (2 * (1 - share))
    return max(min(Int((root * root).rounded(.up)), itemCount - 1), 0)
  }
}
