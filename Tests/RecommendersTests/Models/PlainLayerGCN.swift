import Foundation

/// LayerGCN as it is defined.
struct PlainLayerGCN: PlainModel {
  /// The epoch's graph and the whole one.
  let training: Plain
  let full: Plain
  let layers: Int
  let penalty: Double

  func loss(_ p: [String: Plain], _ triples: Triples) -> Double {
    let (users, items) = refined(training, p)
    let ranking = plainMargins(users: users, items: items, triples)
      .reduce(0) { $0 - log(logistic($1)) }
    let rows = [
      p["user_embedding"]!.gathered(triples.users),
      p["item_embedding"]!.gathered(triples.positives),
      p["item_embedding"]!.gathered(triples.negatives),
    ]
    return ranking + penalty * rows.reduce(0) { $0 + 0.5 * $1.norm * $1.norm }
  }

  func representations(_ p: [String: Plain]) -> (users: Plain, items: Plain) { refined(full, p) }

  private func refined(_ adjacency: Plain, _ p: [String: Plain]) -> (users: Plain, items: Plain) {
    let start = p["user_embedding"]!.above(p["item_embedding"]!)
    var (sum, current) = (Plain.zeros(start.rowCount, start.columnCount), start)
    for _ in 0..<layers {
      let hidden = adjacency * current
      current = Plain(
        zip(hidden.rows, start.rows).map { h, e in
          let norms = [h, e].map { max(dot($0, $0).squareRoot(), 1e-8) }
          let w = dot(h, e) / (norms[0] * norms[1])
          return h.map { w * $0 }
        })
      sum = sum + current
    }
    return sum.split(after: p["user_embedding"]!.rowCount)
  }
}
