import Autodiff
import Foundation
import LinearAlgebra
import Recommenders
import Statistics

/// LGMRec by definition, for the modalities image and text.
struct PlainLGMRec: PlainModel {
  /// What a forward pass draws: what is added to logits, and what shares are multiplied by.
  struct Draws {
    var noise: [String: Plain] = [:]
    var masks: [String: Plain] = [:]
  }

  let features: [String: Plain]
  /// R.
  let interactions: Plain
  /// Â.
  let adjacency: Plain
  var training = Draws()
  var scoring = Draws()
  var alpha = 0.3
  var contrastive = 0.05
  var penalty = 0.2
  var layers = (identity: 2, content: 2, hyper: 1)
  var projections: [String: Plain] = [:]

  private let names = ["image", "text"]

  init(features: [String: Plain], interactions: Plain, adjacency: Plain) {
    self.features = features
    self.interactions = interactions
    self.adjacency = adjacency
  }

  func encoded(_ p: [String: Plain], _ name: String) -> Plain {
    plainLinear(features[name]!, p, name)
  }

  private struct State {
    let users: Plain
    let items: Plain
    /// P and Y of each modality.
    let ofUsers: [Plain]
    let ofItems: [Plain]
  }

  private func forward(_ p: [String: Plain], _ draws: Draws) -> State {
    let (users, items) = (p["user_embedding"]!, p["item_embedding"]!)
    let identity =
      1 / Double(layers.identity + 1)
      * plainLayers(adjacency, users.above(items), layers.identity)
    var local = identity
    var (ofUsers, ofItems): ([Plain], [Plain]) = ([], [])
    for name in names {
      let content = encoded(p, name) * (projections[name] ?? .identity(users.columnCount))
      let means = plainScaledRows(
        interactions * content, interactions.rows.map { 1 / ($0.reduce(0, +) + 1e-7) })
      var nodes = means.above(content)
      for _ in 0..<layers.content { nodes = adjacency * nodes }
      local = local + nodes.normalizedRows

      let logits = plainLinear(features[name]!, p, "\(name).hyperedges")
      func shares(_ logits: Plain, _ place: String) -> Plain {
        let noisy = draws.noise[place].map { logits + $0 } ?? logits
        let all = plainSoftmax(1 / 0.2 * noisy)
        return draws.masks[place].map { plainProduct(all, $0) } ?? all
      }
      let shareOfItems = shares(logits, "\(name) items")
      let shareOfUsers = shares(interactions * logits, "\(name) users")
      var y = identity.split(after: users.rowCount).1
      var z = y
      for _ in 0..<layers.hyper {
        z = shareOfItems.transposed * y
        y = shareOfItems * z
      }
      ofUsers.append(shareOfUsers * z)
      ofItems.append(y)
    }
    let total = (ofUsers[0] + ofUsers[1]).above(ofItems[0] + ofItems[1])
    let result = (local + alpha * total.normalizedRows).split(after: users.rowCount)
    return State(users: result.0, items: result.1, ofUsers: ofUsers, ofItems: ofItems)
  }

  func loss(_ p: [String: Plain], _ triples: Triples) -> Double {
    let state = forward(p, training)
    func agreement(_ parts: [Plain], _ rows: [Int32]) -> Double {
      plainContrasts(
        parts[0].gathered(rows), parts[1].gathered(rows), candidates: parts[1],
        temperature: 0.2
      ).reduce(0, +)
    }
    return plainNaturalLoss(plainMargins(users: state.users, items: state.items, triples))
      + contrastive
      * (agreement(state.ofUsers, triples.users) + agreement(state.ofItems, triples.positives))
      + penalty * plainBatchPenalty(users: state.users, items: state.items, triples)
  }

  func representations(_ p: [String: Plain]) -> (users: Plain, items: Plain) {
    let state = forward(p, scoring)
    return (state.users, state.items)
  }
}

extension PlainLGMRec.Draws {
  /// What the model draws in training, or in scoring, where nothing is dropped.
  ///
  /// - Parameter seed: The seed of each purpose.
  init(hyperedges: Int, dropout: Double, seed: (String) -> UInt64) {
    let tape = Tape()
    for (name, count) in [("users", TinyWorld.users), ("items", TinyWorld.items)] {
      for place in ["image \(name)", "text \(name)"] {
        func constant(_ value: Float) -> Tensor {
          Tensor(
            constant: Matrix(rowCount: count, columnCount: hyperedges, repeating: value))
        }
        noise[place] = Plain(
          tape.addingGumbelNoise(to: constant(0), seed: seed("noise of \(place)")).matrix)
        masks[place] = Plain(
          tape.dropout(constant(1), rate: dropout, seed: seed("dropout of \(place)")).matrix)
      }
    }
  }
}
