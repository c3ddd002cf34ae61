import Foundation

/// Training triples of a reference.
struct Triples {
  let users: [Int32]
  let positives: [Int32]
  let negatives: [Int32]

  var count: Int { users.count }
}

/// A model as its definition has it, in double precision and without a tape.
protocol PlainModel {
  func loss(_ parameters: [String: Plain], _ triples: Triples) -> Double
  func representations(_ parameters: [String: Plain]) -> (users: Plain, items: Plain)
}

/// ⟨u, p⟩ − ⟨u, n⟩ of every triple.
func plainMargins(users: Plain, items: Plain, _ triples: Triples) -> [Double] {
  (0..<triples.count).map { b in
    let user = users.rows[Int(triples.users[b])]
    return dot(user, items.rows[Int(triples.positives[b])])
      - dot(user, items.rows[Int(triples.negatives[b])])
  }
}

func plainMean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

/// −mean ln(10⁻¹⁰ + σ(x)).
func plainGuardedLoss(_ margins: [Double]) -> Double {
  -plainMean(margins.map { log(1e-10 + logistic($0)) })
}

/// −mean ln σ(x).
func plainNaturalLoss(_ margins: [Double]) -> Double {
  -plainMean(margins.map { log(logistic($0)) })
}

/// (‖U_B‖ + ‖I_B⁺‖ + ‖I_B⁻‖)/B.
func plainBatchPenalty(users: Plain, items: Plain, _ triples: Triples) -> Double {
  let norms =
    users.gathered(triples.users).norm + items.gathered(triples.positives).norm
    + items.gathered(triples.negatives).norm
  return norms / Double(triples.count)
}

struct PlainMFBPR: PlainModel {
  let penalty: Double

  func loss(_ p: [String: Plain], _ triples: Triples) -> Double {
    let (users, items) = representations(p)
    return plainGuardedLoss(plainMargins(users: users, items: items, triples))
      + penalty * plainBatchPenalty(users: users, items: items, triples)
  }

  func representations(_ p: [String: Plain]) -> (users: Plain, items: Plain) {
    (p["user_embedding"]!, p["item_embedding"]!)
  }
}

struct PlainLightGCN: PlainModel {
  let adjacency: Plain
  let layers: Int
  let penalty: Double

  func loss(_ p: [String: Plain], _ triples: Triples) -> Double {
    let (users, items) = representations(p)
    return plainGuardedLoss(plainMargins(users: users, items: items, triples))
      + penalty
      * plainBatchPenalty(users: p["user_embedding"]!, items: p["item_embedding"]!, triples)
  }

  func representations(_ p: [String: Plain]) -> (users: Plain, items: Plain) {
    let all = p["user_embedding"]!.above(p["item_embedding"]!)
    let mean = 1 / Double(layers + 1) * plainLayers(adjacency, all, layers)
    return mean.split(after: p["user_embedding"]!.rowCount)
  }
}

struct PlainVBPR: PlainModel {
  /// Image and text features.
  let image: Plain
  let text: Plain
  /// Q of image and text.
  let projections: (image: Plain, text: Plain)?
  let penalty: Double

  func loss(_ p: [String: Plain], _ triples: Triples) -> Double {
    let (users, items) = representations(p)
    return plainGuardedLoss(plainMargins(users: users, items: items, triples))
      + penalty * plainBatchPenalty(users: users, items: items, triples)
  }

  func representations(_ p: [String: Plain]) -> (users: Plain, items: Plain) {
    (p["user_embedding"]!, p["item_embedding"]!.beside(content(p)))
  }

  private func content(_ p: [String: Plain]) -> Plain {
    let bias = p["content.bias"]!.rows[0]
    guard let projections else {
      // One map of the joined features, text first.
      let weight = p["text.weight"]!.beside(p["image.weight"]!)
      return (text.beside(image) * weight.transposed).adding(bias)
    }
    let (ofText, ofImage) = encoded(p)
    return (ofText * projections.text + ofImage * projections.image).adding(bias)
  }

  func encoded(_ p: [String: Plain]) -> (text: Plain, image: Plain) {
    (text * p["text.weight"]!.transposed, image * p["image.weight"]!.transposed)
  }
}

struct PlainFREEDOM: PlainModel {
  /// The epoch's graph Â_ρ, the whole one Â and the item graph S.
  let training: Plain
  let full: Plain
  let itemGraph: Plain
  let projections: [String: Plain]?
  let modalityWeight: Double
  var layers = (userItem: 2, item: 1)

  func loss(_ p: [String: Plain], _ triples: Triples) -> Double {
    let (users, items) = trainingRepresentations(p)
    var loss = plainNaturalLoss(plainMargins(users: users, items: items, triples))
    for modality in ["text", "image"] where modalityWeight > 0 {
      let features = encoded(p, modality) * (projections?[modality] ?? .identity(users.columnCount))
      loss +=
        modalityWeight
        * plainNaturalLoss(plainMargins(users: users, items: features, triples))
    }
    return loss
  }

  func trainingRepresentations(_ p: [String: Plain]) -> (users: Plain, items: Plain) {
    forward(training, p)
  }

  func representations(_ p: [String: Plain]) -> (users: Plain, items: Plain) { forward(full, p) }

  func encoded(_ p: [String: Plain], _ modality: String) -> Plain {
    (p["\(modality).features"]! * p["\(modality).weight"]!.transposed)
      .adding(p["\(modality).bias"]!.rows[0])
  }

  private func forward(_ adjacency: Plain, _ p: [String: Plain]) -> (users: Plain, items: Plain) {
    let (ofUsers, ofItems) = (p["user_embedding"]!, p["item_embedding"]!)
    var neighbors = ofItems
    for _ in 0..<layers.item { neighbors = itemGraph * neighbors }
    let smoothed =
      1 / Double(layers.userItem + 1)
      * plainLayers(adjacency, ofUsers.above(ofItems), layers.userItem)
    let (users, items) = smoothed.split(after: ofUsers.rowCount)
    return (users, items + neighbors)
  }
}

struct PlainCLEAR: PlainModel {
  var features: [String: Plain]
  /// A^drop, Â and A_mm.
  let training: Plain
  let full: Plain
  let itemGraph: Plain
  let penalty: Double
  var projections: [String: Plain] = [:]
  /// Column means that are taken away before projecting.
  var means: [String: [Double]] = [:]
  var fusesBySum = false
  var penalizesPropagated = false
  var layers = (userItem: 2, item: 1)

  var names = ["image", "text"]

  init(
    features: [String: Plain], training: Plain, full: Plain, itemGraph: Plain, penalty: Double
  ) {
    self.features = features
    self.training = training
    self.full = full
    self.itemGraph = itemGraph
    self.penalty = penalty
  }

  func encoded(_ p: [String: Plain], _ name: String) -> Plain {
    let hidden = (features[name]! * p["\(name).hidden.weight"]!.transposed)
      .adding(p["\(name).hidden.bias"]!.rows[0]).mapped { $0 >= 0 ? $0 : 0.01 * $0 }
    return (hidden * p["\(name).output.weight"]!.transposed)
      .adding(p["\(name).output.bias"]!.rows[0])
  }

  func propagated(_ adjacency: Plain, _ p: [String: Plain]) -> [Plain] {
    names.map { name in
      var x = encoded(p, name)
      if let means = means[name] { x = x.adding(means.map { -$0 }) }
      if let projection = projections[name] { x = x * projection }
      let nodes = p["\(name).preference"]!.above(x).normalizedRows
      return plainLayers(adjacency, nodes, layers.userItem)
    }
  }

  func forward(
    _ hidden: [Plain], _ p: [String: Plain]
  ) -> (users: Plain, items: Plain) {
    let weights = p["fusion_weight"]!
    let halves = hidden.map { $0.split(after: weights.rowCount) }
    let weighted = halves.enumerated().map { m, half in
      Plain(half.0.rows.enumerated().map { u, row in row.map { weights.rows[u][m] * $0 } })
    }
    func fused(_ parts: [Plain]) -> Plain {
      fusesBySum ? parts[0] + parts[1] : parts[0].beside(parts[1])
    }
    return (fused(weighted), smoothed(fused(halves.map(\.1))))
  }

  /// X + SᴷX.
  func smoothed(_ x: Plain) -> Plain {
    var hop = x
    for _ in 0..<layers.item { hop = itemGraph * hop }
    return x + hop
  }

  func loss(_ p: [String: Plain], _ triples: Triples) -> Double {
    let hidden = propagated(training, p)
    let (users, items) = forward(hidden, p)
    let ranking =
      plainNaturalLoss(plainMargins(users: users, items: items, triples)) / log(2)
    let weights = p["fusion_weight"]!
    let terms =
      penalizesPropagated
      ? hidden.map { $0.gathered(triples.users).meanSquare }
        + [weights.gathered(triples.users).meanSquare]
      : names.map { p["\($0).preference"]!.gathered(triples.users).meanSquare }
        + [weights.meanSquare]
    return ranking + penalty * terms.reduce(0, +)
  }

  func representations(_ p: [String: Plain]) -> (users: Plain, items: Plain) {
    forward(propagated(full, p), p)
  }
}
