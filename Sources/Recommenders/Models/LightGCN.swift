import Autodiff
import LinearAlgebra
import Statistics

/// LightGCN: embeddings smoothed over the user–item graph.
///
///     Ē = (E + ÂE + … + ÂᴸE)/(L + 1),  score(u, i) = ⟨ē_u, ē_i⟩
///     L = −mean ln(10⁻¹⁰ + σ(x)) + λ·(‖E_u‖ + ‖E_p‖ + ‖E_n‖)/B, the penalty on unpropagated rows
///
/// - Reference: [HDWLZW20], with the loss and penalty of MMRec [Zhou23].
final class LightGCN: Recommender {
  static let descriptor = ModelDescriptor(
    name: "lightgcn", title: "LightGCN", reference: "HDWLZW20",
    hyperParameters: [
      .embeddingSize,
      .layers("n_layers", "hops over the user–item graph", default: 2, grid: [1, 2, 3, 4]),
      .penalty(default: 1e-4, grid: [1e-2, 1e-3, 1e-4, 1e-5, 1e-6]),
    ], takesProjection: false
  ) { input, settings, _, streams in LightGCN(input, settings, streams) }

  let parameters: [Parameter]
  private let evaluation = Tape(isRecording: false)
  private let embeddings: Tensor
  private let adjacency: SparseOperator
  private let userCount: Int
  private let layers: Int
  private let penalty: Double
  private let rows: BatchRows

  private init(_ input: ModelInput, _ settings: HyperParameters, _ streams: RandomStreams) {
    userCount = input.userCount
    rows = BatchRows(userCount: input.userCount, itemCount: input.itemCount)
    layers = settings.integer("n_layers")
    penalty = settings.number("reg_weight")
    adjacency = UserItemGraph(input, degreeOffset: 1e-7).normalizedAdjacency()
    (embeddings, parameters) = idEmbeddings(
      input, width: settings.integer("embedding_size"), streams)
  }

  func loss(of batch: Batch, on tape: Tape) -> Loss {
    let own = rows(batch)
    let propagated = tape.propagated(
      tape.selection(rows.nodes(own), of: adjacency), embeddings, layers: layers,
      combination: .mean)
    let (users, items) = tape.split(propagated, after: own.users.count)
    let (ownUsers, ownItems) = tape.split(embeddings, after: userCount)
    return Loss(
      ranking: tape.rankingLoss(users: users, items: items, own.batch, form: .guarded),
      tape.batchPenalty(users: ownUsers, items: ownItems, batch), weight: penalty, on: tape)
  }

  func representations() -> Representations {
    let tape = evaluation.restarted
    let propagated = tape.propagated(
      adjacency, embeddings, layers: layers, combination: .mean)
    let (users, items) = tape.split(propagated, after: userCount)
    return Representations(users: users.matrix, items: items.matrix)
  }
}
