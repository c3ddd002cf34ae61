import Foundation

/// MMSSL by its definition.
struct PlainMMSSL: PlainModel {
  /// D^(−1/2) of one side times the edges: to users and to items.
  typealias Graph = (toUsers: Plain, toItems: Plain)

  let features: [String: Plain]
  /// The training items of every user.
  let own: [[Int32]]
  let graph: Graph
  /// G^m of image and text.
  var modalityGraphs: [Graph]
  var critic: PlainCritic
  /// What dropout multiplies F by, and the critic's hidden layers, in training.
  var masks: [String: Plain] = [:]
  var criticMasks: (Plain, Plain)
  var projections: [String: Plain] = [:]
  var layers = 2
  /// λ, λ_f, κ and γ.
  var weights = (penalty: 0.1, features: 0.05, contrast: 0.3, adversary: 0.01)
  let temperature = 0.5
  let names = ["image", "text"]

  struct State {
    let users: Plain
    let items: Plain
    let modalities: [(users: Plain, items: Plain)]
    let identityUsers: [Plain]
  }

  func encoded(_ p: [String: Plain], _ name: String) -> Plain {
    (features[name]! * p["\(name).weight"]!.transposed).adding(p["\(name).bias"]!.rows[0])
  }

  func state(_ p: [String: Plain], inTraining: Bool) -> State {
    let modalities = names.map { name in
      var x = encoded(p, name)
      if inTraining, let mask = masks[name] { x = Self.times(x, mask) }
      if let projection = projections[name] { x = x * projection }
      let users = graph.toUsers * x
      return (users: users, items: graph.toItems * users)
    }
    let (ofUsers, ofItems) = (p["user_embedding"]!, p["item_embedding"]!)
    let identityUsers = modalityGraphs.map { $0.toUsers * ofItems }
    let identityItems = modalityGraphs.map { $0.toItems * ofUsers }
    var users = [ofUsers + 0.36 * attention(identityUsers, p["mixing"]!).normalizedRows]
    var items = [ofItems + 0.36 * attention(identityItems, p["mixing"]!).normalizedRows]
    for layer in 1...layers {
      let isLast = layer == layers
      let next = graph.toUsers * items[layer - 1]
      users.append(isLast ? Self.softmax(next) : next)
      let after = graph.toItems * users[layer]
      items.append(isLast ? Self.softmax(after) : after)
    }
    func final(_ layers: [Plain], _ parts: [Plain]) -> Plain {
      let mean = 1 / Double(layers.count) * layers.dropFirst().reduce(layers[0]) { $0 + $1 }
      return parts.reduce(mean) { $0 + 0.55 * $1.normalizedRows }
    }
    return State(
      users: final(users, modalities.map(\.users)), items: final(items, modalities.map(\.items)),
      modalities: modalities, identityUsers: identityUsers)
  }

  /// Attention with heads over the modalities, whose values lie along the queries: however the keys
  /// are weighed, a query gets itself back.
  private func attention(_ parts: [Plain], _ mixing: Plain) -> Plain {
    let width = mixing.columnCount
    let results = parts.map { query in
      Plain(
        query.rows.enumerated().map { row, value in
          (0..<mixing.rowCount / width).flatMap { head -> [Double] in
            let scores = parts.map { exp(Double(head + 1) * dot(value, $0.rows[row])) }
            let sum = scores.reduce(0, +)
            return value.map { number in scores.reduce(0) { $0 + $1 / sum * number } }
          }
        })
    }
    return 1 / Double(parts.count)
      * results.dropFirst().reduce(results[0] * mixing) { $0 + $1 * mixing }
  }

  func representations(_ p: [String: Plain]) -> (users: Plain, items: Plain) {
    let state = state(p, inTraining: false)
    return (state.users, state.items)
  }

  /// a(P, Q) of the batch's users.
  func affinities(_ users: Plain, _ items: Plain, _ triples: Triples) -> Plain {
    plainAffinities(
      users: users.gathered(triples.users), items: items,
      own: triples.users.map { own[Int($0)] })
  }

  func loss(_ p: [String: Plain], _ triples: Triples) -> Double {
    let state = state(p, inTraining: true)
    let squares =
      [
        state.users.gathered(triples.users), state.items.gathered(triples.positives),
        state.items.gathered(triples.negatives),
      ].map { $0.norm * $0.norm }.reduce(0, +)
    let ofFeatures = state.modalities.map {
      $0.users.norm * $0.users.norm + $0.items.norm * $0.items.norm
    }.reduce(0, +)
    let rows = state.modalities.map { affinities($0.users, $0.items, triples) }
    let opinion = plainMean(critic.scores(rows[0].above(rows[1]), masks: criticMasks))
    return plainNaturalLoss(plainMargins(users: state.users, items: state.items, triples))
      + weights.penalty * squares / 2 / Double(triples.count)
      + weights.features * ofFeatures / 2 / Double(state.items.rowCount)
      + weights.contrast * contrast(state, triples) - weights.adversary * opinion
  }

  func contrast(_ state: State, _ triples: Triples) -> Double {
    let final = state.users.gathered(triples.users).normalizedRows
    return state.identityUsers.reduce(0) { sum, table in
      let anchors = table.gathered(triples.users).normalizedRows
      let losses = anchors.rows.indices.map { a in
        let own = anchors.rows.map { exp(dot(anchors.rows[a], $0) / temperature) }
        let other = final.rows.map { exp(dot(anchors.rows[a], $0) / temperature) }
        let all = own.reduce(0, +) + other.reduce(0, +) - own[a]
        return -log(other[a] / all + 1e-8)
      }
      return sum + plainMean(losses)
    }
  }

  private static func times(_ a: Plain, _ b: Plain) -> Plain {
    Plain(zip(a.rows, b.rows).map { zip($0, $1).map(*) })
  }

  private static func softmax(_ x: Plain) -> Plain {
    Plain(
      x.rows.map { row in
        let exponentials = row.map { exp($0) }
        let sum = exponentials.reduce(0, +)
        return exponentials.map { $0 / sum }
      })
  }
}

/// Both directions of a graph by definition; edges that repeat add up.
func plainOneSidedGraph(
  users: Int, items: Int, _ edges: [(Int32, Int32)]
) -> PlainMMSSL.Graph {
  var links = Plain.zeros(users, items)
  for (user, item) in edges { links.rows[Int(user)][Int(item)] += 1 }
  func divided(_ x: Plain) -> Plain {
    Plain(
      x.rows.map { row in
        let degree = row.reduce(0, +)
        return row.map { degree > 0 ? $0 / degree.squareRoot() : 0 }
      })
  }
  return (divided(links), divided(links.transposed))
}
