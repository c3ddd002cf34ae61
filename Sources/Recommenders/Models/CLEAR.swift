import Autodiff
import Datasets
import LinearAlgebra
import Statistics

/// CLEAR: a graph convolution for each modality, on encoded features from which the directions
/// shared by the modalities have been damped.
///
///     F_m = W₂·leaky(W₁·x_m + b₁) + b₂,  F̃_m = F_m·Q_m
///     x_m = rows of [P_m; F̃_m] normalised,  H_m = x_m + Âx_m + … + Âᴸx_m
///     u = [w_{u,1}·H_1[u], w_{u,2}·H_2[u]],  J = [H_1[i], H_2[i]],  i = J + S·J
///     L = −mean log₂ σ(x) + γ·(Σ_m mean P_m[u_B]² + mean w²)
///
/// The paper leaves parts of its backbone open; what is implemented is the main branch of MENTOR,
/// which is DRAGON without its user–user graph. The contradictions of the paper are settled as the
/// settings say: `project_centred` (Equation 10 against Section 3.5), `fuse` (Algorithm 1, lines
/// 13 and 14), `reg_target` (Equation 15 against line 16), `dropout` (A^drop, line 11),
/// `mlp_init`, and `stale_scoring` (the family scores with the tensors of the last batch).
///
/// - Reference: [CLEAR26], Sections 3.2 to 3.5 and Algorithm 1.
final class CLEAR: Recommender {
  static let descriptor = ModelDescriptor(
    name: "clear", title: "CLEAR", reference: "CLEAR26",
    hyperParameters: [
      .embeddingSize,
      HyperParameter(
        "encoder_width", "width of the encoders' hidden layer", .integer(1...65_536),
        default: .integer(256)),
      .layers("n_layers", "hops over the user–item graph", default: 2),
      .layers("n_mm_layers", "hops over the item graph", default: 1),
      .neighborCount, .firstModalityWeight,
      .edgeDropout(default: 0, grid: [0.0, 0.1, 0.3, 0.5, 0.8]),
      .penalty(default: 1e-3, grid: [0.1, 0.01, 0.001, 1e-4, 1e-5]),
      .learningRate(default: 1e-4, grid: [1e-3, 1e-4]),
      .choice("mlp_init", "how the encoders start", LinearInitialization.self, default: .xavier),
      .choice("fuse", "how the modalities meet", Fusion.self, default: .join),
      .choice(
        "reg_target", "what the penalty is on", PenaltyTarget.self, default: .preferences),
      .flag("project_centred", "whether column means are removed before projecting"),
      .flag("stale_scoring", "whether the last batch's tensors score"),
    ], takesProjection: true, defaultProjection: ProjectionOptions()
  ) { input, settings, projection, streams in
    try CLEAR(input, settings, projection, streams)
  }

  /// How the modalities of a node become one vector.
  enum Fusion: String, CaseIterable { case join, sum }

  /// What the penalty is on: preferences P and all fusion weights, or the batch's rows of H and w.
  enum PenaltyTarget: String, CaseIterable { case preferences, propagated }

  let parameters: [Parameter]
  private let evaluation = Tape(isRecording: false)
  let projector: SubspaceProjector?
  private let features: [Tensor]
  private let branches: [ModalityBranch]
  private let fusionWeights: ModalityWeights
  private let graph: PrunedGraph
  private let itemGraph: SparseOperator
  private let userCount: Int
  private let layers: (userItem: Int, item: Int)
  private let penalty: Double
  private let fusion: Fusion
  private let penaltyTarget: PenaltyTarget
  /// What the last batch scored with, where that is what scores.
  private var stale: StaleRepresentations?

  private init(
    _ input: ModelInput, _ settings: HyperParameters, _ projection: ProjectionOptions?,
    _ streams: RandomStreams
  ) throws {
    let matrices = try input.features(for: Self.descriptor, atLeast: 2)
    userCount = input.userCount
    layers = (settings.integer("n_layers"), settings.integer("n_mm_layers"))
    penalty = settings.number("reg_weight")
    fusion = settings.choice("fuse")
    penaltyTarget = settings.choice("reg_target")
    graph = PrunedGraph(
      UserItemGraph(input, degreeOffset: 0), ratio: settings.number("dropout"), streams)
    itemGraph = try ItemGraph.frozen(
      input.modalities, count: settings.integer("knn_k"),
      firstWeight: settings.number("mm_image_weight"))
    var generator = streams.generator(for: "initialization")
    features = matrices.map { Tensor(constant: $0.matrix) }
    branches = ModalityBranch.all(
      matrices.map { ($0.name, $0.matrix.columnCount) }, userCount: input.userCount,
      hiddenWidth: settings.integer("encoder_width"), width: settings.integer("embedding_size"),
      initialization: settings.choice("mlp_init"), using: &generator)
    fusionWeights = ModalityWeights(
      "fusion_weight", rowCount: input.userCount, count: matrices.count, using: &generator)
    parameters = branches.parameters + [fusionWeights.parameter]
    projector = projection.map {
      SubspaceProjector($0, isCentring: settings.flag("project_centred"), streams: streams)
    }
    if settings.flag("stale_scoring") {
      let state = forward(graph.full, on: evaluation.restarted)
      stale = StaleRepresentations((state.users, state.items))
    }
  }

  var buffers: [Buffer] { stale?.buffers ?? [] }

  func beginEpoch(_ epoch: Int) throws {
    graph.beginEpoch(epoch)
    try projector?.refresh(epoch) {
      let tape = evaluation.restarted
      return encoded(on: tape).map(\.matrix)
    }
  }

  func loss(of batch: Batch, on tape: Tape) -> Loss {
    let state = forward(graph.training, on: tape)
    stale?.keep(users: state.users, items: state.items)
    return Loss(
      ranking: tape.rankingLoss(
        users: state.users, items: state.items, batch, form: .binary),
      penalty(state, batch, on: tape), weight: penalty, on: tape)
  }

  func representations() -> Representations {
    if let stale { return stale.representations }
    let state = forward(graph.full, on: evaluation.restarted)
    return Representations(users: state.users.matrix, items: state.items.matrix)
  }

  func modalityEmbeddings() -> [ModalityEmbedding] {
    let tape = evaluation.restarted
    return projectedEmbeddings(
      branches.map(\.name), encoded(on: tape), by: projector, on: tape)
  }

  /// F of each modality, unless `projector` makes it F̃.
  private func encoded(on tape: Tape, projector: SubspaceProjector? = nil) -> [Tensor] {
    zip(branches, features).enumerated().map { modality, part in
      part.0.encoded(part.1, on: tape, projector: projector, modality: modality)
    }
  }

  /// H of each modality, and what scores are made of.
  private struct State {
    let propagated: [Tensor]
    let users: Tensor
    let items: Tensor
  }

  private func forward(_ adjacency: SparseOperator, on tape: Tape) -> State {
    let propagated = zip(branches, encoded(on: tape, projector: projector)).map {
      $0.propagated($1, over: adjacency, layers: layers.userItem, on: tape)
    }
    let halves = propagated.map { tape.split($0, after: userCount) }
    let weighted = fusionWeights(halves.map(\.first), on: tape)
    let joint = fused(halves.map(\.second), on: tape)
    return State(
      propagated: propagated, users: fused(weighted, on: tape),
      items: (0..<layers.item).reduce(joint) { x, _ in tape.addingProduct(itemGraph, x) })
  }

  private func fused(_ parts: [Tensor], on tape: Tape) -> Tensor {
    switch fusion {
    case .join: tape.joined(parts)
    case .sum: parts.dropFirst().reduce(parts[0]) { tape.sum($0, $1) }
    }
  }

  private func penalty(_ state: State, _ batch: Batch, on tape: Tape) -> Tensor {
    let tables =
      penaltyTarget == .preferences ? branches.map(\.preference.tensor) : state.propagated
    let ofUsers = tables.map { tape.meanSquare(tape.gathered($0, rows: batch.users)) }
    let ofWeights = tape.meanSquare(
      penaltyTarget == .preferences
        ? fusionWeights.tensor : tape.gathered(fusionWeights.tensor, rows: batch.users))
    return ofUsers.reduce(ofWeights) { tape.sum($0, $1) }
  }
}
