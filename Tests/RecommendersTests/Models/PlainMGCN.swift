import Foundation

/// MGCN by definition, for the modalities image and text.
struct PlainMGCN: PlainModel {
  /// Â.
  let adjacency: Plain
  /// B.
  let itemGraphs: [String: Plain]
  let penalty: Double
  let contrastive: Double
  /// Triples of a whole batch.
  var batchSize = Double(TinyWorld.triples.count)
  /// Q.
  var projections: [String: Plain] = [:]
  /// Features that are not trained.
  var features: [String: Plain]?
  var layers = (userItem: 2, item: 1)

  private let names = ["image", "text"]

  init(
    adjacency: Plain, itemGraphs: [String: Plain], penalty: Double, contrastive: Double
  ) {
    self.adjacency = adjacency
    self.itemGraphs = itemGraphs
    self.penalty = penalty
    self.contrastive = contrastive
  }

  func encoded(_ p: [String: Plain], _ name: String) -> Plain {
    plainLinear(features?[name] ?? p["\(name).features"]!, p, name)
  }

  /// C and H, users above items.
  func views(_ p: [String: Plain]) -> (content: Plain, side: Plain) {
    let (users, items) = (p["user_embedding"]!, p["item_embedding"]!)
    let content =
      1 / Double(layers.userItem + 1)
      * plainLayers(adjacency, users.above(items), layers.userItem)
    let links = Plain(
      adjacency.rows.prefix(users.rowCount).map { Array($0[users.rowCount...]) })
    let views = names.map { name -> Plain in
      let projected =
        encoded(p, name) * (projections[name] ?? .identity(items.columnCount))
      var y = plainProduct(items, plainLinear(projected, p, "\(name).gate").mapped(logistic))
      for _ in 0..<layers.item { y = itemGraphs[name]! * y }
      return (links * y).above(y)
    }
    let scores = views.map { view in
      plainLinear(plainLinear(view, p, "query.hidden").mapped(tanh), p, "query.output")
    }
    let shares = plainSoftmax(scores[0].beside(scores[1])).transposed.rows
    let common = plainScaledRows(views[0], shares[0]) + plainScaledRows(views[1], shares[1])
    var side = common
    for (name, view) in zip(names, views) {
      let gate = plainLinear(content, p, "\(name).preference").mapped(logistic)
      side = side + plainProduct(gate, view - common)
    }
    return (content, 1.0 / 3 * side)
  }

  func loss(_ p: [String: Plain], _ triples: Triples) -> Double {
    let (content, side) = views(p)
    let (users, items) = representations(p)
    let (ofContent, ofSide) = (
      content.split(after: users.rowCount), side.split(after: users.rowCount)
    )
    func agreement(_ side: Plain, _ content: Plain, _ rows: [Int32]) -> Double {
      let candidates = content.gathered(rows)
      return plainMean(
        plainContrasts(
          side.gathered(rows), candidates, candidates: candidates, temperature: 0.2))
    }
    return plainNaturalLoss(plainMargins(users: users, items: items, triples))
      + penalty * plainBatchSquares(users: users, items: items, triples) / batchSize
      + contrastive
      * (agreement(ofSide.1, ofContent.1, triples.positives)
        + agreement(ofSide.0, ofContent.0, triples.users))
  }

  func representations(_ p: [String: Plain]) -> (users: Plain, items: Plain) {
    let (content, side) = views(p)
    return (content + side).split(after: p["user_embedding"]!.rowCount)
  }
}
