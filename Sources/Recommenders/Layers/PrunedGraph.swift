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
  private let alternates: Bool
  private let streams: RandomStreams

  /// - Parameter ratio: Share ρ of edges that an epoch goes without, in 0..<1; at 0 every epoch
  ///   has the whole graph.
  /// - Parameter alternates: Whether epochs 2, 4, … draw all edges alike, as LayerGCN does, instead
  ///   of favouring those of nodes with few.
  package init(
    _ graph: UserItemGraph, ratio: Double, alternates: Bool = false, _ streams: RandomStreams
  ) {
    self.graph = graph
    self.ratio = ratio
    self.alternates = alternates
    self.streams = streams
    full = graph.normalizedAdjacency()
    training = full
    weights = ratio > 0 ? graph.pruningWeights() : []
  }

  /// Draws the edges of `epoch`, which depend on the seed and the epoch alone.
  package func beginEpoch(_ epoch: Int) {
    guard ratio > 0 else { return }
    var generator = streams.generator(for: "edges", item: epoch)
    let isUniform = alternates && epoch % 2 == 0
    training = graph.pruned(
      ratio, weights: isUniform ? weights.map { _ in 1 } : weights, using: &generator)
  }
}
