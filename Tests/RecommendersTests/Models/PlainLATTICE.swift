import Autodiff
import Foundation
import LinearAlgebra
import Recommenders

/// LATTICE by definition, for the modalities image and text.
struct PlainLATTICE: PlainModel {
  /// Â.
  let adjacency: Plain
  /// lap(kNN(cos X)) of each modality, for X as it was read.
  let fixedGraphs: [String: Plain]
  let neighborCount: Int
  let penalty: Double
  var lambda = 0.9
  var layers = (userItem: 2, item: 1)
  /// Triples of a whole batch.
  var batchSize = Double(TinyWorld.triples.count)
  /// G in training, where it is a constant.
  var frozen: Plain?
  var projections: [String: Plain] = [:]
  /// Z̄ comes from NGCF, whose messages in training are multiplied by these.
  var messageMasks: [Plain]?

  private let names = ["image", "text"]

  init(
    adjacency: Plain, fixedGraphs: [String: Plain], neighborCount: Int, penalty: Double
  ) {
    self.adjacency = adjacency
    self.fixedGraphs = fixedGraphs
    self.neighborCount = neighborCount
    self.penalty = penalty
  }

  func encoded(_ p: [String: Plain], _ name: String) -> Plain {
    plainLinear(p["\(name).features"]!, p, name)
  }

  /// G.
  func itemGraph(_ p: [String: Plain]) -> Plain {
    let alpha = plainSoftmax(p["modal_weight"]!).rows[0]
    let learned = names.map { name -> Plain in
      let encoded = encoded(p, name)
      return plainNearest(
        encoded * (projections[name] ?? .identity(encoded.columnCount)), count: neighborCount)
    }
    let mixed = plainLaplacian(alpha[0] * learned[0] + alpha[1] * learned[1])
    let fixed = alpha[0] * fixedGraphs["image"]! + alpha[1] * fixedGraphs["text"]!
    return (1 - lambda) * mixed + lambda * fixed
  }

  /// Z̄.
  func nodes(_ p: [String: Plain], isTraining: Bool) -> Plain {
    let start = p["user_embedding"]!.above(p["item_embedding"]!)
    guard let messageMasks else {
      return 1 / Double(layers.userItem + 1) * plainLayers(adjacency, start, layers.userItem)
    }
    func leaky(_ x: Plain) -> Plain { x.mapped { $0 > 0 ? $0 : 0.01 * $0 } }
    var (current, sum) = (start, start)
    for layer in 1...layers.userItem {
      let neighbors = adjacency * current
      current =
        leaky(plainLinear(neighbors, p, "convolution.sum.\(layer)"))
        + leaky(
          plainLinear(
            plainProduct(current, neighbors), p, "convolution.product.\(layer)"))
      if isTraining { current = plainProduct(current, messageMasks[layer - 1]) }
      sum = sum + current.normalizedRows
    }
    return 1 / Double(layers.userItem + 1) * sum
  }

  private func forward(
    _ p: [String: Plain], graph: Plain, isTraining: Bool
  ) -> (users: Plain, items: Plain) {
    var neighbors = p["item_embedding"]!
    for _ in 0..<layers.item { neighbors = graph * neighbors }
    let (users, items) = nodes(p, isTraining: isTraining)
      .split(after: p["user_embedding"]!.rowCount)
    return (users, items + neighbors.normalizedRows)
  }

  func loss(_ p: [String: Plain], _ triples: Triples) -> Double {
    let (users, items) = forward(p, graph: frozen ?? itemGraph(p), isTraining: true)
    return plainNaturalLoss(plainMargins(users: users, items: items, triples))
      + penalty * plainBatchSquares(users: users, items: items, triples) / batchSize
  }

  func representations(_ p: [String: Plain]) -> (users: Plain, items: Plain) {
    forward(p, graph: itemGraph(p), isTraining: false)
  }
}
