import Datasets
import LinearAlgebra
import Neighbors
import Redundancy

// What the reader modules give, as the diagnostics take it.

extension Modality {
  /// The features, or nil where there are only neighbour lists.
  package var matrix: Matrix<Float>? {
    if case .features(let features) = self { features.matrix } else { nil }
  }
}

extension NeighborLists {
  /// The lists of some anchors, or of all items.
  package init(_ lists: PrecomputedNeighbors, anchors: [Int]?) {
    let anchors = anchors ?? Array(0..<lists.items)
    let places = anchors.flatMap { $0 * lists.width..<($0 + 1) * lists.width }
    self.init(
      anchors: anchors, width: lists.width, indices: places.map { lists.indices[$0] },
      scores: places.map { lists.cosines[$0] })
  }
}

extension ItemChoices {
  /// Training and test interactions; validation is left out.
  package init(_ interactions: Interactions) {
    let kept = interactions.users.indices.filter { interactions.splits[$0] != 1 }
    self.init(
      userCount: interactions.userCount, users: kept.map { interactions.users[$0] },
      items: kept.map { interactions.items[$0] }, isTest: kept.map { interactions.splits[$0] == 2 })
  }
}

extension FisherSummary {
  init(_ ratio: FisherDiscriminantRatio) {
    self.init(
      modality: ratio.modality, medianRatio: ratio.medianRatio,
      shareBelowOne: ratio.shareBelowOne, randomPercentile: ratio.randomPercentile)
  }
}
