import Autodiff
import LinearAlgebra
import Statistics

/// SLMRec: a graph convolution for identities and one for each modality, joined by a linear map
/// and trained by contrast alone, with fine and coarse alignment of the channels.
///
///     Q_id = E_i,  Q_m = x̂_m·D_mᵀ + c_m,  x̂ = rows of the features normalised
///     Z_s = (Z + ÂZ + … + ÂᴸZ)/(L + 1),  Z = [E_u; Q_s], with one E_u for all channels s
///     U = [Z_s[users]]_s·M_uᵀ + m_u,  I = [Z_s[items]]_s·M_iᵀ + m_i,  score(u, i) = ⟨u, i⟩
///     L = CE(cos(U_B, I_B)/τ) + α·Σ FAC,  CE(S) = −mean_a ln(exp S_aa / Σ_b exp S_ab)
///
/// FAC for two modalities 1, 2, with linear maps g of the batch's items and S = products/τ_ssl:
///
///     a = g₁(Z_id),  b = g₂(Z_1),  CE(a·bᵀ);  c = g₃(a),  e = g₄(c),  f = g₅(Z_2),  CE(e·fᵀ)
///
/// As published in code: FAC takes plain products in one direction, with nothing between the
/// chained maps; e and f are half as wide; users and items that occur twice in a batch are each
/// other's negatives. The last modality stands where text stood and those between it and the first
/// where sound stood, each with CE(c·g_a(Z_m)ᵀ); with two modalities g₃ stays in the chain and g_a
/// is there but never trained. Weight decay acts through the gradient. FAC is the only one of the
/// published tasks that can be trained.
///
/// Scores leave out the sigmoid, which ties where it saturates. They come from the parameters after
/// the last step; with `stale_scoring` from the last batch's tensors, as in the reference. The
/// plug-in projects Q_m, not what is propagated from E_u.
///
/// - Reference: [TLXWYHC22], as in MMRec [Zhou23]; [CLEAR26] for the plug-in.
final class SLMRec: Recommender {
  static let descriptor = ModelDescriptor(
    name: "slmrec", title: "SLMRec", reference: "TLXWYHC22",
    hyperParameters: [
      .embeddingSize,
      .layers("n_layers", "hops over the user–item graph", default: 3),
      temperature("temp", "temperature τ of the main loss", grid: []),
      temperature("ssl_temp", "temperature of the alignment", grid: [0.1, 0.2, 0.5, 1.0]),
      HyperParameter(
        "ssl_alpha", "weight α of the alignment", .number(0...Double.greatestFiniteMagnitude),
        default: .number(0.1), grid: [0.01, 0.05, 0.1, 0.5, 1.0].map { .number($0) }),
      .choice(
        "adj_type", "how the graph is normalised", AdjacencyNormalization.self, default: .pre),
      .learningRate(default: 1e-2, grid: [1e-4, 1e-3, 1e-2, 1e-1]),
      .ofProtocol(
        "weight_decay", "L2 term added to the gradient", default: .number(1e-4)),
      .flag("stale_scoring", "whether the last batch's tensors score"),
    ], takesProjection: true
  ) { input, settings, projection, streams in
    try SLMRec(input, settings, projection, streams)
  }

  private static func temperature(
    _ name: String, _ summary: String, grid: [Double]
  ) -> HyperParameter {
    HyperParameter(
      name, summary, .number(1e-6...Double.greatestFiniteMagnitude), default: .number(0.2),
      grid: grid.map { .number($0) })
  }

  let parameters: [Parameter]
  private let evaluation = Tape(isRecording: false)
  let projector: SubspaceProjector?
  private let names: [String]
  private let features: [Tensor]
  private let embeddings: Tensor
  private let encoders: [LinearLayer]
  private let fusion: (users: LinearLayer, items: LinearLayer)
  private let alignment: FineAndCoarseAlignment
  private let adjacency: SparseOperator
  private let userCount: Int
  private let layers: Int
  private let temperature: Double
  private let alignmentTemperature: Double
  private let alignmentWeight: Double
  private var stale: StaleRepresentations?

  private init(
    _ input: ModelInput, _ settings: HyperParameters, _ projection: ProjectionOptions?,
    _ streams: RandomStreams
  ) throws {
    let matrices = try input.features(for: Self.descriptor, atLeast: 2)
    let width = settings.integer("embedding_size")
    userCount = input.userCount
    layers = settings.integer("n_layers")
    temperature = settings.number("temp")
    alignmentTemperature = settings.number("ssl_temp")
    alignmentWeight = settings.number("ssl_alpha")
    adjacency = UserItemGraph(input, degreeOffset: 1e-8)
      .adjacency(settings.choice("adj_type"))
    names = matrices.map(\.name)
    let tape = Tape(isRecording: false)
    features = matrices.map {
      Tensor(constant: tape.normalizedRows(Tensor(constant: $0.matrix)).matrix)
    }
    let (embeddings, tables) = idEmbeddings(input, width: width, streams)
    self.embeddings = embeddings
    var generator = streams.generator(for: "initialization of maps")
    func map(_ name: String, _ inputs: Int) -> LinearLayer {
      LinearLayer(
        name, inputs: inputs, outputs: width, weights: .xavierUniform, biases: .fanIn,
        using: &generator)
    }
    encoders = matrices.map { map($0.name, $0.matrix.columnCount) }
    let joined = width * (matrices.count + 1)
    fusion = (users: map("fusion.users", joined), items: map("fusion.items", joined))
    alignment = FineAndCoarseAlignment(
      modalityCount: matrices.count, width: width, using: &generator)
    let maps = encoders + [fusion.users, fusion.items] + alignment.maps
    parameters = tables + maps.flatMap(\.parameters)
    projector = projection.map { SubspaceProjector($0, streams: streams) }
    if settings.flag("stale_scoring") {
      stale = StaleRepresentations(scored(channels(on: evaluation.restarted), on: evaluation))
    }
  }

  var buffers: [Buffer] { stale?.buffers ?? [] }

  func beginEpoch(_ epoch: Int) throws {
    try projector?.refresh(epoch) {
      let tape = evaluation.restarted
      return encoded(on: tape).map(\.matrix)
    }
  }

  func loss(of batch: Batch, on tape: Tape) -> Loss {
    let channels = channels(on: tape)
    if let stale {
      let (users, items) = scored(channels, on: tape)
      stale.keep(users: users, items: items)
    }
    let users = channels.map { tape.gathered($0.users, rows: batch.users) }
    let items = channels.map { tape.gathered($0.items, rows: batch.positives) }
    let candidates = tape.normalizedRows(fusion.items(tape.joined(items), on: tape))
    let main = tape.infoNCE(
      anchors: tape.normalizedRows(fusion.users(tape.joined(users), on: tape)),
      positives: candidates, candidates: candidates, temperature: temperature)
    let aligned = alignment.loss(items, temperature: alignmentTemperature, on: tape)
    return Loss(
      sumOf: [("main", main), ("alignment", tape.scaled(aligned, by: alignmentWeight))],
      on: tape)
  }

  func representations() -> Representations {
    if let stale { return stale.representations }
    let tape = evaluation.restarted
    let (users, items) = scored(channels(on: tape), on: tape)
    return Representations(users: users.matrix, items: items.matrix)
  }

  func modalityEmbeddings() -> [ModalityEmbedding] {
    let tape = evaluation.restarted
    return projectedEmbeddings(names, encoded(on: tape), by: projector, on: tape)
  }

  /// Y_m = x̂_m·D_mᵀ + c_m of each modality, unless `projector` makes it Q_m.
  private func encoded(on tape: Tape, projector: SubspaceProjector? = nil) -> [Tensor] {
    zip(encoders, features).enumerated().map { modality, part in
      part.0(part.1, on: tape, projector: projector, modality: modality)
    }
  }

  /// Z_s of users and items, the identities' channel first.
  private func channels(on tape: Tape) -> [(users: Tensor, items: Tensor)] {
    let (users, _) = tape.split(embeddings, after: userCount)
    let starts =
      [embeddings]
      + encoded(on: tape, projector: projector).map { tape.stacked([users, $0]) }
    return starts.map { start in
      let smoothed = tape.propagated(adjacency, start, layers: layers, combination: .mean)
      let (users, items) = tape.split(smoothed, after: userCount)
      return (users, items)
    }
  }

  /// U and I of all users and items.
  private func scored(
    _ channels: [(users: Tensor, items: Tensor)], on tape: Tape
  ) -> (users: Tensor, items: Tensor) {
    (
      users: fusion.users(tape.joined(channels.map(\.users)), on: tape),
      items: fusion.items(tape.joined(channels.map(\.items)), on: tape)
    )
  }
}

/// The maps and the loss of fine and coarse alignment.
private struct FineAndCoarseAlignment {
  /// A map g of what is aligned with a modality, and one of the modality itself.
  private typealias Pair = (anchor: LinearLayer, target: LinearLayer)

  /// g₁ and g₂.
  private let first: Pair
  /// g₃ and g_a, for each modality between the first and the last.
  private let middle: [Pair]
  /// g₄ and g₅.
  private let last: Pair
  private let modalityCount: Int

  init(modalityCount: Int, width: Int, using generator: inout SeededGenerator) {
    self.modalityCount = modalityCount
    func pair(_ name: String, outputs: Int) -> Pair {
      func map(_ side: String) -> LinearLayer {
        LinearLayer(
          "\(name).\(side)", inputs: width, outputs: outputs, weights: .xavierUniform,
          biases: .fanIn, using: &generator)
      }
      return (anchor: map("anchor"), target: map("target"))
    }
    first = pair("alignment.first", outputs: width)
    middle = (0..<max(1, modalityCount - 2)).map { place in
      pair("alignment.middle\(place == 0 ? "" : String(place + 1))", outputs: width)
    }
    last = pair("alignment.last", outputs: max(1, width / 2))
  }

  var maps: [LinearLayer] { ([first] + middle + [last]).flatMap { [$0.anchor, $0.target] } }

  /// Σ CE over the modalities, for the batch's rows of every channel.
  func loss(_ channels: [Tensor], temperature: Double, on tape: Tape) -> Tensor {
    func entropy(_ anchors: Tensor, _ pair: Pair, _ channel: Tensor) -> Tensor {
      let targets = pair.target(channel, on: tape)
      return tape.infoNCE(
        anchors: anchors, positives: targets, candidates: targets, temperature: temperature)
    }
    var anchors = first.anchor(channels[0], on: tape)
    var sum = entropy(anchors, first, channels[1])
    for (place, pair) in middle.enumerated() {
      anchors = pair.anchor(anchors, on: tape)
      if modalityCount > 2 {
        sum = tape.sum(sum, entropy(anchors, pair, channels[2 + place]))
      }
    }
    anchors = last.anchor(anchors, on: tape)
    return tape.sum(sum, entropy(anchors, last, channels[modalityCount]))
  }
}
