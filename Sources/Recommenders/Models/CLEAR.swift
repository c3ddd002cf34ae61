import Autodiff
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
/// which is DRAGON without its user–user graph: ``ModalityBackbone``. The contradictions of the
/// paper are settled as the settings say: `project_centred` (Equation 10 against Section 3.5),
/// `fuse` (Algorithm 1, lines 13 and 14), `reg_target` (Equation 15 against line 16), `dropout`
/// (A^drop, line 11), `mlp_init`, and `stale_scoring` (the family scores with the tensors of the
/// last batch).
///
/// - Reference: [CLEAR26], Sections 3.2 to 3.5 and Algorithm 1.
final class CLEAR: Recommender {
  static let descriptor = ModelDescriptor(
    name: "clear", title: "CLEAR", reference: "CLEAR26",
    hyperParameters: ModalityBackbone.hyperParameters + [
      .layers("n_layers", "hops over the user–item graph", default: 2),
      .edgeDropout(default: 0, grid: [0.0, 0.1, 0.3, 0.5, 0.8]),
      .penalty(default: 1e-3, grid: [0.1, 0.01, 0.001, 1e-4, 1e-5]),
      .learningRate(default: 1e-4, grid: [1e-3, 1e-4]),
      .choice("mlp_init", "how the encoders start", LinearInitialization.self, default: .xavier),
      .choice(
        "fuse", "how the modalities meet", ModalityBackbone.Fusion.self, default: .join),
      .choice(
        "reg_target", "what the penalty is on", PenaltyTarget.self, default: .preferences),
      .flag("project_centred", "whether column means are removed before projecting"),
    ], takesProjection: true, defaultProjection: ProjectionOptions()
  ) { input, settings, projection, streams in
    try CLEAR(input, settings, projection, streams)
  }

  /// What the penalty is on: preferences P and all fusion weights, or the batch's rows of H and w.
  enum PenaltyTarget: String, CaseIterable { case preferences, propagated }

  private let backbone: ModalityBackbone
  private let penalty: Double
  private let penaltyTarget: PenaltyTarget

  private init(
    _ input: ModelInput, _ settings: HyperParameters, _ projection: ProjectionOptions?,
    _ streams: RandomStreams
  ) throws {
    penalty = settings.number("reg_weight")
    penaltyTarget = settings.choice("reg_target")
    var generator = streams.generator(for: "initialization")
    backbone = try ModalityBackbone(
      input.features(for: Self.descriptor, atLeast: 2), input, settings, projection,
      .init(
        hops: settings.integer("n_layers"), edgeDropout: settings.number("dropout"),
        initialization: settings.choice("mlp_init"), fusion: settings.choice("fuse"),
        isCentring: settings.flag("project_centred")),
      streams, using: &generator)
  }

  var parameters: [Parameter] { backbone.parameters }
  var buffers: [Buffer] { backbone.buffers }
  var projector: SubspaceProjector? { backbone.projector }

  func beginEpoch(_ epoch: Int) throws { try backbone.beginEpoch(epoch) }

  func loss(of batch: Batch, on tape: Tape) -> Loss {
    let own = backbone.forward(batch, on: tape)
    return Loss(
      ranking: tape.rankingLoss(
        users: own.state.users, items: own.state.items, own.batch, form: .binary),
      penalty(own, batch, on: tape), weight: penalty, on: tape)
  }

  func representations() -> Representations { backbone.representations() }

  func modalityEmbeddings() -> [ModalityEmbedding] { backbone.modalityEmbeddings() }

  private func penalty(
    _ own: ModalityBackbone.BatchState, _ batch: Batch, on tape: Tape
  ) -> Tensor {
    switch penaltyTarget {
    case .preferences: backbone.penalty(batch, on: tape)
    case .propagated:
      tape.meanSquares(
        of: own.state.propagated, own.batch,
        weights: tape.gathered(own.weights, rows: own.batch.users))
    }
  }
}
