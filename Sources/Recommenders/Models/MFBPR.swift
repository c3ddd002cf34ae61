import Autodiff
import LinearAlgebra
import Statistics

/// MF-BPR: matrix factorisation trained on pairs of items.
///
///     score(u, i) = ⟨p_u, q_i⟩
///     L = −mean ln(10⁻¹⁰ + σ(⟨p_u, q_p⟩ − ⟨p_u, q_n⟩)) + λ·(‖P_B‖ + ‖Q_B⁺‖ + ‖Q_B⁻‖)/B
///
/// - Reference: [RFGS09], with the loss and penalty of MMRec [Zhou23].
final class MFBPR: Recommender {
  static let descriptor = ModelDescriptor(
    name: "mf-bpr", title: "MF-BPR", reference: "RFGS09",
    hyperParameters: [
      .embeddingSize,
      .penalty(default: 0.1, grid: [2.0, 1.0, 1e-1, 1e-2, 1e-3, 1e-4, 1e-5]),
    ], takesProjection: false
  ) { input, settings, _, streams in MFBPR(input, settings, streams) }

  let parameters: [Parameter]
  private let users: Parameter
  private let items: Parameter
  private let penalty: Double
  private let rows: BatchRows

  private init(_ input: ModelInput, _ settings: HyperParameters, _ streams: RandomStreams) {
    let width = settings.integer("embedding_size")
    penalty = settings.number("reg_weight")
    rows = BatchRows(userCount: input.userCount, itemCount: input.itemCount)
    var generator = streams.generator(for: "initialization")
    users = Parameter(
      "user_embedding",
      Initialization.xavierNormal(input.userCount, width, using: &generator))
    items = Parameter(
      "item_embedding",
      Initialization.xavierNormal(input.itemCount, width, using: &generator))
    parameters = [users, items]
  }

  func loss(of batch: Batch, on tape: Tape) -> Loss {
    let own = rows(batch)
    let users = tape.gathered(users.tensor, distinct: own.users)
    let items = tape.gathered(items.tensor, distinct: own.items)
    return Loss(
      ranking: tape.rankingLoss(users: users, items: items, own.batch, form: .guarded),
      tape.batchPenalty(users: users, items: items, own.batch), weight: penalty, on: tape)
  }

  func representations() -> Representations {
    Representations(users: users.tensor.matrix, items: items.tensor.matrix)
  }
}
