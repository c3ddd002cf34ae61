import Autodiff
import Datasets
import LinearAlgebra
import Statistics

/// LGMRec: embeddings of identity and content smoothed over the user–item graph, and a
/// hypergraph of a few hyperedges for each modality, to which users and items belong softly.
///
///     C = (E + ÂE + … + ÂᴸE)/(L + 1),  F_m = X_m·W_mᵀ,  G_m = Âᴷ·[D⁻¹R·F_m; F_m]
///     A_i = softmax((X_m·Q_mᵀ + g)/τ),  A_u = softmax((R·X_m·Q_mᵀ + g)/τ),  τ = 0.2
///     Y⁰ = C[items],  Zˡ = Ã_iᵀ·Yˡ⁻¹,  Yˡ = Ã_i·Zˡ,  Pˡ = Ã_u·Zˡ,  Γ_m = [P; Y] of the last l
///     [u; i] = C + Σ_m rows of G_m normalised + α·rows of Σ_m Γ_m normalised
///     L = −mean ln σ(x) + μ·(ℓ(P_v, P_t) + ℓ(Y_v, Y_t)) + λ·(‖U_B‖ + ‖I_B⁺‖ + ‖I_B⁻‖)/B
///
/// g is Gumbel noise and Ã is A after a dropout of 1 − `keep_rate`, both drawn for every batch. ℓ
/// is InfoNCE of normalised rows at temperature 0.2, from the batch's users or positives to the
/// second modality's rows of all users or items. Kept as published: ℓ is a sum over the batch, not
/// a mean; users' logits are sums over their items, so that active users belong to one hyperedge
/// nearly; only the last layer of G counts; the hypergraph has no degrees; the features are not
/// trained; and scores have noise too, drawn once for every epoch, here for all users at once,
/// unless `noise_free_scoring`. Defaults are those of Baby; the published run on Sports had
/// `n_hyper_layer` 4, `keep_rate` 0.4 and `alpha` 0.6, that on Clothing 2, 0.2 and 0.2 with
/// `hyper_num` 64.
///
/// The plug-in projects F_m; the hyperedges see the features as they are.
///
/// - Reference: [GLLWSR24].
final class LGMRec: Recommender {
  static let descriptor = ModelDescriptor(
    name: "lgmrec", title: "LGMRec", reference: "GLLWSR24",
    hyperParameters: [
      .embeddingSize,
      .choice("cf_model", "what users and items start from", Identity.self, default: .lightgcn),
      .layers(
        "n_ui_layers", "hops of identity over the user–item graph", default: 2,
        grid: [1, 2, 3, 4]),
      .layers(
        "n_mm_layers", "hops of content over the user–item graph", default: 2,
        grid: [0, 1, 2, 3, 4]),
      HyperParameter(
        "n_hyper_layer", "hops over the hypergraphs", .integer(1...64), default: .integer(1),
        grid: [1, 2, 3, 4].map { .integer($0) }),
      HyperParameter(
        "hyper_num", "hyperedges of a modality", .integer(1...65_536), default: .integer(4),
        grid: [2, 4, 8, 16, 32, 64, 128, 256].map { .integer($0) }),
      HyperParameter(
        "keep_rate", "share of memberships that a batch keeps", .number(1e-6...1),
        default: .number(0.5), grid: (1...10).map { .number(Double($0) / 10) }),
      .weight(
        "alpha", "weight of the hypergraphs", default: 0.3,
        grid: [0, 0.01, 0.05] + (1...10).map { Double($0) / 10 }),
      .weight(
        "cl_weight", "weight of the contrastive loss", default: 1e-4,
        grid: [0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1]),
      .penalty(default: 1e-6, grid: [0, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1]),
      .flag("noise_free_scoring", "whether scores go without Gumbel noise"),
    ], takesProjection: true
  ) { input, settings, projection, streams in
    try LGMRec(input, settings, projection, streams)
  }

  /// What C is: the embeddings smoothed, or as they are.
  enum Identity: String, CaseIterable { case lightgcn, mf }

  /// τ, and the temperature of the contrastive loss; both constants of the authors' program.
  private static let temperature = 0.2

  let parameters: [Parameter]
  private let evaluation = Tape(isRecording: false)
  let projector: SubspaceProjector?
  private let embeddings: Tensor
  private let names: [String]
  private let features: [Tensor]
  /// W and Q.
  private let maps: [LinearLayer]
  private let hyperedges: [LinearLayer]
  private let userCount: Int
  private let adjacency: SparseOperator
  /// R, users × items, and D⁻¹R.
  private let interactions: SparseOperator
  private let means: SparseOperator
  private let layers: (identity: Int, content: Int, hyper: Int)
  private let dropout: Double
  private let weights: (global: Double, contrastive: Double, penalty: Double)
  private let isScoringNoisy: Bool
  private let streams: RandomStreams
  /// The epoch, 1 × 1: the noise in scores is drawn from it.
  private let epoch = Tensor(constant: Matrix(rowCount: 1, columnCount: 1))

  private init(
    _ input: ModelInput, _ settings: HyperParameters, _ projection: ProjectionOptions?,
    _ streams: RandomStreams
  ) throws {
    let matrices = try input.features(for: Self.descriptor, atLeast: 2)
    let width = settings.integer("embedding_size")
    userCount = input.userCount
    self.streams = streams
    let identity: Identity = settings.choice("cf_model")
    layers = (
      identity == .mf ? 0 : settings.integer("n_ui_layers"), settings.integer("n_mm_layers"),
      settings.integer("n_hyper_layer")
    )
    dropout = 1 - settings.number("keep_rate")
    weights = (
      settings.number("alpha"), settings.number("cl_weight"), settings.number("reg_weight")
    )
    isScoringNoisy = !settings.flag("noise_free_scoring")
    let graph = UserItemGraph(input, degreeOffset: 1e-7)
    adjacency = graph.normalizedAdjacency()
    interactions = graph.interactionMatrix { _, _ in 1 }
    means = graph.interactionMatrix { degree, _ in 1 / (degree + graph.degreeOffset) }
    names = matrices.map(\.name)
    features = matrices.map { Tensor(features: $0.matrix) }
    let (embeddings, tables) = idEmbeddings(input, width: width, streams)
    self.embeddings = embeddings
    var generator = streams.generator(for: "initialization of maps")
    func linear(_ name: String, outputs: Int) -> [LinearLayer] {
      matrices.map {
        LinearLayer(
          "\($0.name)\(name)", inputs: $0.matrix.columnCount, outputs: outputs,
          weights: .xavierUniform, biases: .none, using: &generator)
      }
    }
    maps = linear("", outputs: width)
    hyperedges = linear(".hyperedges", outputs: settings.integer("hyper_num"))
    parameters = tables + (maps + hyperedges).flatMap(\.parameters)
    projector = projection.map { SubspaceProjector($0, streams: streams) }
  }

  /// A checkpoint scores with the noise that it was evaluated with.
  var buffers: [Buffer] { [Buffer("epoch", epoch)] }

  func beginEpoch(_ epoch: Int) throws {
    self.epoch.assign(Matrix(rowCount: 1, columnCount: 1, repeating: Float(epoch)))
    try projector?.refresh(epoch) { encoded(on: evaluation.restarted).map(\.matrix) }
  }

  func loss(of batch: Batch, on tape: Tape) -> Loss {
    let draws = Draws(dropout: dropout, isNoisy: true) { [streams] in
      streams.seed(for: $0, batch)
    }
    let (users, items, memberships) = forward(draws, on: tape)
    return Loss(
      ranking: tape.rankingLoss(users: users, items: items, batch, form: .natural),
      [
        (
          "contrastive", weights.contrastive * Double(batch.count),
          { self.agreement(memberships[0], memberships[1], batch, on: tape) }
        ),
        (
          "penalty", weights.penalty, { tape.batchPenalty(users: users, items: items, batch) }
        ),
      ], on: tape)
  }

  func representations() -> Representations {
    let draws = Draws(dropout: 0, isNoisy: isScoringNoisy) { [streams, epoch] in
      var generator = streams.generator(for: "\($0), scoring", item: Int(epoch.scalar))
      return generator.next()
    }
    let (users, items, _) = forward(draws, on: evaluation.restarted)
    return Representations(users: users.matrix, items: items.matrix)
  }

  func modalityEmbeddings() -> [ModalityEmbedding] {
    let tape = evaluation.restarted
    return projectedEmbeddings(names, encoded(on: tape), by: projector, on: tape)
  }

  /// What a forward pass draws, and the seed of each purpose.
  private struct Draws {
    let dropout: Double
    let isNoisy: Bool
    let seed: (_ purpose: String) -> UInt64
  }

  /// P and Y of a modality.
  private typealias Memberships = (users: HypergraphNodes, items: HypergraphNodes)

  private func forward(
    _ draws: Draws, on tape: Tape
  ) -> (users: Tensor, items: Tensor, memberships: [Memberships]) {
    let identity = tape.propagated(
      adjacency, embeddings, layers: layers.identity, combination: .mean)
    let local = encoded(on: tape, projector: projector).reduce(identity) { sum, encoded in
      let nodes = tape.stacked([tape.product(means, encoded), encoded])
      let last = (0..<layers.content).reduce(nodes) { x, _ in tape.product(adjacency, x) }
      return tape.sum(sum, tape.normalizedRows(last))
    }
    let (_, items) = tape.split(identity, after: userCount)
    let global = names.indices.map { hypergraph(of: items, modality: $0, draws, on: tape) }
    let parts = global.map { tape.stacked([$0.users.rows, $0.items.rows]) }
    let total = parts.dropFirst().reduce(parts[0]) { tape.sum($0, $1) }
    let result = tape.split(
      tape.sum(local, tape.scaled(tape.normalizedRows(total), by: weights.global)),
      after: userCount)
    return (result.first, result.second, global)
  }

  /// F of each modality, unless `projector` projects it.
  private func encoded(on tape: Tape, projector: SubspaceProjector? = nil) -> [Tensor] {
    features.indices.map {
      maps[$0](features[$0], on: tape, projector: projector, modality: $0)
    }
  }

  /// P and Y of a modality, for the items' rows of C.
  private func hypergraph(
    of items: Tensor, modality: Int, _ draws: Draws, on tape: Tape
  ) -> Memberships {
    let name = names[modality]
    let logits = hyperedges[modality](features[modality], on: tape)
    let ofItems = HypergraphNodes.propagated(
      items, shares: shares(logits, "\(name) items", draws, on: tape), layers: layers.hyper,
      on: tape)
    let ofUsers = shares(
      tape.product(interactions, logits), "\(name) users", draws, on: tape)
    return (
      HypergraphNodes(shares: ofUsers, hyperedges: ofItems.hyperedges, on: tape), ofItems
    )
  }

  /// Ã for logits.
  private func shares(
    _ logits: Tensor, _ purpose: String, _ draws: Draws, on tape: Tape
  ) -> Tensor {
    let noisy =
      draws.isNoisy
      ? tape.addingGumbelNoise(to: logits, seed: draws.seed("noise of \(purpose)")) : logits
    return tape.dropout(
      tape.softmax(tape.scaled(noisy, by: 1 / Self.temperature)), rate: draws.dropout,
      seed: draws.seed("dropout of \(purpose)"))
  }

  /// ℓ(P_v, P_t) + ℓ(Y_v, Y_t), as means over the batch.
  private func agreement(
    _ first: Memberships, _ second: Memberships, _ batch: Batch, on tape: Tape
  ) -> Tensor {
    tape.sum(
      first.users.agreement(
        with: second.users, at: batch.users, temperature: Self.temperature, on: tape),
      first.items.agreement(
        with: second.items, at: batch.positives, temperature: Self.temperature, on: tape))
  }
}
