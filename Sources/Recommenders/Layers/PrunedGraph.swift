import Autodiff
import Statistics

/// The user–item graph in training and in scoring: thinned anew for every epoch, and whole.
package final class PrunedGraph {
  /// The whole graph, for scoring.
  package let full: SparseOperator
  /// This epoch's graph.
  package private(set) var training: SparseOperator

  private let graph: UserItemGraph
  private let ratio: Double
  private let weights: [Double]
  private let streams: RandomStreams

  /// - Parameter ratio: Share ρ of edges that an epoch goes without, in 0..<1; at 0 every epoch
  ///   has the whole graph.
  package init(_ graph: UserItemGraph, ratio: Double, _ streams: RandomStreams) {
    self.graph = graph
    self.ratio = ratio
    self.streams = streams
    full = graph.normalizedAdjacency()
    training = full
    weights = ratio > 0 ? graph.pruningWeights() : []
  }

  /// Draws the edges of `epoch`, which depend on the seed and the epoch alone.
  package func beginEpoch(_ epoch: Int) {
    guard ratio > 0 else { return }
    var generator = streams.generator(for: "edges", item: epoch)
    training = graph.pruned(ratio, weights: weights, using: &generator)
  }
}
