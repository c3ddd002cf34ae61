import Autodiff
import Datasets
import LinearAlgebra
import Statistics

/// VBPR: matrix factorisation whose items are half identity, half content.
///
///     C = Σ_m x_m·W_mᵀ + b,  z_i = [q_i, c_i],  score(u, i) = ⟨p_u, z_i⟩
///     L = −mean ln(10⁻¹⁰ + σ(x)) + λ·(‖P_B‖ + ‖Z_B⁺‖ + ‖Z_B⁻‖)/B
///
/// One linear map of the joined features is the sum of one map for each modality; the plug-in
/// projects these summands, x_m·W_mᵀ·Q_m, and leaves the bias alone.
///
/// - Reference: [HM16], in MMRec's form [Zhou23]; [CLEAR26], Table 3.
final class VBPR: Recommender {
  static let descriptor = ModelDescriptor(
    name: "vbpr", title: "VBPR", reference: "HM16",
    hyperParameters: [
      .embeddingSize,
      .penalty(default: 0.1, grid: [2.0, 1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5]),
    ], takesProjection: true
  ) { input, settings, projection, streams in
    try VBPR(input, settings, projection, streams)
  }

  let parameters: [Parameter]
  private let evaluation = Tape(isRecording: false)
  let projector: SubspaceProjector?
  private let users: Parameter
  private let items: Parameter
  private let weights: [Parameter]
  private let bias: Parameter
  private let features: [Tensor]
  private let names: [String]
  private let penalty: Double
  private let rows: BatchRows

  private init(
    _ input: ModelInput, _ settings: HyperParameters, _ projection: ProjectionOptions?,
    _ streams: RandomStreams
  ) throws {
    let matrices = try input.features(for: Self.descriptor, atLeast: projection == nil ? 1 : 2)
    let width = settings.integer("embedding_size")
    penalty = settings.number("reg_weight")
    rows = BatchRows(userCount: input.userCount, itemCount: input.itemCount)
    names = matrices.map(\.name)
    features = matrices.map { Tensor(features: $0.matrix) }
    var generator = streams.generator(for: "initialization")
    users = Parameter(
      "user_embedding",
      Initialization.xavierUniform(input.userCount, 2 * width, using: &generator))
    items = Parameter(
      "item_embedding", Initialization.xavierUniform(input.itemCount, width, using: &generator))
    // The maps start as columns of the joint one, whose inputs are text first, then image.
    let fans = matrices.reduce(width) { $0 + $1.matrix.columnCount }
    weights = matrices.reversed().map { features in
      Parameter(
        "\(features.name).weight",
        Initialization.xavierNormal(
          width, features.matrix.columnCount, fans: fans, using: &generator))
    }.reversed()
    bias = Parameter("content.bias", Matrix(rowCount: 1, columnCount: width))
    parameters = [users, items] + weights + [bias]
    projector = projection.map { SubspaceProjector($0, streams: streams) }
  }

  func beginEpoch(_ epoch: Int) throws {
    try projector?.refresh(epoch) {
      let tape = evaluation.restarted
      return encoded(on: tape).map(\.matrix)
    }
  }

  func loss(of batch: Batch, on tape: Tape) -> Loss {
    let own = rows(batch)
    let users = tape.gathered(users.tensor, distinct: own.users)
    let items = itemVectors(own.items, on: tape)
    return Loss(
      ranking: tape.rankingLoss(users: users, items: items, own.batch, form: .guarded),
      tape.batchPenalty(users: users, items: items, own.batch), weight: penalty, on: tape)
  }

  func representations() -> Representations {
    let items = itemVectors(on: evaluation.restarted)
    return Representations(users: users.tensor.matrix, items: items.matrix)
  }

  func modalityEmbeddings() -> [ModalityEmbedding] {
    let tape = evaluation.restarted
    return projectedEmbeddings(
      names, encoded(on: tape), by: projector, on: tape)
  }

  private func encoded(on tape: Tape) -> [Tensor] {
    zip(features, weights).map { tape.linear($0, weight: $1.tensor) }
  }

  /// Z, for all items or for some, each once.
  private func itemVectors(_ rows: [Int32]? = nil, on tape: Tape) -> Tensor {
    let parts = zip(features, weights).enumerated().map { modality, part in
      projector.linear(
        part.0, distinct: rows, weight: part.1.tensor, modality: modality, on: tape)
    }
    let content = parts.dropFirst().reduce(parts[0]) { tape.sum($0, $1) }
    let identity = rows.map { tape.gathered(items.tensor, distinct: $0) } ?? items.tensor
    return tape.joined([identity, tape.adding(row: bias.tensor, to: content)])
  }
}
