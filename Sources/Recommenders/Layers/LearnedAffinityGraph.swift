import Autodiff
import LinearAlgebra

/// A graph of users and the items that one modality holds nearest to them. It starts as the graph
/// of training interactions and is replaced, every T-th step of an epoch, by what the batches
/// since have recorded.
///
/// Both the graph and the records outlive an epoch, so they are kept in tables of a checkpoint: a
/// first row that says whether the graph is that of training, and how many edges follow.
///
/// - Reference: [WHXZ23], as implemented there.
package final class LearnedAffinityGraph {
  /// How the records become a graph.
  package enum Rule: String, CaseIterable {
    /// As in the published code. The users of a record are written down κ times one after another
    /// and their items user by user, so that for κ > 1 most items come to another user; and where
    /// nothing has been recorded the graph is empty from then on.
    case released
    /// Every item goes to its user, and a graph stays until there is another.
    case repaired
  }

  /// What propagation goes over.
  package private(set) var graph: OneSidedGraph

  private let training: OneSidedGraph
  private let counts: (users: Int, items: Int)
  private let rule: Rule
  private let period: Int
  private let topCount: Int
  private let names: (built: String, recorded: String)
  /// The edges of `graph`, and those recorded since.
  private let built: Tensor
  private let recorded: Tensor
  /// The table that `graph` was made from.
  private var shown: [Float]

  /// - Parameters:
  ///   - training: The graph to start with.
  ///   - counts: Users and items.
  ///   - topCount: Items κ that are recorded for a user.
  ///   - period: Steps T between two graphs.
  ///   - batchSize: Users of a batch at most.
  ///   - stepCount: Steps of an epoch. If there are no more than T, no graph is ever made.
  package init(
    _ name: String, training: OneSidedGraph, counts: (users: Int, items: Int), rule: Rule,
    topCount: Int, period: Int, batchSize: Int, stepCount: Int
  ) {
    self.training = training
    self.counts = counts
    self.rule = rule
    self.period = period
    self.topCount = period < stepCount ? topCount : 0
    names = ("\(name).graph", "\(name).records")
    // What an epoch leaves behind, and then a whole period.
    let capacity = (2 * period - 1) * batchSize * self.topCount
    var table = Matrix<Float>(rowCount: 1 + capacity, columnCount: 2)
    recorded = Tensor(constant: table)
    table[0, 0] = 1
    built = Tensor(constant: table)
    shown = table.elements
    graph = training
  }

  package var buffers: [Buffer] { [Buffer(names.built, built), Buffer(names.recorded, recorded)] }

  /// Number of edges, each as often as it was recorded; nil for the graph of training.
  package var edgeCount: Int? { built.value[0] == 1 ? nil : Int(built.value[1]) }

  /// Makes the graph of its table, where that has been read from a checkpoint.
  package func synchronize() {
    if !shown.elementsEqual(UnsafeBufferPointer(start: built.value, count: built.count)) {
      show()
    }
  }

  /// Ends step `index` of an epoch, from 0: makes a new graph, or records the batch.
  ///
  /// - Parameter nearest: The κ items nearest to each user of the batch, nearest first.
  package func advance(
    _ index: Int, users: ArraySlice<Int32>, nearest: (_ count: Int) -> [Int32]
  ) {
    if index > 0, index % period == 0 {
      rebuild()
    } else if topCount > 0 {
      record(users, nearest(topCount))
    }
  }

  private func rebuild() {
    let count = Int(recorded.value[1])
    guard rule == .released || count > 0 else { return }
    recorded.value[0] = 0
    built.assign(recorded)
    recorded.value[1] = 0
    show()
  }

  private func record(_ users: ArraySlice<Int32>, _ items: [Int32]) {
    let start = Int(recorded.value[1])
    // Only steps that are repeated have more than the table holds; they are left out.
    guard start + items.count < recorded.rowCount else { return }
    for (entry, item) in items.enumerated() {
      let place = rule == .released ? entry % users.count : entry / topCount
      let at = recorded.value + 2 * (1 + start + entry)
      at[0] = Float(users[users.startIndex + place])
      at[1] = Float(item)
    }
    recorded.value[1] = Float(start + items.count)
  }

  private func show() {
    let table = UnsafeBufferPointer(start: built.value, count: built.count)
    shown = Array(table)
    guard table[0] != 1 else {
      graph = training
      return
    }
    let edges = 1...max(Int(table[1]), 1)
    let used = table[1] > 0 ? Array(edges) : []
    graph = OneSidedGraph(
      userCount: counts.users, itemCount: counts.items, users: used.map { Int32(table[2 * $0]) },
      items: used.map { Int32(table[2 * $0 + 1]) })
  }
}
