import Autodiff
import Datasets
import LinearAlgebra
import Statistics

/// FREEDOM: a frozen item graph beside a user–item graph that is thinned anew every epoch.
///
///     Z̄ = (Z + AZ + … + AᴸZ)/(L + 1),  Z = [E_u; E_i]
///     u = Z̄[users],  i = Z̄[items] + Sʰ·E_i,  F_m = X_m·W_mᵀ + b_m
///     L = ℓ(i) + μ·Σ_m ℓ(F_m),  ℓ(Q) = −mean ln σ(⟨u, q_p⟩ − ⟨u, q_n⟩)
///
/// In training A holds a share 1 − ρ of the edges, drawn with probability 1/√(d_u·d_i) for every
/// epoch; in scoring it is the whole graph. The features X_m are trained too. The plug-in projects
/// F_m, so that with μ = 0 it changes nothing.
///
/// - Reference: [ZS23]; [CLEAR26], Table 3.
final class FREEDOM: Recommender {
  static let descriptor = ModelDescriptor(
    name: "freedom", title: "FREEDOM", reference: "ZS23",
    hyperParameters: [
      .embeddingSize,
      .layers("n_ui_layers", "hops over the user–item graph", default: 2),
      .layers("n_mm_layers", "hops over the item graph", default: 1),
      .neighborCount, .firstModalityWeight,
      .edgeDropout(default: 0.8, grid: [0.8, 0.9]),
      .penalty(default: 1e-3, grid: [0.0, 1e-5, 1e-4, 1e-3]),
    ], takesProjection: true
  ) { input, settings, projection, streams in
    try FREEDOM(input, settings, projection, streams)
  }

  let parameters: [Parameter]
  private let evaluation = Tape(isRecording: false)
  let projector: SubspaceProjector?
  private let embeddings: Tensor
  private let encoders: [FeatureEncoder]
  private let userCount: Int
  private let graph: PrunedGraph
  private let itemGraph: SparseOperator
  private let layers: (userItem: Int, item: Int)
  private let modalityWeight: Double
  private let rows: BatchRows

  private init(
    _ input: ModelInput, _ settings: HyperParameters, _ projection: ProjectionOptions?,
    _ streams: RandomStreams
  ) throws {
    let width = settings.integer("embedding_size")
    userCount = input.userCount
    rows = BatchRows(userCount: input.userCount, itemCount: input.itemCount)
    modalityWeight = settings.number("reg_weight")
    layers = (settings.integer("n_ui_layers"), settings.integer("n_mm_layers"))
    // Without their loss the features take part only through the item graph.
    let matrices =
      modalityWeight > 0 || projection != nil
      ? try input.features(for: Self.descriptor, atLeast: projection == nil ? 1 : 2)
      : input.availableFeatures
    itemGraph = try ItemGraph.frozen(
      input.modalities, count: settings.integer("knn_k"),
      firstWeight: settings.number("mm_image_weight"))
    graph = PrunedGraph(
      UserItemGraph(input, degreeOffset: 1e-7), ratio: settings.number("dropout"), streams)
    let (embeddings, tables) = idEmbeddings(input, width: width, streams)
    self.embeddings = embeddings
    encoders = matrices.map { FeatureEncoder($0, width: width, streams) }
    parameters = tables + encoders.flatMap(\.parameters)
    projector = projection.map { SubspaceProjector($0, streams: streams) }
  }

  func beginEpoch(_ epoch: Int) throws {
    graph.beginEpoch(epoch)
    guard encoders.count > 1 else { return }
    try projector?.refresh(epoch) {
      let tape = evaluation.restarted
      return encoders(on: tape).map(\.matrix)
    }
  }

  func loss(of batch: Batch, on tape: Tape) -> Loss {
    let own = rows(batch)
    let (users, items) = forward(graph.training, own, on: tape)
    let ranking = tape.rankingLoss(users: users, items: items, own.batch, form: .natural)
    guard modalityWeight > 0 else { return Loss(ranking: ranking, on: tape) }
    let terms = encoders(on: tape, distinct: own.items, projector: projector).map {
      tape.rankingLoss(
        users: users, items: $0, user: own.batch.users, positive: own.batch.positives,
        negative: own.batch.negatives, form: .natural)
    }
    return Loss(
      ranking: ranking, terms.dropFirst().reduce(terms[0]) { tape.sum($0, $1) },
      named: "modalities", weight: modalityWeight, on: tape)
  }

  func representations() -> Representations {
    let (users, items) = forward(graph.full, on: evaluation.restarted)
    return Representations(users: users.matrix, items: items.matrix)
  }

  func modalityEmbeddings() -> [ModalityEmbedding] {
    let tape = evaluation.restarted
    return projectedEmbeddings(
      encoders.map(\.name), encoders(on: tape), by: projector, on: tape)
  }

  private func forward(
    _ adjacency: SparseOperator, on tape: Tape
  ) -> (users: Tensor, items: Tensor) {
    let smoothed = tape.propagated(
      adjacency, embeddings, layers: layers.userItem, combination: .mean)
    let (users, items) = tape.split(smoothed, after: userCount)
    let (_, own) = tape.split(embeddings, after: userCount)
    return (users, tape.sum(items, neighbors(of: own, hops: layers.item, on: tape)))
  }

  /// What ``forward(_:on:)`` has for the users and the items of a batch.
  private func forward(
    _ adjacency: SparseOperator, _ own: BatchRows.Own, on tape: Tape
  ) -> (users: Tensor, items: Tensor) {
    let smoothed = tape.propagated(
      tape.selection(rows.nodes(own), of: adjacency), embeddings, layers: layers.userItem,
      combination: .mean)
    let (users, items) = tape.split(smoothed, after: own.users.count)
    let (_, all) = tape.split(embeddings, after: userCount)
    guard layers.item > 0 else {
      return (users, tape.sum(items, tape.gathered(all, distinct: own.items)))
    }
    let near = neighbors(of: all, hops: layers.item - 1, on: tape)
    return (
      users, tape.sum(items, tape.product(tape.selection(own.items, of: itemGraph), near))
    )
  }

  /// Sᴷ·x for a table x of items.
  private func neighbors(of x: Tensor, hops: Int, on tape: Tape) -> Tensor {
    (0..<hops).reduce(x) { x, _ in tape.product(itemGraph, x) }
  }
}
