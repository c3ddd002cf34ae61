import Autodiff
import Datasets
import LinearAlgebra
import Statistics

/// LATTICE: item graphs learned from the features, whose smoothed embeddings join the items of a
/// collaborative model.
///
///     F_m = X_m·W_mᵀ + b_m,  α = softmax(μ)
///     L = lap(Σ_m α_m·kNN(cos F_m)),  O = Σ_m α_m·lap(kNN(cos X_m)),  G = (1 − λ)·L + λ·O
///     Z̄ = (Z + ÂZ + … + ÂᴸZ)/(L + 1),  Z = [E_u; E_i],  Â = D⁻¹·(A + I)
///     u = Z̄[users],  i = Z̄[items] + rows of Gᴷ·E_i normalised
///     loss = −mean ln σ(x) + γ·½(‖U_B‖² + ‖I_B⁺‖² + ‖I_B⁻‖²)/B
///
/// kNN keeps the k largest cosines of a row, and lap(M) = D^(−1/2)·M·D^(−1/2) has the row sums D on
/// both sides. Kept as published: O is built once, from the features as they were read, and
/// normalised before mixing, L after it; the first batch of an epoch learns G, the others take it
/// as a constant, and Adam then keeps moving X, W, b and μ on their momentum alone; γ is divided
/// by the configured batch size also in the last, shorter batch. Scores have a G of their own, of
/// the parameters as they are then. `cf_model` is what Z̄ comes from: LightGCN, NGCF [WHWFC19]
/// with its own weights and a dropout of messages, or the embeddings themselves. `n_ui_layers` is
/// the length of the published `weight_size`; rates and penalty, published as grids only, have
/// the defaults of the authors' own program.
///
/// The plug-in projects F_m, and O stays as it is.
///
/// - Reference: [ZZLWWW21].
final class LATTICE: Recommender {
  static let descriptor = ModelDescriptor(
    name: "lattice", title: "LATTICE", reference: "ZZLWWW21",
    hyperParameters: [
      .embeddingSize,
      .choice(
        "cf_model", "what users and items come from", CollaborativeModel.self,
        default: .lightgcn),
      .layers("n_ui_layers", "hops over the user–item graph", default: 2),
      .layers("n_layers", "hops over the item graph", default: 1),
      .neighborCount,
      HyperParameter(
        "lambda_coeff", "weight of the fixed item graph", .number(0...1), default: .number(0.9)),
      HyperParameter(
        "mess_dropout", "share of message elements that ngcf drops", .number(0...0.999_999),
        default: .number(0.1)),
      .penalty(default: 1e-5, grid: [0, 1e-5, 1e-4, 1e-3]),
      .learningRate(default: 5e-4, grid: [1e-4, 5e-4, 1e-3, 5e-3]),
      .learningRateSchedule(factor: 0.96, period: 50),
    ], takesProjection: true
  ) { input, settings, projection, streams in
    try LATTICE(input, settings, projection, streams)
  }

  /// What Z̄ comes from.
  enum CollaborativeModel: String, CaseIterable { case lightgcn, ngcf, mf }

  let parameters: [Parameter]
  private let evaluation = Tape(isRecording: false)
  let projector: SubspaceProjector?
  private let embeddings: Tensor
  private let encoders: [FeatureEncoder]
  /// μ, 1 × modalities.
  private let modalWeight: Parameter
  private let convolution: NeuralConvolution?
  private let userCount: Int
  private let adjacency: SparseOperator
  /// lap(kNN(cos X)) of each modality.
  private let fixedGraphs: [SparseOperator]
  private let neighborCount: Int
  private let layers: (userItem: Int, item: Int)
  private let fixedShare: Double
  private let penalty: Double
  private let streams: RandomStreams
  /// The nearest neighbours under F at the beginning of the epoch.
  private var links: Links?
  /// G as the epoch's first batch has left it.
  private var frozen: SparseOperator?

  private init(
    _ input: ModelInput, _ settings: HyperParameters, _ projection: ProjectionOptions?,
    _ streams: RandomStreams
  ) throws {
    let matrices = try input.features(for: Self.descriptor, atLeast: projection == nil ? 1 : 2)
    let width = settings.integer("embedding_size")
    let model: CollaborativeModel = settings.choice("cf_model")
    userCount = input.userCount
    self.streams = streams
    neighborCount = settings.integer("knn_k")
    layers = (
      model == .mf ? 0 : settings.integer("n_ui_layers"), settings.integer("n_layers")
    )
    fixedShare = settings.number("lambda_coeff")
    penalty = settings.number("reg_weight")
    adjacency = UserItemGraph(input, degreeOffset: 0).meanAdjacency(selfLoops: true)
    let count = neighborCount
    fixedGraphs = try input.modalities.map { try ItemGraph.weighted($0, count: count) }
    let (embeddings, tables) = idEmbeddings(input, width: width, streams)
    self.embeddings = embeddings
    encoders = matrices.map { FeatureEncoder($0, width: width, streams) }
    modalWeight = Parameter(
      "modal_weight", Matrix(rowCount: 1, columnCount: matrices.count, repeating: 0.5))
    convolution =
      model == .ngcf
      ? NeuralConvolution(
        width: width, layers: layers.userItem, dropout: settings.number("mess_dropout"), streams)
      : nil
    parameters =
      tables + encoders.flatMap(\.parameters) + [modalWeight] + (convolution?.parameters ?? [])
    projector = projection.map { SubspaceProjector($0, streams: streams) }
  }

  func beginEpoch(_ epoch: Int) throws {
    try projector?.refresh(epoch) { encoders(on: evaluation.restarted).map(\.matrix) }
    links = try Links(
      encoders(on: evaluation.restarted, projector: projector), count: neighborCount)
  }

  func loss(of batch: Batch, on tape: Tape) -> Loss {
    let own = tape.split(embeddings, after: userCount).second
    let neighbors: Tensor
    if batch.step > 1, let frozen {
      neighbors = hops(from: own) { tape.product(frozen, $0) }
    } else {
      guard let links else { preconditionFailure("a batch before its epoch has begun") }
      let graph = learnedGraph(links, on: tape)
      neighbors = hops(from: own) { smoothed($0, graph, on: tape) }
      frozen = constant(graph)
    }
    let nodes = collaborative(on: tape) { [streams] in streams.seed(for: $0, batch) }
    let (users, items) = tape.split(nodes, after: userCount)
    let joined = tape.sum(items, tape.normalizedRows(neighbors))
    return Loss(
      ranking: tape.rankingLoss(users: users, items: joined, batch, form: .natural),
      [
        (
          "penalty", penalty / Double(batch.fullCount),
          { tape.batchSquares(users: users, items: joined, batch) }
        )
      ], on: tape)
  }

  func representations() -> Representations {
    let tape = evaluation.restarted
    let (users, items) = tape.split(collaborative(on: tape, seed: nil), after: userCount)
    let own = tape.split(embeddings, after: userCount).second
    guard
      let links = try? Links(
        encoders(on: tape, projector: projector), count: neighborCount)
    else {
      // Features that are no numbers have no neighbours, and their items no scores.
      return Representations(
        users: users.matrix,
        items: Matrix(rowCount: items.rowCount, columnCount: items.columnCount, repeating: .nan))
    }
    let graph = learnedGraph(links, on: tape)
    let neighbors = hops(from: own) { smoothed($0, graph, on: tape) }
    return Representations(
      users: users.matrix, items: tape.sum(items, tape.normalizedRows(neighbors)).matrix)
  }

  func modalityEmbeddings() -> [ModalityEmbedding] {
    let tape = evaluation.restarted
    return projectedEmbeddings(encoders.map(\.name), encoders(on: tape), by: projector, on: tape)
  }

  // MARK: The item graph

  /// The places of kNN(cos F): of all modalities, and the modality's own among them.
  private struct Links {
    let pattern: SparsePattern
    let masks: [Tensor]

    init(_ encoded: [Tensor], count: Int) throws {
      (pattern, masks) = try ItemGraph.links(encoded.map(\.matrix), count: count)
    }
  }

  /// G: α, and the values of L at the places of all links.
  private struct LearnedGraph {
    let pattern: SparsePattern
    let values: Tensor
    let shares: [Tensor]
  }

  /// G for neighbours that are known; which they are has no gradient.
  private func learnedGraph(_ links: Links, on tape: Tape) -> LearnedGraph {
    let pattern = links.pattern
    let all = tape.softmax(modalWeight.tensor)
    let shares = encoders.indices.map { tape.columns($0..<$0 + 1, of: all) }
    let parts = encoders(on: tape, projector: projector).enumerated().map { modality, encoded in
      let unit = tape.normalizedRows(encoded)
      let cosines = tape.multiplied(
        tape.rowDots(unit, unit, at: pattern), links.masks[modality])
      return tape.scaledByScalar(cosines, by: shares[modality])
    }
    let mixed = parts.dropFirst().reduce(parts[0]) { tape.sum($0, $1) }
    let factors = tape.inverseSquareRoot(tape.rowSums(mixed, of: pattern))
    return LearnedGraph(
      pattern: pattern,
      values: tape.scaled(mixed, byRows: factors, columns: factors, at: pattern), shares: shares)
  }

  /// G·x.
  private func smoothed(_ x: Tensor, _ graph: LearnedGraph, on tape: Tape) -> Tensor {
    let learned = tape.scaled(
      tape.product(graph.pattern, values: graph.values, x), by: 1 - fixedShare)
    return zip(fixedGraphs, graph.shares).reduce(learned) { sum, part in
      let fixed = tape.scaledByScalar(tape.product(part.0, x), by: part.1)
      return tape.sum(sum, tape.scaled(fixed, by: fixedShare))
    }
  }

  /// G as a matrix.
  private func constant(_ graph: LearnedGraph) -> SparseOperator {
    var rows = graph.pattern.entryRows
    var columns = graph.pattern.columns
    var values = graph.values.matrix.elements.map { Float(1 - fixedShare) * $0 }
    for (fixed, share) in zip(fixedGraphs, graph.shares) {
      let weight = Float(fixedShare) * share.scalar
      rows += fixed.matrix.entryRows
      columns += fixed.matrix.columns
      values += fixed.matrix.values.map { weight * $0 }
    }
    let count = graph.pattern.rowCount
    return SparseOperator(
      SparseMatrix(
        rowCount: count, columnCount: count, rows: rows, columns: columns, values: values))
  }

  /// Gᴷ·x.
  private func hops(from x: Tensor, _ hop: (Tensor) -> Tensor) -> Tensor {
    (0..<layers.item).reduce(x) { x, _ in hop(x) }
  }

  // MARK: The collaborative model

  /// Z̄; with the seeds of what is dropped in training.
  private func collaborative(on tape: Tape, seed: ((String) -> UInt64)?) -> Tensor {
    guard let convolution else {
      return tape.propagated(
        adjacency, embeddings, layers: layers.userItem, combination: .mean)
    }
    return convolution(embeddings, over: adjacency, on: tape, seed: seed)
  }
}
