import Foundation

/// MMGCN by its definition.
struct PlainMMGCN: PlainModel {
  let features: [String: Plain]
  /// M.
  let means: Plain
  let penalty: Double
  /// Identities and users' vectors that are not trained; the others are parameters.
  var frozen: [String: Plain] = [:]
  /// Π of each modality.
  var projections: [String: Plain] = [:]
  var names = ["image", "text"]

  init(features: [String: Plain], means: Plain, penalty: Double) {
    self.features = features
    self.means = means
    self.penalty = penalty
  }

  /// F of a modality, unprojected.
  func encoded(_ p: [String: Plain], _ name: String) -> Plain {
    guard name == names[0] else { return features[name]! }
    return linear(features[name]!, p, "\(name).encoder")
  }

  func loss(_ parameters: [String: Plain], _ triples: Triples) -> Double {
    let (users, items) = representations(parameters)
    let ranking = plainNaturalLoss(plainMargins(users: users, items: items, triples))
    return ranking + penalty * omega(parameters, triples)
  }

  /// Written as the double sum it is: both pairs of a triple have their own rows.
  func omega(_ parameters: [String: Plain], _ triples: Triples) -> Double {
    let p = parameters.merging(frozen) { $1 }
    let preference = p["\(names[0]).preference"]!
    let (users, items) = p["identity"]!.split(after: preference.rowCount)
    var entries: [Double] = []
    for (user, pair) in zip(triples.users, zip(triples.positives, triples.negatives)) {
      for item in [pair.0, pair.1] {
        entries += zip(users.rows[Int(user)], items.rows[Int(item)]).map { $0 * $0 + $1 * $1 }
      }
    }
    return plainMean(entries) + preference.meanSquare
  }

  func representations(_ parameters: [String: Plain]) -> (users: Plain, items: Plain) {
    let p = parameters.merging(frozen) { $1 }
    var sum = 0 * p["identity"]!
    for name in names {
      var x = encoded(p, name)
      if let projection = projections[name] { x = x * projection }
      var nodes = p["\(name).preference"]!.above(x).normalizedRows
      for layer in 1...3 {
        let place = "\(name).layer\(layer)"
        let neighbors = leaky(means * (nodes * p["\(place).convolution"]!))
        let own = leaky(linear(nodes, p, "\(place).skip")) + p["identity"]!
        nodes = leaky(linear(neighbors.beside(own), p, "\(place).combination"))
      }
      sum = sum + nodes
    }
    let result = 1 / Double(names.count) * sum
    return result.split(after: p["\(names[0]).preference"]!.rowCount)
  }

  private func leaky(_ x: Plain) -> Plain { x.mapped { $0 >= 0 ? $0 : 0.01 * $0 } }

  private func linear(_ x: Plain, _ p: [String: Plain], _ name: String) -> Plain {
    (x * p["\(name).weight"]!.transposed).adding(p["\(name).bias"]!.rows[0])
  }
}

/// The mean over the neighbours of users above items; a row of zeros for a node without any.
func plainMeans(users: Int, items: Int, _ edges: [(Int32, Int32)]) -> Plain {
  var result = Plain.zeros(users + items, users + items)
  for (user, item) in edges {
    result.rows[Int(user)][users + Int(item)] = 1
    result.rows[users + Int(item)][Int(user)] = 1
  }
  return Plain(
    result.rows.map { row in
      let degree = row.reduce(0, +)
      return row.map { degree > 0 ? $0 / degree : 0 }
    })
}
