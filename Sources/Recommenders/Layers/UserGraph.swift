import Autodiff
import Foundation
import LinearAlgebra
import Statistics

/// Users by the training items they share.
///
/// The weight of a link is the number of shared items; each user keeps the strongest links, ties
/// going to the lower index.
///
/// - Reference: [WWYWSN23].
package struct UserGraph {
  package let userCount: Int
  /// Links `starts[u]..<starts[u + 1]` are those of user u, strongest first.
  package let starts: [Int]
  /// The other user of each link.
  package let neighbors: [Int32]
  /// How many items both have.
  package let counts: [Int32]

  /// - Parameter limit: Links that a user keeps at most.
  /// - Complexity: O(Σ_i d_i²) for items of d_i users, and memory for the links that are kept; no
  ///   matrix of users by users.
  package init(_ graph: UserItemGraph, limit: Int) {
    userCount = graph.userCount
    let itemsOfUsers = graph.interactionMatrix { _, _ in 1 }
    let (own, others) = (itemsOfUsers.matrix, itemsOfUsers.transpose)
    let users = graph.userCount
    let grid = BlockGrid(count: users, size: 256)
    let parts = Parallel.map(grid.blockCount) { block in
      var shared = [Int32](repeating: 0, count: users)
      var met: [Int32] = []
      return grid.range(block).map { user -> [(neighbor: Int32, count: Int32)] in
        met.removeAll(keepingCapacity: true)
        for entry in own.rowStarts[user]..<own.rowStarts[user + 1] {
          let item = Int(own.columns[entry])
          for place in others.rowStarts[item]..<others.rowStarts[item + 1] {
            let other = others.columns[place]
            if shared[Int(other)] == 0 { met.append(other) }
            shared[Int(other)] += 1
          }
        }
        let links = met.filter { Int($0) != user }.map { ($0, shared[Int($0)]) }
        for other in met { shared[Int(other)] = 0 }
        return Array(links.sorted { (-$0.1, $0.0) < (-$1.1, $1.0) }.prefix(limit))
      }
    }
    let lists = parts.flatMap { $0 }
    starts = lists.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.count) }
    neighbors = lists.flatMap { $0.map(\.neighbor) }
    counts = lists.flatMap { $0.map(\.count) }
  }

  /// The links of one epoch, as weights of `fanOut` draws for each user:
  ///
  ///     S[u, a] = μ_a·e^{c_a} / Σ_b μ_b·e^{c_b}
  ///
  /// Of a user with so many links or more, the strongest are taken, μ = 1. The links of the others
  /// are taken once each, and then again, each time one of those taken so far, until there are
  /// enough: Pólya's urn. A user without links has a zero row.
  package func sampled(
    fanOut: Int, using generator: inout SeededGenerator
  ) -> SparseOperator {
    var rows: [Int32] = []
    var columns: [Int32] = []
    var values: [Float] = []
    var urn: [Int] = []
    for user in 0..<userCount {
      let links = (starts[user]..<starts[user + 1]).prefix(fanOut)
      guard let first = links.first else { continue }
      urn.removeAll(keepingCapacity: true)
      urn += links
      while urn.count < fanOut { urn.append(urn[generator.index(below: urn.count)]) }
      // The strongest is the first; without it the exponentials would overflow.
      var weights = [Double](repeating: 0, count: links.count)
      for link in urn {
        weights[link - first] += exp(Double(counts[link] - counts[first]))
      }
      let sum = weights.reduce(0, +)
      for link in links {
        rows.append(Int32(user))
        columns.append(neighbors[link])
        values.append(Float(weights[link - first] / sum))
      }
    }
    return SparseOperator(
      SparseMatrix(
        rowCount: userCount, columnCount: userCount, rows: rows, columns: columns, values: values))
  }
}
