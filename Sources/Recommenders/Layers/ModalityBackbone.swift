import Autodiff
import Datasets
import LinearAlgebra
import Statistics

/// The backbone of MENTOR, SAND and CLEAR: a graph convolution for each modality, weights of the
/// modalities for each user, and one item graph.
///
///     F_m = W₂·leaky(W₁·x_m + b₁) + b₂,  F̃_m = F_m·Q_m where there is a projector
///     x_m = rows of [P_m; F̃_m] normalised,  H_m = x_m + Âx_m + … + Âᴸx_m
///     u = [w_{u,1}·H_1[u], w_{u,2}·H_2[u]],  J = [H_1[i], H_2[i]],  i = J + Sᴷ·J
///
/// - Reference: [XCYLWN25], as implemented there.
final class ModalityBackbone {
  /// How the modalities of a node become one vector.
  enum Fusion: String, CaseIterable { case join, sum }

  /// In what the models differ that have it.
  struct Options {
    /// Hops L over the user–item graph.
    var hops = 2
    /// Share of user–item edges that an epoch goes without.
    var edgeDropout = 0.0
    var initialization = LinearInitialization.torch
    var fusion = Fusion.join
    /// Whether column means are removed before projecting.
    var isCentring = false
  }

  /// H of each modality, and what scores are made of.
  struct State {
    let propagated: [Tensor]
    let users: Tensor
    let items: Tensor
  }

  /// Those rows of a state that a batch needs: of its own users and items, and of all items in H.
  struct BatchState {
    let state: State
    /// The batch by its places in the rows.
    let batch: Batch
    /// The weights of its users.
    let weights: Tensor
  }

  /// The settings that it reads.
  static let hyperParameters: [HyperParameter] = [
    .embeddingSize, .encoderWidth, .itemHops, .neighborCount, .firstModalityWeight, .staleScoring,
  ]

  let projector: SubspaceProjector?
  /// The features of each modality, items × width.
  let features: [Tensor]
  let branches: [ModalityBranch]
  let weights: ModalityWeights
  private let inner: [LinearLayer]
  private let graph: PrunedGraph
  private let itemGraph: SparseOperator
  private let userCount: Int
  private let rows: BatchRows
  private let itemHops: Int
  private let options: Options
  private let evaluation = Tape(isRecording: false)
  /// What the last batch scored with, where that is what scores.
  private var stale: StaleRepresentations?

  /// - Parameters:
  ///   - matrices: The features of every modality.
  ///   - inner: For each modality, a layer that its features go through first; none of them if
  ///     empty.
  ///   - generator: Draws the branches, then the weights.
  /// - Throws: ``ModelError``, `NeighborError`.
  init(
    _ matrices: [FeatureMatrix], _ input: ModelInput, _ settings: HyperParameters,
    _ projection: ProjectionOptions?, _ options: Options, inner: [LinearLayer] = [],
    _ streams: RandomStreams, using generator: inout SeededGenerator
  ) throws {
    self.options = options
    self.inner = inner
    userCount = input.userCount
    rows = BatchRows(userCount: input.userCount, itemCount: input.itemCount)
    itemHops = settings.integer("n_mm_layers")
    graph = PrunedGraph(
      UserItemGraph(input, degreeOffset: 0), ratio: options.edgeDropout, streams)
    itemGraph = try ItemGraph.frozen(
      input.modalities, count: settings.integer("knn_k"),
      firstWeight: settings.number("mm_image_weight"))
    features = matrices.map { Tensor(features: $0.matrix) }
    branches = ModalityBranch.all(
      matrices.map { ($0.name, $0.matrix.columnCount) }, userCount: input.userCount,
      hiddenWidth: settings.integer("encoder_width"), width: settings.integer("embedding_size"),
      initialization: options.initialization, using: &generator)
    weights = ModalityWeights(
      "fusion_weight", rowCount: input.userCount, count: matrices.count, using: &generator)
    projector = projection.map {
      SubspaceProjector($0, isCentring: options.isCentring, streams: streams)
    }
    if settings.flag("stale_scoring") {
      let state = forward(graph.full, on: evaluation.restarted)
      stale = StaleRepresentations((state.users, state.items))
    }
  }

  var parameters: [Parameter] { branches.parameters + [weights.parameter] }

  var buffers: [Buffer] { stale?.buffers ?? [] }

  /// Â as this epoch has it.
  var adjacency: SparseOperator { graph.training }

  func beginEpoch(_ epoch: Int) throws {
    graph.beginEpoch(epoch)
    try projector?.refresh(epoch) {
      let tape = evaluation.restarted
      return encoded(on: tape).map(\.matrix)
    }
  }

  /// What losses over all nodes are made of.
  func forward(on tape: Tape) -> State {
    let state = forward(graph.training, on: tape)
    stale?.keep(users: state.users, items: state.items)
    return state
  }

  /// What a loss is made of that looks at the rows of a batch alone.
  func forward(_ batch: Batch, on tape: Tape) -> BatchState {
    guard stale == nil else {
      // What scores has to be of all users and items.
      return BatchState(state: forward(on: tape), batch: batch, weights: weights.tensor)
    }
    let own = rows(batch)
    let nodes = tape.selection(rows.nodes(own, allItems: true), of: graph.training)
    let propagated = zip(branches, encoded(on: tape, projector: projector)).map {
      tape.propagated(
        nodes, $0.nodes($1, on: tape), layers: options.hops, combination: .sum)
    }
    let weights = tape.gathered(weights.tensor, distinct: own.users)
    let (users, items) = fused(
      propagated, weights: weights, items: own.items, on: tape)
    return BatchState(
      state: State(propagated: propagated, users: users, items: items), batch: own.batch,
      weights: weights)
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

  /// Σ_m mean P_m[u_B]² + mean w², the weights' mean over all users.
  func penalty(_ batch: Batch, on tape: Tape) -> Tensor {
    tape.meanSquares(of: branches.map(\.preference.tensor), batch, weights: weights.tensor)
  }

  /// Users and items of propagated tables H, one for each modality.
  ///
  /// - Parameters:
  ///   - weights: Of the users that H has; those of all if nil.
  ///   - items: Which items, each once; all if nil.
  func fused(
    _ propagated: [Tensor], weights: Tensor? = nil, items: [Int32]? = nil, on tape: Tape
  ) -> (users: Tensor, items: Tensor) {
    let weights = weights ?? self.weights.tensor
    guard options.fusion == .sum else {
      let (users, all) = tape.joined(propagated, scaledBy: weights)
      return (users, smoothed(all, items, on: tape))
    }
    let halves = propagated.map { tape.split($0, after: weights.rowCount) }
    func total(_ parts: [Tensor]) -> Tensor {
      parts.dropFirst().reduce(parts[0]) { tape.sum($0, $1) }
    }
    return (
      total(tape.weighted(halves.map(\.first), by: weights)),
      smoothed(total(halves.map(\.second)), items, on: tape)
    )
  }

  /// x + Sᴷ·x for a table x of items, or the rows of some items.
  func smoothed(_ x: Tensor, _ items: [Int32]? = nil, on tape: Tape) -> Tensor {
    func hops(_ count: Int) -> Tensor {
      (0..<count).reduce(x) { hop, _ in tape.product(itemGraph, hop) }
    }
    guard let items else {
      return itemHops == 1
        ? tape.addingProduct(itemGraph, x) : tape.sum(x, hops(itemHops))
    }
    let own = tape.selection(items, of: itemGraph)
    guard itemHops != 1 else { return tape.addingProduct(own, x) }
    let start = tape.gathered(x, distinct: items)
    return tape.sum(start, itemHops == 0 ? start : tape.product(own, hops(itemHops - 1)))
  }

  /// F of each modality, unless `projector` makes it F̃.
  private func encoded(on tape: Tape, projector: SubspaceProjector? = nil) -> [Tensor] {
    branches.indices.map { modality in
      branches[modality].encoded(
        features[modality], through: inner.isEmpty ? nil : inner[modality], on: tape,
        projector: projector, modality: modality)
    }
  }

  private func forward(_ adjacency: SparseOperator, on tape: Tape) -> State {
    let propagated = zip(branches, encoded(on: tape, projector: projector)).map {
      $0.propagated($1, over: adjacency, layers: options.hops, on: tape)
    }
    let (users, items) = fused(propagated, on: tape)
    return State(propagated: propagated, users: users, items: items)
  }
}
