/// BM3 as it is defined. Targets are those of `fixed` parameters: no gradient flows into them.
struct PlainBM3: PlainModel {
  let names: [String]
  let adjacency: Plain
  let fixed: [String: Plain]
  /// What dropout multiplies the targets of `users`, `items` and the modalities with.
  let masks: [String: Plain]
  var layers = 1
  var penalty = 0.3
  var modalityWeight = 0.7
  var projections: [String: Plain] = [:]

  func loss(_ p: [String: Plain], _ triples: Triples) -> Double {
    let (users, items) = (triples.users, triples.positives)
    let tables = tables(p)
    let targets = self.tables(fixed).merging(masks) { table, mask in
      Plain(zip(table.rows, mask.rows).map { zip($0, $1).map(*) })
    }
    func rows(_ name: String) -> [Int32] { name == "users" ? users : items }
    func distance(_ online: String, _ target: String) -> Double {
      let a = predicted(tables[online]!, p).gathered(rows(online))
      let b = targets[target]!.gathered(rows(target))
      return 1
        - plainMean(
          zip(a.rows, b.rows).map { x, y in
            dot(x, y) / max((dot(x, x) * dot(y, y)).squareRoot(), 1e-8)
          })
    }
    let alignment = names.reduce(0) { $0 + distance($1, "items") }
    let masking = names.reduce(0) { $0 + distance($1, $1) }
    let norms = tables["users"]!.norm + tables["items"]!.norm
    return distance("users", "items") + distance("items", "users")
      + modalityWeight * (alignment + masking)
      + penalty * norms / Double(tables["items"]!.rowCount)
  }

  func representations(_ p: [String: Plain]) -> (users: Plain, items: Plain) {
    let tables = tables(p)
    return (predicted(tables["users"]!, p), predicted(tables["items"]!, p))
  }

  /// U, I and F of every modality.
  private func tables(_ p: [String: Plain]) -> [String: Plain] {
    let (ofUsers, ofItems) = (p["user_embedding"]!, p["item_embedding"]!)
    let smoothed =
      1 / Double(layers + 1) * plainLayers(adjacency, ofUsers.above(ofItems), layers)
    let (users, items) = smoothed.split(after: ofUsers.rowCount)
    var result = ["users": users, "items": items + ofItems]
    for name in names {
      result[name] = encoded(p, name) * (projections[name] ?? .identity(users.columnCount))
    }
    return result
  }

  func encoded(_ p: [String: Plain], _ name: String) -> Plain {
    (p["\(name).features"]! * p["\(name).weight"]!.transposed)
      .adding(p["\(name).bias"]!.rows[0])
  }

  private func predicted(_ x: Plain, _ p: [String: Plain]) -> Plain {
    (x * p["predictor.weight"]!.transposed).adding(p["predictor.bias"]!.rows[0])
  }
}
