import Foundation

/// MENTOR by its definition, on the backbone of CLEAR's reference.
struct PlainMENTOR: PlainModel {
  var backbone: PlainCLEAR
  var weights = (align: 0.0, features: 0.0, graph: 0.0)
  var temperature = 0.2
  /// ρ·r of each hop, by branch.
  var noise: [String: [Plain]] = [:]
  /// What MaskF hides: 0, or what survivors are multiplied by.
  var masks: (users: Plain, items: Plain)?
  /// W and b of MaskF.
  var predictor: (weight: Plain, bias: [Double])?
  /// The parameters that MaskF sees, if they are constants.
  var frozen: [String: Plain]?

  func loss(_ p: [String: Plain], _ triples: Triples) -> Double {
    var loss = backbone.loss(p, triples)
    if weights.align > 0 { loss += weights.align * alignment(p) }
    if weights.features > 0 { loss += weights.features * hiddenFeatures(frozen ?? p) }
    if weights.graph > 0 { loss += weights.graph * perturbedGraphs(p) }
    return loss
  }

  func representations(_ p: [String: Plain]) -> (users: Plain, items: Plain) {
    backbone.representations(p)
  }

  func alignment(_ p: [String: Plain]) -> Double {
    let modalities = backbone.propagated(backbone.full, p)
    let (users, items) = backbone.forward(modalities, p)
    var guide = PlainCLEAR(
      features: ["guide": p["guide.items"]!], training: backbone.full, full: backbone.full,
      itemGraph: backbone.itemGraph, penalty: 0)
    guide.names = ["guide"]
    guide.layers = backbone.layers
    let views = ([guide.propagated(backbone.full, p)[0]] + modalities).map { table -> Plain in
      let (ofUsers, ofItems) = table.split(after: users.rowCount)
      let joined = backbone.smoothed(ofItems.beside(ofItems))
      return ofUsers.beside(ofUsers).above(joined)
    }
    let moments = ([users.above(items)] + views).map { table -> (mean: Double, variance: Double) in
      let elements = table.rows.flatMap { $0 }
      let mean = plainMean(elements)
      let squares = elements.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (mean, squares / Double(elements.count - 1))
    }
    var sum = 0.0
    for a in moments.indices {
      for b in moments.indices where b > a {
        sum += abs(moments[a].variance - moments[b].variance)
        sum += abs(moments[a].mean - moments[b].mean)
      }
    }
    return sum
  }

  func hiddenFeatures(_ p: [String: Plain]) -> Double {
    let weight = p["predictor.weight"] ?? predictor!.weight
    let bias = p["predictor.bias"]?.rows[0] ?? predictor!.bias
    let (users, items) = backbone.representations(p)
    return [(users, masks!.users), (items, masks!.items)].reduce(0) { sum, part in
      let predicted = (part.0 * weight.transposed).adding(bias)
      let cosines = part.0.rows.indices.map { row -> Double in
        let hidden = zip(part.0.rows[row], part.1.rows[row]).map { $0 * $1 }
        let target = predicted.rows[row]
        let norms = max(dot(hidden, hidden).squareRoot(), 1e-8)
          * max(dot(target, target).squareRoot(), 1e-8)
        return dot(hidden, target) / norms
      }
      return sum + 1 - plainMean(cosines)
    }
  }

  /// Users and items of a view.
  func view(_ number: Int, _ p: [String: Plain]) -> (users: Plain, items: Plain) {
    let tables = backbone.names.map { name -> Plain in
      var branch = backbone
      let own = "\(name).view\(number)"
      branch.features = [own: backbone.features[name]!]
      let nodes = p["\(own).preference"]!.above(branch.encoded(p, own)).normalizedRows
      var (sum, hop) = (nodes, nodes)
      for noise in noise[own]! {
        let clean = backbone.full * hop
        hop = Plain(
          zip(clean.rows, noise.rows).map { row, shifts in
            zip(row, shifts).map { x, shift in x > 0 ? x + shift : x < 0 ? x - shift : x }
          })
        sum = sum + hop
      }
      return sum
    }
    return backbone.forward(tables, p)
  }

  func perturbedGraphs(_ p: [String: Plain]) -> Double {
    let (first, second) = (view(1, p), view(2, p))
    return plainContrast(first.users, second.users, temperature: temperature)
      + plainContrast(first.items, second.items, temperature: temperature)
  }
}

/// −mean_a ln( exp(cos(a, b_a)/τ)/Σ_s exp(cos(a, b_s)/τ) ).
func plainContrast(_ anchors: Plain, _ candidates: Plain, temperature: Double) -> Double {
  let (a, b) = (anchors.normalizedRows, candidates.normalizedRows)
  let products = a * b.transposed
  return plainMean(
    products.rows.enumerated().map { row, cosines in
      log(cosines.reduce(0) { $0 + exp($1 / temperature) }) - cosines[row] / temperature
    })
}
