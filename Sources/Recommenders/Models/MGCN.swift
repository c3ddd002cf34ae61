import Autodiff
import Datasets
import LinearAlgebra
import Statistics

/// MGCN: features that only gate the items' embeddings, smoothed on an item graph for each
/// modality and fused beside a user–item view.
///
///     F_m = X_m·W_mᵀ + b_m,  Y_m = B_mᴷ·(E_i ⊙ σ(F_m·G_mᵀ + g_m)),  Z_m = [R̂·Y_m; Y_m]
///     C = (E + ÂE + … + ÂᴸE)/(L + 1)
///     s_m = ⟨q, tanh(Z_m·Qᵀ + b)⟩,  a = softmax over m of s,  K = Σ_m a_m ⊙ Z_m
///     S_m = σ(C·P_mᵀ + p_m) ⊙ (Z_m − K),  H = (K + Σ_m S_m)/(modalities + 1)
///     [u; i] = C + H
///     L = −mean ln σ(x) + γ·½(‖U_B‖² + ‖I_B⁺‖² + ‖I_B⁻‖²)/B + μ·(ℓ(H_p, C_p) + ℓ(H_u, C_u))
///
/// ℓ is InfoNCE of normalised rows within the batch, at temperature 0.2. Kept as published: the
/// features X_m are trained, unless `freeze_features`, which is no published setting; the penalty
/// is divided by the configured batch size also in the last, shorter batch; the item graphs B_m
/// keep their cosines and are directed, with row sums on both sides; γ is on the rows that score.
/// `cl_loss` μ was published as a grid only, in whose middle the default lies.
///
/// The plug-in projects F_m. Â has no self loops, and R̂ is its users' rows and items' columns.
///
/// - Reference: [YTLB23].
final class MGCN: Recommender {
  static let descriptor = ModelDescriptor(
    name: "mgcn", title: "MGCN", reference: "YTLB23",
    hyperParameters: [
      .embeddingSize,
      .layers("n_ui_layers", "hops over the user–item graph", default: 2),
      .layers("n_layers", "hops over the item graphs", default: 1),
      .neighborCount,
      .penalty(default: 1e-4, grid: []),
      .weight(
        "cl_loss", "weight of the contrastive loss", default: 0.01, grid: [0.001, 0.01, 0.1]),
      .flag("freeze_features", "whether the features stay as they are; published: trained"),
      .learningRateSchedule(factor: 0.96, period: 50),
    ], takesProjection: true
  ) { input, settings, projection, streams in
    try MGCN(input, settings, projection, streams)
  }

  /// Temperature of the contrastive loss, a constant of the authors' program.
  private static let temperature = 0.2

  let parameters: [Parameter]
  private let evaluation = Tape(isRecording: false)
  let projector: SubspaceProjector?
  private let embeddings: Tensor
  private let encoders: [FeatureEncoder]
  /// G, P, Q and q.
  private let gates: [LinearLayer]
  private let preferences: [LinearLayer]
  private let query: (hidden: LinearLayer, output: LinearLayer)
  private let userCount: Int
  private let adjacency: SparseOperator
  /// R̂, users × items.
  private let links: SparseOperator
  /// B of each modality.
  private let itemGraphs: [SparseOperator]
  private let layers: (userItem: Int, item: Int)
  private let weights: (penalty: Double, contrastive: Double)

  private init(
    _ input: ModelInput, _ settings: HyperParameters, _ projection: ProjectionOptions?,
    _ streams: RandomStreams
  ) throws {
    let matrices = try input.features(for: Self.descriptor, atLeast: 2)
    let width = settings.integer("embedding_size")
    userCount = input.userCount
    layers = (settings.integer("n_ui_layers"), settings.integer("n_layers"))
    weights = (settings.number("reg_weight"), settings.number("cl_loss"))
    let graph = UserItemGraph(input, degreeOffset: 0)
    adjacency = graph.normalizedAdjacency()
    links = graph.interactionMatrix { 1 / ($0 * $1).squareRoot() }
    itemGraphs = try input.modalities.map {
      try ItemGraph.weighted($0, count: settings.integer("knn_k"))
    }
    let (embeddings, tables) = idEmbeddings(input, width: width, streams)
    self.embeddings = embeddings
    encoders = matrices.map {
      FeatureEncoder(
        $0, width: width, isFrozen: settings.flag("freeze_features"), streams)
    }
    var generator = streams.generator(for: "initialization of gates")
    func layer(_ name: String, outputs: Int = width, biases: LinearLayer.Biases = .fanIn)
      -> LinearLayer
    {
      LinearLayer(
        name, inputs: width, outputs: outputs, weights: .fanIn, biases: biases, using: &generator)
    }
    gates = matrices.map { layer("\($0.name).gate") }
    preferences = matrices.map { layer("\($0.name).preference") }
    query = (layer("query.hidden"), layer("query.output", outputs: 1, biases: .none))
    parameters =
      tables + encoders.flatMap(\.parameters)
      + (gates + preferences + [query.hidden, query.output]).flatMap(\.parameters)
    projector = projection.map { SubspaceProjector($0, streams: streams) }
  }

  func beginEpoch(_ epoch: Int) throws {
    try projector?.refresh(epoch) { encoders(on: evaluation.restarted).map(\.matrix) }
  }

  func loss(of batch: Batch, on tape: Tape) -> Loss {
    let views = forward(on: tape)
    let (users, items) = tape.split(tape.sum(views.content, views.side), after: userCount)
    return Loss(
      ranking: tape.rankingLoss(users: users, items: items, batch, form: .natural),
      [
        (
          "penalty", weights.penalty / Double(batch.fullCount),
          { tape.batchSquares(users: users, items: items, batch) }
        ),
        ("contrastive", weights.contrastive, { self.agreement(of: views, batch, on: tape) }),
      ], on: tape)
  }

  func representations() -> Representations {
    let tape = evaluation.restarted
    let views = forward(on: tape)
    let (users, items) = tape.split(tape.sum(views.content, views.side), after: userCount)
    return Representations(users: users.matrix, items: items.matrix)
  }

  func modalityEmbeddings() -> [ModalityEmbedding] {
    let tape = evaluation.restarted
    return projectedEmbeddings(encoders.map(\.name), encoders(on: tape), by: projector, on: tape)
  }

  /// C and H, (users + items) × width.
  private struct Views {
    let content: Tensor
    let side: Tensor
  }

  private func forward(on tape: Tape) -> Views {
    let content = tape.propagated(
      adjacency, embeddings, layers: layers.userItem, combination: .mean)
    let views = encoders(on: tape, projector: projector).enumerated().map {
      view(of: $1, modality: $0, on: tape)
    }
    let shared = common(of: views, on: tape)
    let separate = zip(preferences, views).map { preference, view in
      tape.multiplied(
        tape.sigmoid(preference(content, on: tape)), tape.difference(view, shared))
    }
    let total = separate.reduce(shared) { tape.sum($0, $1) }
    return Views(
      content: content, side: tape.scaled(total, by: 1 / Double(separate.count + 1)))
  }

  /// Z of a modality, for its F.
  private func view(of encoded: Tensor, modality: Int, on tape: Tape) -> Tensor {
    let (_, own) = tape.split(embeddings, after: userCount)
    let gated = tape.multiplied(own, tape.sigmoid(gates[modality](encoded, on: tape)))
    let items = (0..<layers.item).reduce(gated) { x, _ in tape.product(itemGraphs[modality], x) }
    return tape.stacked([tape.product(links, items), items])
  }

  /// K, for all Z.
  private func common(of views: [Tensor], on tape: Tape) -> Tensor {
    let scores = views.map {
      query.output(tape.tanh(query.hidden($0, on: tape)), on: tape)
    }
    let shares = tape.softmax(tape.joined(scores))
    let parts = views.enumerated().map { modality, view in
      tape.scaledRows(view, by: tape.columns(modality..<modality + 1, of: shares))
    }
    return parts.dropFirst().reduce(parts[0]) { tape.sum($0, $1) }
  }

  /// ℓ(H_p, C_p) + ℓ(H_u, C_u).
  private func agreement(of views: Views, _ batch: Batch, on tape: Tape) -> Tensor {
    let side = tape.split(views.side, after: userCount)
    let content = tape.split(views.content, after: userCount)
    func loss(_ side: Tensor, _ content: Tensor, rows: ArraySlice<Int32>) -> Tensor {
      let anchors = tape.normalizedRows(tape.gathered(side, rows: rows))
      let candidates = tape.normalizedRows(tape.gathered(content, rows: rows))
      return tape.infoNCE(
        anchors: anchors, positives: candidates, candidates: candidates,
        temperature: Self.temperature)
    }
    return tape.sum(
      loss(side.second, content.second, rows: batch.positives),
      loss(side.first, content.first, rows: batch.users))
  }
}
