import Autodiff
import Foundation
import LinearAlgebra
import Statistics

/// The bipartite graph of training interactions, users first, then items.
///
/// - Reference: [HDWLZW20], Section 3.1.
package struct UserItemGraph {
  package let userCount: Int
  package let itemCount: Int
  /// User and item of every edge; pairs are distinct.
  package let users: [Int32]
  package let items: [Int32]
  /// What is added to every degree before its inverse root is taken.
  package let degreeOffset: Double

  /// - Parameter degreeOffset: 1e-7 in LightGCN and FREEDOM, 0 in CLEAR's backbone.
  package init(_ input: ModelInput, degreeOffset: Double) {
    userCount = input.userCount
    itemCount = input.itemCount
    self.degreeOffset = degreeOffset
    var seen = Set<UInt64>(minimumCapacity: input.trainingUsers.count)
    var users: [Int32] = []
    var items: [Int32] = []
    for (user, item) in zip(input.trainingUsers, input.trainingItems)
    where seen.insert(UInt64(UInt32(user)) << 32 | UInt64(UInt32(item))).inserted {
      users.append(user)
      items.append(item)
    }
    self.users = users
    self.items = items
  }

  /// Number of nodes.
  package var nodeCount: Int { userCount + itemCount }

  /// Â = D^(−1/2)·A·D^(−1/2), symmetric, without self loops; a node without edges has a zero row.
  package func normalizedAdjacency() -> SparseOperator {
    adjacency(of: Array(users.indices), offset: degreeOffset)
  }

  /// D⁻¹·A, or D⁻¹·(A + I) with self loops: the mean of a node's neighbours, with D the row sums
  /// of what it divides. A node without edges has a zero row, or itself.
  ///
  /// - Reference: [WWNHHC19]; [ZZLWWW21] with self loops.
  package func meanAdjacency(selfLoops: Bool = false) -> SparseOperator {
    let own = selfLoops ? 1.0 : 0
    let shares = degrees(of: Array(users.indices)).map { $0 + own > 0 ? 1 / ($0 + own) : 0 }
    let nodes = selfLoops ? (0..<Int32(nodeCount)).map { $0 } : []
    let places = items.map { Int32(userCount) + $0 }
    let rows = nodes + users + places
    return SparseOperator(
      SparseMatrix(
        rowCount: nodeCount, columnCount: nodeCount, rows: rows, columns: nodes + places + users,
        values: rows.map { Float(shares[Int($0)]) }))
  }

  /// The interactions as a matrix of users × items.
  ///
  /// - Parameter value: The value of an edge, from the degrees of its user and its item.
  package func interactionMatrix(
    _ value: (_ userDegree: Double, _ itemDegree: Double) -> Double
  ) -> SparseOperator {
    let degrees = degrees(of: Array(users.indices))
    return SparseOperator(
      SparseMatrix(
        rowCount: userCount, columnCount: itemCount, rows: users, columns: items,
        values: zip(users, items).map { user, item in
          Float(value(degrees[Int(user)], degrees[userCount + Int(item)]))
        }))
  }

  /// Weights 1/√(d_u·d_i) of the edges, by which they survive ``pruned(_:weights:using:)``.
  ///
  /// - Reference: [ZS23], Section 3.2.
  package func pruningWeights() -> [Double] {
    let factors = degreeFactors(of: Array(users.indices), offset: 1e-7)
    return users.indices.map {
      factors[Int(users[$0])] * factors[userCount + Int(items[$0])]
    }
  }

  /// Â of ⌊E(1 − ρ)⌋ edges drawn without replacement, with probability proportional to `weights`
  /// among those that remain; degrees are those of the drawn edges, plus 1e-7.
  package func pruned(
    _ ratio: Double, weights: [Double], using generator: inout SeededGenerator
  ) -> SparseOperator {
    adjacency(
      of: Self.draw(Int(Double(users.count) * (1 - ratio)), weights: weights, using: &generator),
      offset: 1e-7)
  }

  /// `count` of the places of `weights`, by successive sampling without replacement.
  ///
  /// The places whose exponential variables with these rates are smallest have the distribution of
  /// draws one after another.
  package static func draw(
    _ count: Int, weights: [Double], using generator: inout SeededGenerator
  ) -> [Int] {
    let times = weights.map { -log(1 - generator.uniform()) / $0 }
    return Array(times.indices.sorted { (times[$0], $0) < (times[$1], $1) }.prefix(count))
  }

  private func degrees(of edges: [Int]) -> [Double] {
    var degrees = [Double](repeating: 0, count: nodeCount)
    for edge in edges {
      degrees[Int(users[edge])] += 1
      degrees[userCount + Int(items[edge])] += 1
    }
    return degrees
  }

  private func degreeFactors(of edges: [Int], offset: Double) -> [Double] {
    degrees(of: edges).map { $0 > 0 ? 1 / ($0 + offset).squareRoot() : 0 }
  }

  private func adjacency(of edges: [Int], offset: Double) -> SparseOperator {
    let factors = degreeFactors(of: edges, offset: offset)
    var rows: [Int32] = []
    var columns: [Int32] = []
    var values: [Float] = []
    rows.reserveCapacity(2 * edges.count)
    columns.reserveCapacity(2 * edges.count)
    values.reserveCapacity(2 * edges.count)
    for edge in edges {
      let (user, item) = (users[edge], Int32(userCount) + items[edge])
      let value = Float(factors[Int(user)] * factors[Int(item)])
      rows += [user, item]
      columns += [item, user]
      values += [value, value]
    }
    return SparseOperator(
      symmetric: SparseMatrix(
        rowCount: nodeCount, columnCount: nodeCount, rows: rows, columns: columns,
        values: values))
  }
}
