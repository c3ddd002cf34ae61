import Foundation

/// DualGNN by its definition.
struct PlainDualGNN: PlainModel {
  let features: [String: Plain]
  let adjacency: Plain
  /// S.
  let userLinks: Plain
  let penalty: Double
  var projections: [String: Plain] = [:]
  var names = ["image", "text"]
  /// Whether the first weight acts on the first modality alone.
  var weighsOwn = false

  init(features: [String: Plain], adjacency: Plain, userLinks: Plain, penalty: Double) {
    self.features = features
    self.adjacency = adjacency
    self.userLinks = userLinks
    self.penalty = penalty
  }

  func encoded(_ p: [String: Plain], _ name: String) -> Plain {
    let hidden = (features[name]! * p["\(name).hidden.weight"]!.transposed)
      .adding(p["\(name).hidden.bias"]!.rows[0]).mapped { $0 >= 0 ? $0 : 0.01 * $0 }
    return (hidden * p["\(name).output.weight"]!.transposed)
      .adding(p["\(name).output.bias"]!.rows[0])
  }

  func representations(_ p: [String: Plain]) -> (users: Plain, items: Plain) {
    let halves = names.map { name in
      var x = encoded(p, name)
      if let projection = projections[name] { x = x * projection }
      let nodes = p["\(name).preference"]!.above(x).normalizedRows
      return (nodes + adjacency * nodes + adjacency * (adjacency * nodes))
        .split(after: userLinks.rowCount)
    }
    guard names.count == 2 else {
      return (halves[0].0 + userLinks * halves[0].0, halves[0].1)
    }
    let weights = p["user_weight"]!
    func scaled(_ x: Plain, _ column: Int) -> Plain {
      Plain(x.rows.enumerated().map { u, row in row.map { weights.rows[u][column] * $0 } })
    }
    let first = weighsOwn ? halves[0].0 : halves[0].0 + halves[1].0
    let users = scaled(first, 0) + scaled(halves[1].0, 1)
    return (users + userLinks * users, halves[0].1 + halves[1].1)
  }

  func loss(_ p: [String: Plain], _ triples: Triples) -> Double {
    let (users, items) = representations(p)
    let ranking = plainNaturalLoss(plainMargins(users: users, items: items, triples)) / log(2)
    let squares =
      names.map { p["\($0).preference"]!.gathered(triples.users).meanSquare }
      + [p["user_weight"]!.meanSquare, p["item_weight"]!.meanSquare]
    return ranking + penalty * squares.reduce(0, +)
  }
}
