import Foundation

/// SLMRec as it is defined, for two modalities or three.
struct PlainSLMRec: PlainModel {
  /// Name and features of each modality.
  let features: [(name: String, matrix: Plain)]
  let adjacency: Plain
  var layers = 3
  var temperature = 0.5
  var alignmentTemperature = 0.7
  var alignmentWeight = 0.6
  var projections: [String: Plain] = [:]

  func loss(_ p: [String: Plain], _ triples: Triples) -> Double {
    let channels = channels(p)
    let (users, items) = fused(channels, p)
    let cosines =
      users.normalizedRows.gathered(triples.users)
      * items.normalizedRows.gathered(triples.positives).transposed
    let batch = channels.map { $0.items.gathered(triples.positives) }
    return entropy(1 / temperature * cosines) + alignmentWeight * alignment(batch, p)
  }

  func representations(_ p: [String: Plain]) -> (users: Plain, items: Plain) {
    fused(channels(p), p)
  }

  func encoded(_ p: [String: Plain], _ name: String) -> Plain {
    linear(name, features.first { $0.name == name }!.matrix.normalizedRows, p)
  }

  private func linear(_ name: String, _ x: Plain, _ p: [String: Plain]) -> Plain {
    (x * p["\(name).weight"]!.transposed).adding(p["\(name).bias"]!.rows[0])
  }

  /// −mean ln softmax of the diagonal.
  private func entropy(_ scores: Plain) -> Double {
    plainMean(
      scores.rows.enumerated().map { a, row in
        let peak = row.max()!
        return peak + log(row.reduce(0) { $0 + exp($1 - peak) }) - row[a]
      })
  }

  private func alignment(_ batch: [Plain], _ p: [String: Plain]) -> Double {
    func term(_ anchors: Plain, _ name: String, _ channel: Plain) -> Double {
      let products = anchors * linear("alignment.\(name).target", channel, p).transposed
      return entropy(1 / alignmentTemperature * products)
    }
    let a = linear("alignment.first.anchor", batch[0], p)
    let c = linear("alignment.middle.anchor", a, p)
    let e = linear("alignment.last.anchor", c, p)
    let middle = batch.count > 3 ? term(c, "middle", batch[2]) : 0
    return term(a, "first", batch[1]) + middle + term(e, "last", batch[batch.count - 1])
  }

  private func channels(_ p: [String: Plain]) -> [(users: Plain, items: Plain)] {
    let users = p["user_embedding"]!
    let starts =
      [p["item_embedding"]!]
      + features.map {
        encoded(p, $0.name) * (projections[$0.name] ?? .identity(users.columnCount))
      }
    return starts.map { start in
      let smoothed =
        1 / Double(layers + 1) * plainLayers(adjacency, users.above(start), layers)
      let (users, items) = smoothed.split(after: users.rowCount)
      return (users, items)
    }
  }

  private func fused(
    _ channels: [(users: Plain, items: Plain)], _ p: [String: Plain]
  ) -> (users: Plain, items: Plain) {
    func joined(_ parts: [Plain]) -> Plain { parts.dropFirst().reduce(parts[0]) { $0.beside($1) } }
    return (
      linear("fusion.users", joined(channels.map(\.users)), p),
      linear("fusion.items", joined(channels.map(\.items)), p)
    )
  }
}
