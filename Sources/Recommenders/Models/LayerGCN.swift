import Autodiff
import LinearAlgebra
import Statistics

/// LayerGCN: graph convolution in which every layer's row counts as much as it points where the
/// node's own embedding does.
///
///     H⁽ˡ⁾ = A·X⁽ˡ⁻¹⁾,  X⁽ˡ⁾ = diag(w)·H⁽ˡ⁾,  w_x = cos(H⁽ˡ⁾_x, X⁽⁰⁾_x),  X⁽⁰⁾ = [E_u; E_i]
///     X̄ = X⁽¹⁾ + … + X⁽ᴸ⁾,  score(u, i) = ⟨x̄_u, x̄_i⟩
///     L = −Σ ln σ(x) + λ/2·Σ (‖e_u‖² + ‖e_p‖² + ‖e_n‖²), sums over the batch, of unpropagated rows
///
/// As published in code:
/// - In training A holds a share 1 − ρ of the edges, normalised among themselves: drawn with
///   probability 1/√(d_u·d_i) in epochs 1, 3, …, and all alike in epochs 2, 4, …, where the paper
///   has the former only. In scoring it is the whole graph.
/// - X⁽⁰⁾ is not in X̄, so a node without edges has a zero row.
/// - w may be negative, and the gradient flows through it.
/// - Loss and penalty are sums: divided by the batch's size, gradients would come near Adam's ε.
///
/// - Reference: [ZLLM23], as in MMRec [Zhou23].
final class LayerGCN: Recommender {
  static let descriptor = ModelDescriptor(
    name: "layergcn", title: "LayerGCN", reference: "ZLLM23",
    hyperParameters: [
      .embeddingSize,
      HyperParameter(
        "n_layers", "hops over the user–item graph", .integer(1...64), default: .integer(4)),
      .edgeDropout(default: 0.1, grid: [0.0, 0.1, 0.2]),
      .penalty(default: 1e-3, grid: [1e-2, 1e-3, 1e-4, 1e-5]),
    ], takesProjection: false
  ) { input, settings, _, streams in LayerGCN(input, settings, streams) }

  let parameters: [Parameter]
  private let evaluation = Tape(isRecording: false)
  private let embeddings: Tensor
  private let graph: PrunedGraph
  private let userCount: Int
  private let layers: Int
  private let penalty: Double

  private init(_ input: ModelInput, _ settings: HyperParameters, _ streams: RandomStreams) {
    userCount = input.userCount
    layers = settings.integer("n_layers")
    penalty = settings.number("reg_weight")
    graph = PrunedGraph(
      UserItemGraph(input, degreeOffset: 1e-7), ratio: settings.number("dropout"),
      alternates: true, streams)
    (embeddings, parameters) = idEmbeddings(
      input, width: settings.integer("embedding_size"), streams)
  }

  func beginEpoch(_ epoch: Int) { graph.beginEpoch(epoch) }

  func loss(of batch: Batch, on tape: Tape) -> Loss {
    let (users, items) = refined(over: graph.training, on: tape)
    let (ownUsers, ownItems) = tape.split(embeddings, after: userCount)
    let mean = tape.rankingLoss(users: users, items: items, batch, form: .natural)
    return Loss(
      ranking: tape.scaled(mean, by: Double(batch.count)),
      tape.batchSquares(users: ownUsers, items: ownItems, batch), weight: penalty, on: tape)
  }

  func representations() -> Representations {
    let (users, items) = refined(over: graph.full, on: evaluation.restarted)
    return Representations(users: users.matrix, items: items.matrix)
  }

  /// X̄ of users and items.
  private func refined(
    over adjacency: SparseOperator, on tape: Tape
  ) -> (users: Tensor, items: Tensor) {
    func layer(above x: Tensor) -> Tensor {
      tape.scaledByCosine(tape.product(adjacency, x), to: embeddings)
    }
    var current = layer(above: embeddings)
    var sum = current
    for _ in 1..<layers {
      current = layer(above: current)
      sum = tape.sum(sum, current)
    }
    let (users, items) = tape.split(sum, after: userCount)
    return (users, items)
  }
}
